//! Responses that are read in chunks, and the URLs that they come from.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use factify_core::TransportErrorKind::{Interrupted, Timeout};
use factify_core::blocking::HttpTransport;
use factify_core::{Limits, PresignedUrl, RequestBody, TransferLimits, TransportErrorKind};
use http::{HeaderName, Request};

use crate::fixtures;
use crate::servers::read_request;
use crate::transport::{Setup, TestTransport, build, direct, url};

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
                    if chunks == 1 {
                        // The time until you ask for more does not count.
                        std::thread::sleep(Duration::from_millis(700));
                    }
                }
                Err(error) => found = Some(error.kind()),
            }
        }
        assert_eq!(found, *expected, "{name}");
        assert!(chunks > 1, "{name}");
        assert!(bytes == LENGTH || expected.is_some(), "{name}: {bytes}");
    }
}

/// A server whose head comes late, and whose body comes slowly.
pub fn the_total_time_of_a_download_includes_its_head<T: TestTransport>() {
    let pause = || std::thread::sleep(Duration::from_millis(700));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        assert!(read_request(&mut stream));
        pause();
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n1");
        pause();
        let _ = stream.write_all(b"2");
    });
    let transport = build::<T>(Setup::direct()).unwrap();
    let transfer = TransferLimits::standard().total(Duration::from_secs(1));
    let limits = Limits::new(Duration::from_secs(20), CAP).with_transfer(transfer);
    let request = Request::get(url("http", address));
    let request = request.body(RequestBody::from("")).unwrap();
    let response = transport.fetch(request, &limits);
    let end = response.and_then(|response| {
        let mut body = response.into_body();
        while let Some(chunk) = body.chunk() {
            chunk?;
        }
        Ok(())
    });
    assert_eq!(end.unwrap_err().kind(), Timeout);
}

/// Records the heads of all requests, and responds with this status and a redirect to `elsewhere`.
fn recording(status: u16, elsewhere: Option<SocketAddr>) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let recorded = Arc::clone(&heads);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
                head.extend(byte);
            }
            let head = String::from_utf8(head).unwrap();
            recorded.lock().unwrap().push(head.to_lowercase());
            let location = url("http", elsewhere.unwrap_or(address));
            let response = format!(
                "HTTP/1.1 {status} X\r\nlocation: {location}/x\r\ncontent-length: 2\r\n\
                 connection: close\r\n\r\nok"
            );
            let _ = stream.write_all(response.as_bytes());
        }
    });
    (address, heads)
}

/// Neither the store of a presigned URL nor a server that it redirects to gets the token.
pub fn a_presigned_url_never_gets_the_token<T: TestTransport>() {
    for status in [200, 301, 302, 303, 307, 308, 401, 403] {
        for elsewhere in [true, false] {
            let (other, strayed) = recording(200, None);
            let (store, heads) = recording(status, elsewhere.then_some(other));
            let presigned = format!("{}/file?signature=1", url("http", store));
            let presigned = PresignedUrl::parse(&presigned).unwrap();
            let presigned =
                presigned.header(HeaderName::from_static("x-key"), "1".parse().unwrap());
            // The client has a token, and has sent it to the API before.
            let (api, _) = recording(200, None);
            let client = direct::<T>(fixtures::three_attempts(&url("http", api)));
            let (organization, invite) = fixtures::ids();
            let _ = client
                .organization(organization)
                .invites()
                .revoke(invite)
                .send();
            let download = client.download(presigned.unwrap()).send();
            assert_eq!(download.is_ok(), status == 200, "{status}");
            drop(download);
            let heads = heads.lock().unwrap();
            assert_eq!(heads.len(), 1, "{status}: {heads:?}");
            assert!(
                heads[0].starts_with("get /file?signature=1 http/1.1\r\n"),
                "{heads:?}"
            );
            assert!(heads[0].contains("\r\nx-key: 1\r\n"), "{heads:?}");
            for secret in ["canary", "authorization", "bearer", "cookie"] {
                assert!(!heads[0].contains(secret), "{status}: {heads:?}");
            }
            assert!(
                strayed.lock().unwrap().is_empty(),
                "{status}: a redirect was followed"
            );
        }
    }
}
