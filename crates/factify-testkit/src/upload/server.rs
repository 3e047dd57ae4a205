//! What a server does with an upload.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::{Domain, Socket, Type};

/// What the server does with one request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// Reads this number of bytes of the body.
    Read(usize),
    /// Reads the body to its end.
    ReadAll,
    /// Reads the body to its end, this number of bytes at a time, and waits this number of milliseconds
    /// after each.
    ReadSlowly(usize, u64),
    /// Responds with this status. The connection stays open.
    Respond(u16),
    /// Writes into the file that is uploaded.
    ChangeFile,
    /// Closes the connection, which is reset if anything was not read.
    Reset,
    /// Closes the connection at once.
    Close,
    /// Does nothing until the client is gone.
    Wait,
}

/// What arrived: the bytes of the body of each request.
pub(super) type Received = Arc<Mutex<Vec<usize>>>;

/// A connection, plain or over TLS.
trait Stream: Read + Write {}

impl<T: Read + Write> Stream for T {}

/// Follows a script for each request, and the last one for all that come later.
pub(super) fn serve(
    scripts: &'static [&'static [Step]],
    file: &Path,
    tls: Option<Arc<ServerConfig>>,
) -> (SocketAddr, Received) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    // A small window, so that the client soon notices that nothing is read.
    socket.set_recv_buffer_size(64 << 10).unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    socket.bind(&any.into()).unwrap();
    socket.listen(16).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let received = Received::default();
    let server = Server {
        scripts,
        file: file.to_owned(),
        received: Arc::clone(&received),
    };
    std::thread::spawn(move || {
        for stream in TcpListener::from(socket).incoming() {
            let (server, tls, stream) = (server.clone(), tls.clone(), stream.unwrap());
            // Otherwise a response may still be unsent when the connection is reset.
            stream.set_nodelay(true).unwrap();
            std::thread::spawn(move || match tls {
                Some(tls) => {
                    let connection = ServerConnection::new(tls).unwrap();
                    server.serve(&mut StreamOwned::new(connection, stream));
                }
                None => server.serve(&mut &stream),
            });
        }
    });
    (address, received)
}

#[derive(Clone)]
struct Server {
    scripts: &'static [&'static [Step]],
    file: PathBuf,
    received: Received,
}

impl Server {
    /// Serves the requests of a connection, until one was not read to its end.
    fn serve(&self, stream: &mut dyn Stream) {
        while let Some(length) = read_head(stream) {
            let request = {
                let mut received = self.received.lock().unwrap();
                received.push(0);
                received.len() - 1
            };
            let script = self.scripts[request.min(self.scripts.len() - 1)];
            let mut left = length;
            for step in script {
                if !self.follow(*step, stream, request, &mut left) {
                    return;
                }
            }
            if left > 0 {
                return;
            }
        }
    }

    /// `false` when the connection is over.
    fn follow(
        &self,
        step: Step,
        stream: &mut dyn Stream,
        request: usize,
        left: &mut usize,
    ) -> bool {
        match step {
            Step::Read(bytes) => return self.read(stream, request, bytes, left),
            Step::ReadAll => return self.read(stream, request, *left, left),
            Step::ReadSlowly(bytes, millis) => {
                while *left > 0 {
                    if !self.read(stream, request, bytes.min(*left), left) {
                        return false;
                    }
                    std::thread::sleep(Duration::from_millis(millis));
                }
            }
            Step::Respond(status) => {
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\nretry-after: 0");
                return stream
                    .write_all(format!("{head}\r\n\r\n{{}}").as_bytes())
                    .is_ok();
            }
            Step::ChangeFile => std::fs::write(&self.file, "changed").unwrap(),
            Step::Reset => {
                std::thread::sleep(Duration::from_millis(50));
                return false;
            }
            Step::Close => return false,
            Step::Wait => std::thread::sleep(Duration::from_secs(20)),
        }
        true
    }

    fn read(
        &self,
        stream: &mut dyn Stream,
        request: usize,
        bytes: usize,
        left: &mut usize,
    ) -> bool {
        let mut part = vec![0; 64 << 10];
        let end = *left - bytes;
        while *left > end {
            let size = part.len().min(*left - end);
            match stream.read(&mut part[..size]) {
                Ok(0) | Err(_) => return false,
                Ok(size) => {
                    *left -= size;
                    self.received.lock().unwrap()[request] += size;
                }
            }
        }
        true
    }
}

/// The announced length of the body.
fn read_head(stream: &mut dyn Stream) -> Option<usize> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0].to_ascii_lowercase()),
            _ => return None,
        }
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("content-length:"))?;
    length.trim().parse().ok()
}
