// The property of a whole transport for any bytes from a server. The fuzz target uses it, and a test that
// replays the seeds.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use factify_core::blocking::HttpTransport;
use factify_core::{Limits, RequestBody, TransportError};
use http::{Request, Response};

use super::judge::judge;

/// The largest accepted body in bytes.
const CAP: usize = 4 << 10;

/// A server sends these bytes in response to the first request, and nothing else. The first byte says how:
/// whether the body is read in chunks, and in how many parts the bytes are sent.
///
/// A response is accepted only if RFC 9112 defines the same response for these bytes, and a second request
/// gets no response. Returns whether the first one was accepted and is a success.
pub fn response(transport: &impl HttpTransport, data: &[u8]) -> bool {
    let Some((how, data)) = data.split_first() else {
        return false;
    };
    let (in_chunks, parts) = (how % 2 == 1, 1 + usize::from(how / 2 % 4));
    // It stays open, so that no other process gets the port.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("the port");
    let is_done = AtomicBool::new(false);
    let (first, second) = thread::scope(|scope| {
        let server = scope.spawn(|| serve(&listener, data, parts));
        let first = exchange(transport, address, in_chunks);
        server.join().expect("the server does not panic");
        scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                drop(listener.accept());
            }
        });
        let second = exchange(transport, address, !in_chunks);
        is_done.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(address));
        (first, second)
    });
    assert!(second.is_err(), "nobody sent {second:?}");
    let Ok(response) = first else {
        return false;
    };
    let found = (response.status(), &**response.body());
    let expected = judge(data);
    let expected = expected.as_ref().map(|(status, body)| (*status, &**body));
    assert_eq!(
        Some(found),
        expected,
        "the server sent {}",
        data.escape_ascii()
    );
    response.status().is_success()
}

/// One request and its whole response.
fn exchange(
    transport: &impl HttpTransport,
    address: SocketAddr,
    in_chunks: bool,
) -> Result<Response<Bytes>, TransportError> {
    let limits = Limits::new(Duration::from_secs(20), CAP);
    let request = Request::post(format!("http://{address}/"));
    let request = request.body(RequestBody::from("{}")).expect("a request");
    if !in_chunks {
        return transport.send(request, &limits);
    }
    let (parts, mut body) = transport.fetch(request, &limits)?.into_parts();
    let mut whole = Vec::new();
    while let Some(chunk) = body.chunk() {
        whole.extend(chunk?);
    }
    Ok(Response::from_parts(parts, whole.into()))
}

/// Accepts one connection with one request.
fn serve(listener: &TcpListener, data: &[u8], parts: usize) {
    let Ok((mut stream, _)) = listener.accept() else {
        return;
    };
    let _ = stream.set_nodelay(true);
    if read_request(&mut stream) {
        for part in data.chunks(data.len().div_ceil(parts).max(1)) {
            let _ = stream.write_all(part);
        }
    }
}

/// Reads the whole request, because closing with unread bytes would reset the connection.
fn read_request(stream: &mut TcpStream) -> bool {
    let (mut request, mut part) = (Vec::new(), [0; 4096]);
    while !request.ends_with(b"\r\n\r\n{}") {
        match stream.read(&mut part) {
            Ok(read @ 1..) => request.extend(part.iter().take(read)),
            _ => return false,
        }
    }
    true
}
