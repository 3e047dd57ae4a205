//! Functions with which the servers write and close.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::fixtures::INVITE;

pub(super) fn fixed(stream: &mut TcpStream, status: &str, body: &[u8]) {
    let length = body.len();
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n"
    );
    let _ = stream.write_all(body);
}

/// A success, padded with spaces to this length.
pub(super) fn padded(stream: &mut TcpStream, length: usize) {
    let spaces = " ".repeat(length - INVITE.len());
    fixed(stream, "200 OK", format!("{INVITE}{spaces}").as_bytes());
}

/// A response that claims to be compressed.
pub(super) fn compressed(stream: &mut TcpStream, status: &str, body: &[u8]) {
    let length = body.len();
    head(
        stream,
        &format!("HTTP/1.1 {status}\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n"),
    );
    let _ = stream.write_all(body);
}

pub(super) fn gzip(body: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(body).unwrap();
    out.finish().unwrap()
}

/// A success with an additional field.
pub(super) fn with_field(stream: &mut TcpStream, field: &str) {
    let body = INVITE.replacen("{\"invite\":{", &format!("{{\"invite\":{{{field},"), 1);
    fixed(stream, "200 OK", body.as_bytes());
}

pub(super) fn head(stream: &mut TcpStream, head: &str) {
    let _ = stream.write_all(head.as_bytes());
}

/// Repeats these bytes until the client closes.
pub(super) fn endless(stream: &mut TcpStream, bytes: &[u8]) {
    while stream.write_all(bytes).is_ok() {}
}

/// Writes a byte from time to time until the client closes.
pub(super) fn drip(stream: &mut TcpStream, bytes: &[u8]) {
    for byte in bytes.iter().cycle() {
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub(super) fn silence(stream: &mut TcpStream) {
    let _ = stream.read(&mut [0]);
}

/// Waits until the client has sent something, and leaves it unread.
pub(super) fn arrived(stream: &TcpStream) {
    let _ = stream.peek(&mut [0]);
}

/// Gives the client time to read the bytes so far as a separate part.
pub(super) fn pause() {
    std::thread::sleep(Duration::from_millis(30));
}

/// Resets the connection instead of closing it.
pub(super) fn reset(stream: &TcpStream) {
    socket2::SockRef::from(stream)
        .set_linger(Some(Duration::ZERO))
        .unwrap();
}
