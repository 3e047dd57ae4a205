//! A line between a client and a sandbox on a port. Each request for the file follows a script.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use factify_core::{BaseUrl, ClientConfig};
use factify_sandbox::{Persona, Sandbox, SandboxServer};
use socket2::{Domain, Socket, Type};

use crate::transport::url;

/// What the line does with one request. After the last step, it passes on the rest.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// Changes the head of the request.
    Request(fn(&str) -> String),
    /// Passes on this number of bytes of the request's body.
    Up(usize),
    /// Passes on the rest of the request's body, except for this number of bytes at its end.
    UpExcept(usize),
    /// Passes on the rest of the request's body, this number of bytes at a time, and waits this number of milliseconds
    /// after each.
    UpSlowly(usize, u64),
    /// Passes on the request, reads the head of the response and changes it.
    Response(fn(&str) -> String),
    /// Sends the body of the response in chunks, without its length.
    Chunked,
    /// Passes on the head and this number of bytes of the response's body.
    Down(usize),
    /// The same as `UpSlowly`, with the response.
    DownSlowly(usize, u64),
    /// Responds with this instead of the server.
    Respond(&'static str),
    /// Does something else, with the file that is uploaded or downloaded to.
    Do(fn(&Sandbox, &std::path::Path)),
    /// Closes the connection.
    Close,
    /// Does nothing until the client is gone.
    Wait,
}

/// A script for each request for the file, in order.
pub(super) type Scripts = Vec<Vec<Step>>;

/// A sandbox behind a line.
pub(super) struct Line {
    pub(super) sandbox: Sandbox,
    /// The settings of a client.
    pub(super) config: ClientConfig,
    state: Arc<State>,
    _server: SandboxServer,
}

struct State {
    sandbox: Sandbox,
    path: PathBuf,
    upstream: SocketAddr,
    /// The start of the first line of a request for the file.
    subject: &'static str,
    scripts: Scripts,
    heads: Mutex<Heads>,
    /// The requests that may still reach the server.
    busy: Mutex<usize>,
    idle: Condvar,
}

/// The heads of the requests, in lower case.
#[derive(Default)]
struct Heads {
    subject: Vec<String>,
    other: usize,
}

impl Line {
    /// Starts a sandbox. `subject` is the start of the first line of the requests that follow the scripts.
    pub(super) fn start(subject: &'static str, path: PathBuf, scripts: Scripts) -> Self {
        let (sandbox, server, config) = crate::sandbox::start();
        let upstream = server.base_url().to_string();
        let upstream = upstream.trim_start_matches("http://").trim_end_matches('/');
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        // A small window, so that the client soon notices that nothing is read.
        socket.set_recv_buffer_size(64 << 10).unwrap();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        socket.bind(&any.into()).unwrap();
        socket.listen(16).unwrap();
        let listener = TcpListener::from(socket);
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            sandbox: sandbox.clone(),
            path,
            upstream: upstream.parse().unwrap(),
            subject,
            scripts,
            heads: Mutex::default(),
            busy: Mutex::default(),
            idle: Condvar::new(),
        });
        let serving = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (state, client) = (Arc::clone(&serving), client.unwrap());
                std::thread::spawn(move || state.serve(&client));
            }
        });
        let base_url: BaseUrl = url("http", address).parse().unwrap();
        Self {
            sandbox,
            config: config.base_url(base_url),
            state,
            _server: server,
        }
    }

    /// Adds a document with this file, without the line.
    pub(super) fn add_document(&self, content: &[u8]) -> factify_core::DocumentId {
        let client = self.sandbox.blocking_client(Persona::Admin);
        let file = factify_core::Upload::bytes("report.pdf", content.to_vec());
        client.documents().create(file, "Report").send().unwrap().id
    }

    /// Waits until no request is under way. Returns the number of documents.
    pub(super) fn documents(&self) -> usize {
        let busy = self.state.busy.lock().unwrap();
        let idle = self.state.idle.wait_while(busy, |busy| *busy > 0);
        drop(idle.unwrap());
        self.sandbox.documents().len()
    }

    /// The values of this header in the requests for the file, empty without it.
    pub(super) fn headers(&self, name: &str) -> Vec<String> {
        let heads = self.state.heads.lock().unwrap();
        let values = heads.subject.iter().map(|head| header(head, name));
        values
            .map(|value| value.unwrap_or_default().to_owned())
            .collect()
    }

    /// How many other requests there were.
    pub(super) fn others(&self) -> usize {
        self.state.heads.lock().unwrap().other
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut lines = head.lines();
    let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value.map(str::trim)
}

/// Counts a request while it may still reach the server.
struct Busy<'s>(&'s State);

impl<'s> Busy<'s> {
    fn new(state: &'s State) -> Self {
        *state.busy.lock().unwrap() += 1;
        Self(state)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        *self.0.busy.lock().unwrap() -= 1;
        self.0.idle.notify_all();
    }
}

impl State {
    /// Serves the requests of a connection, until one was not passed on to its end.
    fn serve(&self, mut client: &TcpStream) {
        client.set_nodelay(true).unwrap();
        while let Ok(head) = read_head(&mut client) {
            let script = self.next_script(&head);
            let busy = Busy::new(self);
            let server = TcpStream::connect(self.upstream).unwrap();
            server.set_nodelay(true).unwrap();
            let up_left = length(&head);
            let mut passing = Passing {
                state: self,
                client,
                server: &server,
                request: Some(head),
                up_left,
                response: None,
                down_left: 0,
                has_response: false,
                is_chunked: false,
            };
            let followed: io::Result<()> = script.iter().try_for_each(|step| passing.follow(*step));
            let ended = followed.and_then(|()| passing.end());
            let is_silent = ended
                .as_ref()
                .is_err_and(|error| error.kind() == io::ErrorKind::TimedOut);
            drop((server, busy));
            if is_silent {
                std::thread::sleep(Duration::from_secs(20));
            }
            if ended.is_err() {
                // The client gets what was sent before.
                let _ = client.shutdown(Shutdown::Write);
                return;
            }
        }
    }

    fn next_script(&self, head: &str) -> Vec<Step> {
        let mut heads = self.heads.lock().unwrap();
        if !head.starts_with(self.subject) {
            heads.other += 1;
            return Vec::new();
        }
        heads.subject.push(head.to_lowercase());
        let script = self.scripts.get(heads.subject.len() - 1);
        script.cloned().unwrap_or_default()
    }
}

/// A request that is being passed on, with its response.
struct Passing<'s> {
    state: &'s State,
    client: &'s TcpStream,
    server: &'s TcpStream,
    /// The head of the request, until it is passed on.
    request: Option<String>,
    up_left: usize,
    /// The head of the response, until it is passed on.
    response: Option<String>,
    down_left: usize,
    has_response: bool,
    is_chunked: bool,
}

impl Passing<'_> {
    /// An error ends the connection; `TimedOut` leaves it open.
    fn follow(&mut self, step: Step) -> io::Result<()> {
        match step {
            Step::Request(change) => self.request = self.request.as_deref().map(change),
            Step::Up(bytes) => self.up(bytes)?,
            Step::UpExcept(bytes) => self.up(self.up_left.saturating_sub(bytes))?,
            Step::UpSlowly(bytes, millis) => {
                while self.up_left > 0 {
                    self.up(bytes)?;
                    std::thread::sleep(Duration::from_millis(millis));
                }
            }
            Step::Response(change) => {
                self.read_response()?;
                self.response = self.response.as_deref().map(change);
            }
            Step::Chunked => {
                self.read_response()?;
                self.response = self.response.as_deref().map(without_length);
                self.is_chunked = true;
            }
            Step::Down(bytes) => self.down(bytes)?,
            Step::DownSlowly(bytes, millis) => {
                self.down(0)?;
                while self.down_left > 0 {
                    self.down(bytes)?;
                    std::thread::sleep(Duration::from_millis(millis));
                }
            }
            Step::Respond(response) => {
                self.client.write_all(response.as_bytes())?;
                // A request that was read leaves the connection open.
                let is_read = self.up_left == 0;
                return Err(if is_read {
                    io::ErrorKind::BrokenPipe
                } else {
                    io::ErrorKind::TimedOut
                }
                .into());
            }
            Step::Do(act) => act(&self.state.sandbox, &self.state.path),
            Step::Close => return Err(io::ErrorKind::BrokenPipe.into()),
            Step::Wait => return Err(io::ErrorKind::TimedOut.into()),
        }
        Ok(())
    }

    fn up(&mut self, bytes: usize) -> io::Result<()> {
        if let Some(head) = self.request.take() {
            self.server.write_all(head.as_bytes())?;
        }
        let bytes = bytes.min(self.up_left);
        pass(self.client, self.server, bytes)?;
        self.up_left -= bytes;
        Ok(())
    }

    fn read_response(&mut self) -> io::Result<()> {
        self.up(usize::MAX)?;
        if !self.has_response {
            let head = read_head(&mut self.server)?;
            self.down_left = length(&head);
            self.response = Some(head);
            self.has_response = true;
        }
        Ok(())
    }

    fn down(&mut self, bytes: usize) -> io::Result<()> {
        self.read_response()?;
        if let Some(head) = self.response.take() {
            self.client.write_all(head.as_bytes())?;
        }
        let bytes = bytes.min(self.down_left);
        let is_chunk = self.is_chunked && bytes > 0;
        let mut client = self.client;
        if is_chunk {
            write!(client, "{bytes:x}\r\n")?;
        }
        pass(self.server, client, bytes)?;
        if is_chunk {
            client.write_all(b"\r\n")?;
        }
        self.down_left -= bytes;
        Ok(())
    }

    /// Passes on the rest of the response.
    fn end(&mut self) -> io::Result<()> {
        self.down(usize::MAX)?;
        if self.is_chunked {
            self.client.write_all(b"0\r\n\r\n")?;
        }
        Ok(())
    }
}

fn without_length(head: &str) -> String {
    let is_length = |line: &str| line.to_lowercase().starts_with("content-length:");
    let lines = head.split_inclusive("\r\n");
    let head: String = lines.filter(|line| !is_length(line)).collect();
    let head = head.trim_end();
    format!("{head}\r\ntransfer-encoding: chunked\r\n\r\n")
}

fn pass(mut from: &TcpStream, mut to: &TcpStream, bytes: usize) -> io::Result<()> {
    let mut left = bytes;
    let mut part = vec![0; (16 << 10).min(bytes)];
    while left > 0 {
        let size = part.len().min(left);
        let read = from.read(&mut part[..size])?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        to.write_all(&part[..read])?;
        left -= read;
    }
    Ok(())
}

fn read_head(stream: &mut impl Read) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    String::from_utf8(head).map_err(io::Error::other)
}

/// The announced length of a body.
fn length(head: &str) -> usize {
    let head = head.to_lowercase();
    let length = header(&head, "content-length");
    length.map_or(0, |length| length.parse().unwrap())
}
