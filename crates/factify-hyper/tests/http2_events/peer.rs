//! A server that writes the HTTP/2 frames of a test.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use factify_testkit::Authority;
use factify_testkit::fixtures::INVITE;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const PRIORITY: u8 = 2;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PUSH_PROMISE: u8 = 5;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;

/// Also `ACK`.
pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;
pub(crate) const PADDED: u8 = 8;

/// The largest stream ID, with which a graceful `GOAWAY` begins.
pub(crate) const LAST: u32 = (1 << 31) - 1;

/// `:status: 200`, from the static table.
pub(crate) const STATUS_200: &[u8] = &[0x88];

/// A header field without indexing.
pub(crate) fn field(name: &str, value: &str) -> Vec<u8> {
    let mut field = vec![0];
    for text in [name, value] {
        assert!(text.len() < 127, "a longer text needs another encoding");
        field.push(u8::try_from(text.len()).unwrap());
        field.extend(text.as_bytes());
    }
    field
}

/// What the server does on a request.
pub(crate) type Event = Arc<dyn Fn(&mut Peer) + Send + Sync>;

/// When the server does it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum When {
    /// On the first connection, before it reads anything.
    Connected,
    /// On the first request, instead of its settings.
    Settings,
    /// On the first request.
    Asked,
    /// On every request.
    Always,
}

/// A server for any number of connections.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// The number of requests.
    pub(crate) requests: Arc<AtomicU32>,
    /// Whether an event is over.
    pub(crate) is_over: Arc<AtomicBool>,
}

/// Starts a server that does the event, and serves all other requests well.
pub(crate) fn serve(authority: &Authority, when: When, event: Event) -> Server {
    let mut config = authority.config("127.0.0.1", 2100);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server {
        address,
        requests: Arc::default(),
        is_over: Arc::default(),
    };
    let started = server.clone();
    std::thread::spawn(move || {
        for (n, stream) in listener.incoming().enumerate() {
            let (config, event) = (Arc::clone(&config), Arc::clone(&event));
            let server = started.clone();
            std::thread::spawn(move || {
                let mut peer = Peer::accept(config, stream.unwrap());
                if when == When::Connected && n == 0 {
                    event(&mut peer);
                }
                if when != When::Settings || n > 0 {
                    peer.frame(SETTINGS, 0, 0, &[]);
                }
                while peer.next_request().is_some() {
                    let first = server.requests.fetch_add(1, Ordering::SeqCst) == 0;
                    if when == When::Always || (first && when != When::Connected) {
                        event(&mut peer);
                        server.is_over.store(true, Ordering::SeqCst);
                    } else {
                        peer.success();
                    }
                }
            });
        }
    });
    server
}

/// The server's side of a connection.
pub(crate) struct Peer {
    tls: StreamOwned<ServerConnection, TcpStream>,
    /// The stream of the last request.
    pub(crate) stream: u32,
}

struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    payload: Vec<u8>,
}

impl Peer {
    /// Reads the preface too.
    fn accept(config: Arc<ServerConfig>, stream: TcpStream) -> Self {
        stream.set_nodelay(true).unwrap();
        let connection = ServerConnection::new(config).unwrap();
        let mut tls = StreamOwned::new(connection, stream);
        while tls.conn.is_handshaking() && tls.conn.complete_io(&mut tls.sock).is_ok() {}
        Self { tls, stream: 0 }
    }

    /// Writes bytes. Returns `false` if the client has closed the connection.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> bool {
        self.tls
            .write_all(bytes)
            .and_then(|()| self.tls.flush())
            .is_ok()
    }

    /// Writes a frame. Returns `false` if the client has closed the connection.
    pub(crate) fn frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> bool {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        self.write(&frame)
    }

    /// Writes a frame for the stream of the request.
    pub(crate) fn reply(&mut self, kind: u8, flags: u8, payload: &[u8]) -> bool {
        self.frame(kind, flags, self.stream, payload)
    }

    /// The head of a success.
    pub(crate) fn head(&mut self) {
        self.reply(HEADERS, END_HEADERS, STATUS_200);
    }

    /// A part of the body of a success.
    pub(crate) fn part(&mut self) {
        self.reply(DATA, 0, &INVITE.as_bytes()[..20]);
    }

    /// The rest of that body.
    pub(crate) fn rest(&mut self) {
        self.reply(DATA, END_STREAM, &INVITE.as_bytes()[20..]);
    }

    /// The body of a success.
    pub(crate) fn body(&mut self) {
        self.reply(DATA, END_STREAM, INVITE.as_bytes());
    }

    /// A whole success.
    pub(crate) fn success(&mut self) {
        self.head();
        self.body();
    }

    pub(crate) fn reset(&mut self, code: u32) {
        self.reply(RST_STREAM, 0, &code.to_be_bytes());
    }

    pub(crate) fn go_away(&mut self, last: u32, code: u32) {
        let payload = [last.to_be_bytes(), code.to_be_bytes()].concat();
        self.frame(GOAWAY, 0, 0, &payload);
    }

    pub(crate) fn settings(&mut self, settings: &[(u16, u32)]) {
        let payload = settings.iter().flat_map(|(id, value)| {
            let mut setting = id.to_be_bytes().to_vec();
            setting.extend(value.to_be_bytes());
            setting
        });
        let payload: Vec<_> = payload.collect();
        self.frame(SETTINGS, 0, 0, &payload);
    }

    pub(crate) fn window_update(&mut self, stream: u32, increment: u32) {
        self.frame(WINDOW_UPDATE, 0, stream, &increment.to_be_bytes());
    }

    /// The stream before that of the request.
    pub(crate) fn below(&self) -> u32 {
        self.stream.saturating_sub(2)
    }

    /// Closes the TLS session and the connection.
    pub(crate) fn close(&mut self) {
        self.tls.conn.send_close_notify();
        self.cut();
    }

    /// Closes the connection without notice.
    pub(crate) fn cut(&mut self) {
        self.half_close();
        // A close with unread bytes would reset the connection.
        while self
            .tls
            .sock
            .read(&mut [0; 4096])
            .is_ok_and(|read| read > 0)
        {}
    }

    /// Ends the TLS session and closes the writing side of the connection.
    pub(crate) fn half_close_notified(&mut self) {
        self.tls.conn.send_close_notify();
        self.half_close();
    }

    /// Closes the writing side of the connection without notice.
    pub(crate) fn half_close(&mut self) {
        let _ = self.tls.flush();
        let _ = self.tls.sock.shutdown(Shutdown::Write);
    }

    /// Resets the connection.
    pub(crate) fn abort(&mut self) {
        let linger = Some(std::time::Duration::ZERO);
        socket2::SockRef::from(&self.tls.sock)
            .set_linger(linger)
            .unwrap();
        let _ = self.tls.sock.shutdown(Shutdown::Both);
    }

    /// Reads everything and writes nothing.
    pub(crate) fn swallow(&mut self) {
        while self.read_frame().is_some() {}
    }

    /// Responds to pings and to nothing else.
    pub(crate) fn only_pings(&mut self) {
        while let Some(frame) = self.read_frame() {
            self.acknowledge(&frame);
        }
    }

    /// Acknowledges settings and pings.
    fn acknowledge(&mut self, frame: &Frame) {
        match frame.kind {
            SETTINGS if frame.flags & END_STREAM == 0 => self.frame(SETTINGS, END_STREAM, 0, &[]),
            PING if frame.flags & END_STREAM == 0 => {
                self.frame(PING, END_STREAM, 0, &frame.payload)
            }
            _ => true,
        };
    }

    /// Reads up to the end of the next request.
    fn next_request(&mut self) -> Option<()> {
        loop {
            let frame = self.read_frame()?;
            self.acknowledge(&frame);
            if matches!(frame.kind, HEADERS | DATA) && frame.flags & END_STREAM != 0 {
                self.stream = frame.stream;
                return Some(());
            }
        }
    }

    fn read_frame(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.tls.read_exact(&mut head).ok()?;
        if head.starts_with(b"PRI * HTT") {
            self.tls.read_exact(&mut [0; 15]).ok()?;
            return self.read_frame();
        }
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        self.tls.read_exact(&mut payload).ok()?;
        Some(Frame {
            kind: head[3],
            flags: head[4],
            stream: u32::from_be_bytes([head[5], head[6], head[7], head[8]]),
            payload,
        })
    }
}
