//! Servers that do nothing, and a function to read requests.

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};

/// An address at which nothing listens. The port stays reserved until the process ends.
pub(crate) fn nobody() -> SocketAddr {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket
        .bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())
        .unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    std::mem::forget(socket);
    address
}

/// A server that only accepts connections.
pub(crate) fn silent() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let _connections: Vec<_> = listener.incoming().collect();
    });
    address
}

/// Reads the whole request, because closing with unread bytes resets the connection.
pub(crate) fn read_request(stream: &mut TcpStream) -> bool {
    read_body(stream).is_some()
}

/// Reads the whole request and returns its body, or `None` if the client closes before.
pub(crate) fn read_body(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0].to_ascii_lowercase()),
            _ => return None,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    let length = length.map_or(0, |length| length.trim().parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}
