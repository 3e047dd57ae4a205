//! The bytes of responses.

use crate::fixtures::INVITE;

/// The body of a success for this address.
pub(super) fn invite(email: &str) -> String {
    INVITE.replace("a@example.com", email)
}

/// A response with a length. `head` is the status line and further headers.
pub(super) fn response(head: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("{head}content-length: {length}\r\n\r\n{body}").into_bytes()
}

pub(super) fn fixed(status: &str, body: &str) -> Vec<u8> {
    response(&format!("HTTP/1.1 {status}\r\n"), body)
}

/// A success, padded with spaces to this length.
pub(super) fn padded(body: &str, length: usize) -> Vec<u8> {
    fixed("200 OK", &format!("{body:length$}"))
}

/// A success in two chunks, with these trailers.
pub(super) fn chunked(body: &str, trailers: &str) -> Vec<u8> {
    let (first, second) = body.split_at(body.len() / 2);
    let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    let (first, second) = (chunk(first), chunk(second));
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    format!("{head}{first}{second}0\r\n{trailers}\r\n").into_bytes()
}

/// A success that ends with the connection.
pub(super) fn until_the_end(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n\r\n{body}").into_bytes()
}
