//! Servers that answer one request in a given way, and what a client must make of it. Shared by the
//! tests of the transports.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use factify_core::{
    ApiKey, ClientConfig, Error, ErrorKind, InviteId, OrganizationId, Outcome, RetryPolicy,
};

/// The key that must appear nowhere.
const CANARY: &str = "ffy_test_CANARY";

/// The largest body that the client accepts.
const CAP: usize = 4096;

const INVITE: &str = concat!(
    r#"{"invite":{"id":"inv_01h2xcejqtf2nbrexx3vqjhp41","organization_id":"org_01h2xcejqtf2nbrexx3vqjhp41","#,
    r#""email":"a@example.com","status":"revoked","sender":{"id":"user_01h2xcejqtf2nbrexx3vqjhp41","#,
    r#""name":"A","email":"a@example.com"},"created_at":"2026-01-15T01:30:15Z","expires_at":"2026-01-22T01:30:15Z"}}"#
);

pub struct Case {
    name: &'static str,
    answer: fn(&mut TcpStream),
    /// `None` when the call succeeds.
    expected: Option<(ErrorKind, Outcome, Option<u16>)>,
}

fn fixed(stream: &mut TcpStream, status: &str, body: &str) {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body.as_bytes());
}

/// A success padded to a length by spaces, which JSON ignores.
fn padded(stream: &mut TcpStream, length: usize) {
    fixed(stream, "200 OK", &format!("{INVITE:length$}"));
}

pub const CASES: &[Case] = &[
    Case {
        name: "success",
        answer: |stream| fixed(stream, "200 OK", INVITE),
        expected: None,
    },
    Case {
        name: "a body of exactly the cap",
        answer: |stream| padded(stream, CAP),
        expected: None,
    },
    Case {
        name: "a body of one byte more",
        answer: |stream| padded(stream, CAP + 1),
        expected: Some((ErrorKind::TooLarge, Outcome::Unknown, Some(200))),
    },
    Case {
        name: "chunks without end",
        answer: |stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            while stream.write_all(b"400\r\n").is_ok() && stream.write_all(&[b' '; 1024]).is_ok() {
                if stream.write_all(b"\r\n").is_err() {
                    break;
                }
            }
        },
        expected: Some((ErrorKind::TooLarge, Outcome::Unknown, Some(200))),
    },
    Case {
        name: "an empty success",
        answer: |stream| fixed(stream, "200 OK", ""),
        expected: Some((ErrorKind::Decode, Outcome::Applied, Some(200))),
    },
    Case {
        name: "HTML as a success",
        answer: |stream| fixed(stream, "200 OK", "<html>"),
        expected: Some((ErrorKind::Decode, Outcome::Applied, Some(200))),
    },
    Case {
        name: "HTML from a gateway",
        answer: |stream| fixed(stream, "502 Bad Gateway", "<html>"),
        expected: Some((ErrorKind::Api, Outcome::Unknown, Some(502))),
    },
    Case {
        name: "an empty 401",
        answer: |stream| fixed(stream, "401 Unauthorized", ""),
        expected: Some((ErrorKind::Api, Outcome::NotApplied, Some(401))),
    },
    Case {
        name: "a redirect",
        answer: |stream| {
            let _ = stream.write_all(
                b"HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
            );
        },
        expected: Some((ErrorKind::Redirect, Outcome::Unknown, Some(307))),
    },
    Case {
        name: "closed before the answer",
        answer: |_| {},
        expected: Some((ErrorKind::Interrupted, Outcome::Unknown, None)),
    },
    Case {
        name: "a body cut off",
        answer: |stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{\"invite\":");
        },
        expected: Some((ErrorKind::Interrupted, Outcome::Unknown, Some(200))),
    },
    Case {
        name: "complete JSON without the last chunk",
        answer: |stream| {
            let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            let _ = write!(stream, "{head}{:x}\r\n{INVITE}\r\n", INVITE.len());
        },
        expected: Some((ErrorKind::Interrupted, Outcome::Unknown, Some(200))),
    },
    Case {
        name: "the body of a 404 cut off",
        answer: |stream| {
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 400\r\n\r\n{");
        },
        expected: Some((ErrorKind::Api, Outcome::NotApplied, Some(404))),
    },
    Case {
        name: "silence",
        answer: |stream| {
            let _ = stream.read(&mut [0]);
        },
        expected: Some((ErrorKind::Timeout, Outcome::Unknown, None)),
    },
    Case {
        name: "not HTTP",
        answer: |stream| {
            let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n\r\n");
        },
        expected: Some((ErrorKind::Malformed, Outcome::Unknown, None)),
    },
];

/// Answers one connection after its request is read.
pub fn serve(case: &Case) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = case.answer;
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n{}") {
            let mut byte = [0];
            match stream.read(&mut byte) {
                Ok(1) => request.push(byte[0]),
                _ => break,
            }
        }
        answer(&mut stream);
    });
    address
}

pub fn config(address: SocketAddr) -> ClientConfig {
    ClientConfig::new(ApiKey::new(CANARY).unwrap())
        .base_url(format!("http://{address}").parse().unwrap())
        .retry(RetryPolicy::never())
        .timeout(Duration::from_millis(500))
        .max_response_bytes(CAP)
}

pub fn ids() -> (OrganizationId, InviteId) {
    (
        OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41"),
        InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41"),
    )
}

pub fn check(case: &Case, result: Result<(), Error>) {
    let found = result.err().map(|error| {
        let shown = format!("{error} {error:?} {error:#?} {}", error.report());
        assert!(!shown.contains("CANARY"), "{}: {shown}", case.name);
        let status = error.status().map(|status| status.as_u16());
        (error.kind(), error.outcome(), status)
    });
    assert_eq!(found, case.expected, "{}", case.name);
}
