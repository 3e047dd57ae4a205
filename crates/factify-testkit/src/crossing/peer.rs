//! The server's side of a connection, with or without TLS.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, Stream};

use crate::servers::read_body;

/// How the server closes a connection.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Close {
    /// Over TLS with a `close_notify`.
    Proper,
    /// Over TLS without a `close_notify`.
    Abrupt,
    /// With a reset.
    Reset,
}

pub(super) struct Peer {
    stream: TcpStream,
    session: Option<ServerConnection>,
}

impl Peer {
    /// Sends `early` before it reads the request, over TLS together with the end of the handshake.
    /// Returns `None` if the handshake fails.
    pub(super) fn accept(
        mut stream: TcpStream,
        tls: Option<&Arc<ServerConfig>>,
        early: &[u8],
    ) -> Option<Self> {
        stream.set_nodelay(true).unwrap();
        let session = match tls {
            None => {
                stream.write_all(early).ok()?;
                None
            }
            Some(config) => {
                let mut session = ServerConnection::new(Arc::clone(config)).unwrap();
                session.set_buffer_limit(None);
                session.writer().write_all(early).unwrap();
                session.complete_io(&mut stream).ok()?;
                Some(session)
            }
        };
        Some(Self { stream, session })
    }

    /// Reads a request and returns the address in its body, or `None` if the client closes.
    pub(super) fn request(&mut self) -> Option<String> {
        let body = match &mut self.session {
            None => read_body(&mut self.stream),
            Some(session) => read_body(&mut Stream::new(session, &mut self.stream)),
        };
        let body: serde_json::Value = serde_json::from_slice(&body?).unwrap();
        Some(body["email"].as_str().unwrap().to_owned())
    }

    /// The bytes that the connection carries for these records.
    pub(super) fn sealed(&mut self, records: &[Vec<u8>]) -> Vec<u8> {
        let Some(session) = &mut self.session else {
            return records.concat();
        };
        let mut sealed = Vec::new();
        for record in records {
            session.writer().write_all(record).unwrap();
        }
        while session.wants_write() {
            session.write_tls(&mut sealed).unwrap();
        }
        sealed
    }

    /// Writes what was sealed.
    pub(super) fn write(&mut self, sealed: &[u8]) {
        let _ = self.stream.write_all(sealed);
    }

    /// Writes these records at once.
    pub(super) fn send(&mut self, records: &[Vec<u8>]) {
        let sealed = self.sealed(records);
        self.write(&sealed);
    }

    pub(super) fn close(mut self, how: Close) {
        match (how, &mut self.session) {
            (Close::Proper, Some(session)) => {
                session.send_close_notify();
                self.send(&[]);
            }
            (Close::Reset, _) => {
                // A reset would discard what the client has not read yet.
                std::thread::sleep(Duration::from_millis(100));
                let socket = socket2::SockRef::from(&self.stream);
                socket.set_linger(Some(Duration::ZERO)).unwrap();
                return;
            }
            _ => {}
        }
        let _ = self.stream.shutdown(Shutdown::Write);
    }
}
