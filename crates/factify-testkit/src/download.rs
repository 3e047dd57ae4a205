//! Responses that are read in chunks.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use factify_core::TransportErrorKind::{Interrupted, Timeout};
use factify_core::blocking::HttpTransport;
use factify_core::{Limits, RequestBody, TransferLimits, TransportErrorKind};
use http::Request;

use crate::servers::read_request;
use crate::transport::{Setup, TestTransport, build, url};

/// The largest body that is accepted in one piece. The downloads are larger.
const CAP: usize = 1 << 10;

/// How long the bodies are.
const LENGTH: usize = 1 << 20;

/// What follows the status line, and how the download ends: after all bytes, or by an error.
type Row = (&'static str, fn(&mut TcpStream), Option<TransportErrorKind>);

const ROWS: &[Row] = &[
    ("a fixed body", |stream| fixed(stream, LENGTH), None),
    ("chunks", |stream| chunked(stream, true), None),
    (
        "a fixed body cut off",
        |stream| fixed(stream, LENGTH / 2),
        Some(Interrupted),
    ),
    (
        "without the last chunk",
        |stream| chunked(stream, false),
        Some(Interrupted),
    ),
    (
        "silence in the body",
        |stream| {
            fixed(stream, LENGTH / 2);
            let _ = stream.read(&mut [0]);
        },
        Some(Timeout),
    ),
];

/// Announces the whole length, and sends this much.
fn fixed(stream: &mut TcpStream, length: usize) {
    let _ = write!(stream, "content-length: {LENGTH}\r\n\r\n");
    let _ = stream.write_all(&vec![b'x'; length]);
}

fn chunked(stream: &mut TcpStream, is_whole: bool) {
    let _ = write!(stream, "transfer-encoding: chunked\r\n\r\n");
    let chunk = format!("400\r\n{:x>1024}\r\n", "");
    for _ in 0..LENGTH / 1024 {
        let _ = stream.write_all(chunk.as_bytes());
    }
    if is_whole {
        let _ = stream.write_all(b"0\r\n\r\n");
    }
}

fn serve(respond: fn(&mut TcpStream)) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        assert!(read_request(&mut stream));
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        respond(&mut stream);
    });
    address
}

/// It may be larger than any response in one piece, and one that is cut off does not end well.
pub fn a_download_arrives_in_chunks_or_ends_in_an_error<T: TestTransport>() {
    let transfer = TransferLimits::standard().idle(Duration::from_millis(500));
    let limits = Limits::new(Duration::from_secs(20), CAP).with_transfer(transfer.least_rate(0));
    for (name, respond, expected) in ROWS {
        let transport = build::<T>(Setup::direct()).unwrap();
        let request = Request::get(url("http", serve(*respond)));
        let request = request.body(RequestBody::from("")).unwrap();
        let response = transport.fetch(request, &limits).unwrap();
        assert_eq!(response.status(), 200, "{name}");
        let mut body = response.into_body();
        // The body outlives the transport.
        drop(transport);
        let (mut bytes, mut chunks, mut found) = (0, 0, None);
        while let Some(chunk) = body.chunk() {
            match chunk {
                Ok(chunk) => {
                    assert!(chunk.iter().all(|byte| *byte == b'x'), "{name}");
                    bytes += chunk.len();
                    chunks += 1;
                }
                Err(error) => found = Some(error.kind()),
            }
        }
        assert_eq!(found, *expected, "{name}");
        assert!(chunks > 1, "{name}");
        assert!(bytes == LENGTH || expected.is_some(), "{name}: {bytes}");
    }
}
