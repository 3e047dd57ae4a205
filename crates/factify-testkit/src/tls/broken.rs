//! TLS servers that break the session after the handshake.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection, Stream};

/// What the server sends before it breaks the session, and the bytes with which it breaks it.
#[derive(Clone, Copy)]
pub(super) struct Break {
    pub(super) name: &'static str,
    pub(super) response: &'static str,
    pub(super) record: &'static [u8],
}

/// Records of TLS, none of which belongs to the session.
const RECORDS: [(&str, &[u8]); 6] = [
    ("plaintext", b"HTTP/1.1 200 OK\r\n\r\n"),
    (
        "a record of random bytes",
        &[
            23, 3, 3, 0, 32, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
            7, 7, 7, 7, 7, 7, 7, 7, 7,
        ],
    ),
    ("a record that is too long", &[23, 3, 3, 0xff, 0xff]),
    ("a record of an unknown type", &[99, 3, 3, 0, 1, 7]),
    ("an alert", &[21, 3, 3, 0, 2, 2, 40]),
    ("a second ServerHello", &[22, 3, 3, 0, 4, 2, 0, 0, 0]),
];

/// What was sent of the response before.
const PARTS: [&str; 3] = [
    "",
    "HTTP/1.1 200 OK\r\ncontent-le",
    "HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{\"invite\":",
];

pub(super) fn breaks() -> impl Iterator<Item = Break> {
    RECORDS.into_iter().flat_map(|(name, record)| {
        PARTS.map(|response| Break {
            name,
            response,
            record,
        })
    })
}

/// Serves any number of connections and breaks each session in this way.
pub(super) fn serve(config: ServerConfig, how: &Break) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let config = Arc::new(config);
    let (response, record) = (how.response, how.record);
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let mut session = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = Stream::new(&mut session, &mut socket);
            let (mut request, mut byte) = (Vec::new(), [0]);
            while !request.ends_with(b"\r\n\r\n{}") && matches!(stream.read(&mut byte), Ok(1)) {
                request.extend(byte);
            }
            let _ = stream.write_all(response.as_bytes());
            let _ = stream.flush();
            let _ = socket.write_all(record);
            // Wait for the client to close, because closing now could reset the connection.
            let _ = socket.shutdown(std::net::Shutdown::Write);
            while matches!(socket.read(&mut [0; 512]), Ok(1..)) {}
        }
    });
    address
}
