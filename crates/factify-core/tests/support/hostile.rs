//! Servers that do to a call what servers should not, and what a client must make of it. Shared by
//! the tests of the transports.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use factify_core::ErrorKind::{
    Api, Connect, Decode, Interrupted, Malformed, Redirect, Timeout, TooLarge,
};
use factify_core::Outcome::{Applied, NotApplied, Unknown};
use factify_core::{
    BearerToken, ClientConfig, Error, ErrorKind, InviteId, OrganizationId, Outcome, RetryPolicy,
};

/// The key that must appear nowhere.
const CANARY: &str = "ffy_test_CANARY";

/// The largest body that the client accepts.
const CAP: usize = 256 << 10;

/// The longest time of an attempt at a server that is slow on purpose.
const SHORT: Duration = Duration::from_millis(700);

/// The longest time of another one, which is enough on a busy machine.
const LONG: Duration = Duration::from_secs(20);

/// How much memory a call may take on top of what the test has, in KB.
const MEMORY: u64 = 16 << 10;

const INVITE: &str = concat!(
    r#"{"invite":{"id":"inv_01h2xcejqtf2nbrexx3vqjhp41","organization_id":"org_01h2xcejqtf2nbrexx3vqjhp41","#,
    r#""email":"a@example.com","status":"revoked","sender":{"id":"user_01h2xcejqtf2nbrexx3vqjhp41","#,
    r#""name":"A","email":"a@example.com"},"created_at":"2026-01-15T01:30:15Z","expires_at":"2026-01-22T01:30:15Z"}}"#
);

pub struct Case {
    pub name: &'static str,
    server: Server,
    /// `None` when the call succeeds.
    expected: Option<(ErrorKind, Outcome, Option<u16>)>,
    /// How many attempts the client makes of the three that it may.
    attempts: u32,
    /// Whether the client asks for compressed answers.
    gzip: bool,
    /// A transport may as well refuse it at once, as too large.
    or_too_large: bool,
}

enum Server {
    /// Nobody listens.
    Absent,
    /// It does this as soon as it is connected to.
    Connected(fn(&mut TcpStream)),
    /// It reads the request, and does this.
    Asked(fn(&mut TcpStream)),
}

use Server::{Absent, Asked, Connected};

const fn fails(
    name: &'static str,
    server: Server,
    kind: ErrorKind,
    outcome: Outcome,
    status: Option<u16>,
    attempts: u32,
) -> Case {
    Case {
        name,
        server,
        expected: Some((kind, outcome, status)),
        attempts,
        gzip: false,
        or_too_large: false,
    }
}

const fn succeeds(name: &'static str, server: Server) -> Case {
    Case {
        name,
        server,
        expected: None,
        attempts: 1,
        gzip: false,
        or_too_large: false,
    }
}

fn fixed(stream: &mut TcpStream, status: &str, body: &[u8]) {
    let length = body.len();
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n"
    );
    let _ = stream.write_all(body);
}

/// A success padded to a length by spaces, which JSON ignores.
fn padded(stream: &mut TcpStream, length: usize) {
    let spaces = " ".repeat(length - INVITE.len());
    fixed(stream, "200 OK", format!("{INVITE}{spaces}").as_bytes());
}

/// A body that is called compressed.
fn compressed(stream: &mut TcpStream, status: &str, body: &[u8]) {
    let length = body.len();
    head(
        stream,
        &format!("HTTP/1.1 {status}\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n"),
    );
    let _ = stream.write_all(body);
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(body).unwrap();
    out.finish().unwrap()
}

/// A success with one more field.
fn with_field(stream: &mut TcpStream, field: &str) {
    let body = INVITE.replacen("{\"invite\":{", &format!("{{\"invite\":{{{field},"), 1);
    fixed(stream, "200 OK", body.as_bytes());
}

fn head(stream: &mut TcpStream, head: &str) {
    let _ = stream.write_all(head.as_bytes());
}

/// Writes the same until the client has had enough.
fn endless(stream: &mut TcpStream, bytes: &[u8]) {
    while stream.write_all(bytes).is_ok() {}
}

/// Writes a byte now and then until the client has had enough.
fn drip(stream: &mut TcpStream, bytes: &[u8]) {
    for byte in bytes.iter().cycle() {
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn silence(stream: &mut TcpStream) {
    let _ = stream.read(&mut [0]);
}

/// When the request has been sent.
fn soon() {
    std::thread::sleep(Duration::from_millis(30));
}

/// Breaks the connection instead of closing it.
fn reset(stream: &TcpStream) {
    socket2::SockRef::from(stream)
        .set_linger(Some(Duration::ZERO))
        .unwrap();
}

pub const CASES: &[Case] = &[
    // The connection.
    fails("nobody listens", Absent, Connect, NotApplied, None, 3),
    fails(
        "closed with the request unread",
        Connected(|_| soon()),
        Interrupted,
        Unknown,
        None,
        3,
    ),
    fails(
        "reset with the request unread",
        Connected(|stream| {
            soon();
            reset(stream);
        }),
        Interrupted,
        Unknown,
        None,
        3,
    ),
    fails(
        "closed after the request",
        Asked(|_| {}),
        Interrupted,
        Unknown,
        None,
        3,
    ),
    fails(
        "reset after the request",
        Asked(|stream| reset(stream)),
        Interrupted,
        Unknown,
        None,
        3,
    ),
    fails(
        "half closed after the request",
        Asked(|stream| {
            let _ = stream.shutdown(std::net::Shutdown::Write);
            silence(stream);
        }),
        Interrupted,
        Unknown,
        None,
        3,
    ),
    // Time.
    fails("silence", Asked(silence), Timeout, Unknown, None, 3),
    fails(
        "silence after the head",
        Asked(|stream| {
            head(stream, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n");
            silence(stream);
        }),
        Timeout,
        Unknown,
        Some(200),
        3,
    ),
    fails(
        "silence after the head of a 404",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\n\r\n",
            );
            silence(stream);
        }),
        Api,
        NotApplied,
        Some(404),
        1,
    ),
    fails(
        "a head byte by byte",
        Asked(|stream| {
            head(stream, "HTTP/1.1 200 OK\r\nx: ");
            drip(stream, b"x");
        }),
        Timeout,
        Unknown,
        None,
        3,
    ),
    fails(
        "a body byte by byte",
        Asked(|stream| {
            head(stream, "HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n");
            drip(stream, b" ");
        }),
        Timeout,
        Unknown,
        Some(200),
        3,
    ),
    // The head.
    fails(
        "not HTTP",
        Asked(|stream| head(stream, "SSH-2.0-OpenSSH_9.6\r\n\r\n")),
        Malformed,
        Unknown,
        None,
        3,
    ),
    fails(
        "a header without end",
        Asked(|stream| {
            head(stream, "HTTP/1.1 200 OK\r\nx: ");
            endless(stream, &[b'x'; 4096]);
        }),
        TooLarge,
        Unknown,
        None,
        1,
    ),
    fails(
        "10,000 headers",
        Asked(|stream| {
            head(stream, "HTTP/1.1 200 OK\r\n");
            for _ in 0..10_000 {
                head(stream, "x-header: value\r\n");
            }
            head(stream, "content-length: 0\r\n\r\n");
        }),
        TooLarge,
        Unknown,
        None,
        1,
    ),
    Case {
        or_too_large: true,
        ..fails(
            "1xx without end",
            Asked(|stream| {
                endless(stream, b"HTTP/1.1 103 Early Hints\r\n\r\n");
            }),
            Timeout,
            Unknown,
            None,
            3,
        )
    },
    succeeds(
        "a few 1xx before the answer",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",
            );
            fixed(stream, "200 OK", INVITE.as_bytes());
        }),
    ),
    fails(
        "a redirect",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
            );
        }),
        Redirect,
        Unknown,
        Some(307),
        1,
    ),
    // The body.
    succeeds(
        "a success",
        Asked(|stream| fixed(stream, "200 OK", INVITE.as_bytes())),
    ),
    succeeds(
        "a body of exactly the cap",
        Asked(|stream| padded(stream, CAP)),
    ),
    fails(
        "a body of one byte more",
        Asked(|stream| padded(stream, CAP + 1)),
        TooLarge,
        Unknown,
        Some(200),
        1,
    ),
    fails(
        "a body of 1 GB",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n",
            );
            endless(stream, &[b' '; 4096]);
        }),
        TooLarge,
        Unknown,
        Some(200),
        1,
    ),
    fails(
        "chunks without end",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            );
            endless(stream, format!("400\r\n{:1024}\r\n", "").as_bytes());
        }),
        TooLarge,
        Unknown,
        Some(200),
        1,
    ),
    fails(
        "a fixed body cut off",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{\"invite\":",
            );
        }),
        Interrupted,
        Unknown,
        Some(200),
        3,
    ),
    fails(
        "a chunk cut off",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{\"invite\":",
            );
        }),
        Interrupted,
        Unknown,
        Some(200),
        3,
    ),
    fails(
        "complete JSON without the last chunk",
        Asked(|stream| {
            let start = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            head(
                stream,
                &format!("{start}{:x}\r\n{INVITE}\r\n", INVITE.len()),
            );
        }),
        Interrupted,
        Unknown,
        Some(200),
        3,
    ),
    fails(
        "the body of a 404 cut off",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 404 Not Found\r\ncontent-length: 400\r\n\r\n{",
            );
        }),
        Api,
        NotApplied,
        Some(404),
        1,
    ),
    fails(
        "compressed without being asked to",
        Asked(|stream| compressed(stream, "200 OK", &gzip(INVITE.as_bytes()))),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    Case {
        gzip: true,
        ..succeeds(
            "a compressed success",
            Asked(|stream| compressed(stream, "200 OK", &gzip(INVITE.as_bytes()))),
        )
    },
    Case {
        gzip: true,
        ..succeeds(
            "called compressed, and is not",
            Asked(|stream| compressed(stream, "200 OK", INVITE.as_bytes())),
        )
    },
    Case {
        gzip: true,
        ..fails(
            "100 MB in 100 KB",
            Asked(|stream| {
                let bomb = gzip(&vec![b' '; 1 << 20]).repeat(100);
                compressed(stream, "200 OK", &bomb);
            }),
            TooLarge,
            Unknown,
            Some(200),
            1,
        )
    },
    Case {
        gzip: true,
        ..fails(
            "compressed and cut off",
            Asked(|stream| {
                let whole = gzip(INVITE.as_bytes());
                compressed(stream, "200 OK", &whole[..whole.len() - 9]);
            }),
            Decode,
            Applied,
            Some(200),
            1,
        )
    },
    Case {
        gzip: true,
        ..fails(
            "a compressed 404",
            Asked(|stream| compressed(stream, "404 Not Found", &gzip(b"{\"code\":\"not_found\"}"))),
            Api,
            NotApplied,
            Some(404),
            1,
        )
    },
    // What it says.
    succeeds(
        "another content type",
        Asked(|stream| {
            let length = INVITE.len();
            head(
                stream,
                &format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\r\n{INVITE}"
                ),
            );
        }),
    ),
    fails(
        "an empty success",
        Asked(|stream| fixed(stream, "200 OK", b"")),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    fails(
        "a success without content",
        Asked(|stream| head(stream, "HTTP/1.1 204 No Content\r\n\r\n")),
        Decode,
        Applied,
        Some(204),
        1,
    ),
    fails(
        "HTML as a success, in its own name",
        Asked(|stream| {
            let head_of_html = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n";
            head(
                stream,
                &format!("{head_of_html}content-length: 6\r\n\r\n<html>"),
            );
        }),
        Decode,
        Unknown,
        Some(200),
        1,
    ),
    fails(
        "what is no JSON as JSON",
        Asked(|stream| {
            let head_of_json = "HTTP/1.1 200 OK\r\ncontent-type: Application/JSON ;x=y\r\n";
            head(
                stream,
                &format!("{head_of_json}content-length: 6\r\n\r\n<html>"),
            );
        }),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    fails(
        "HTML as a success",
        Asked(|stream| fixed(stream, "200 OK", b"<html>")),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    fails(
        "invalid UTF-8",
        Asked(|stream| fixed(stream, "200 OK", b"{\"invite\":\"\xff\"}")),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    fails(
        "a field that comes twice",
        Asked(|stream| with_field(stream, r#""status":"pending""#)),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    succeeds(
        "a number out of range in an unknown field",
        Asked(|stream| with_field(stream, r#""x":1e999"#)),
    ),
    succeeds(
        "100,000 open brackets in an unknown field",
        Asked(|stream| {
            with_field(
                stream,
                &format!("\"x\":{}{}", "[".repeat(100_000), "]".repeat(100_000)),
            );
        }),
    ),
    fails(
        "an empty 401",
        Asked(|stream| fixed(stream, "401 Unauthorized", b"")),
        Api,
        NotApplied,
        Some(401),
        1,
    ),
    fails(
        "HTML from a gateway",
        Asked(|stream| fixed(stream, "502 Bad Gateway", b"<html>")),
        Api,
        Unknown,
        Some(502),
        3,
    ),
    fails(
        "a status of its own",
        Asked(|stream| fixed(stream, "799 Odd", b"")),
        Api,
        Unknown,
        Some(799),
        1,
    ),
];

/// A port that is taken, so that nobody else listens there, and at which nobody does.
fn nobody() -> SocketAddr {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket
        .bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())
        .unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    std::mem::forget(socket);
    address
}

/// A server for as many attempts as are made, and how many requests it has had.
pub fn serve(case: &Case) -> (SocketAddr, Arc<AtomicU32>) {
    let count = Arc::new(AtomicU32::new(0));
    let (asked, answer) = match case.server {
        Absent => return (nobody(), count),
        Connected(answer) => (false, answer),
        Asked(answer) => (true, answer),
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if asked && !read_request(&mut stream) {
                continue;
            }
            counted.fetch_add(1, Ordering::SeqCst);
            std::thread::spawn(move || answer(&mut stream));
        }
    });
    (address, count)
}

/// Reads the request to its last byte: to close with a part of it unread would reset the connection.
fn read_request(stream: &mut TcpStream) -> bool {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0].to_ascii_lowercase()),
            _ => return false,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    let length = length.map_or(0, |length| length.trim().parse().unwrap());
    stream.read_exact(&mut vec![0; length]).is_ok()
}

impl Case {
    fn timeout(&self) -> Duration {
        match self.expected {
            Some((Timeout, ..)) => SHORT,
            _ if self.name.starts_with("silence") => SHORT,
            _ => LONG,
        }
    }
}

/// A client's settings for a case.
pub fn config_for(case: &Case, address: SocketAddr) -> ClientConfig {
    config(address).timeout(case.timeout()).gzip(case.gzip)
}

pub fn config(address: SocketAddr) -> ClientConfig {
    let policy = RetryPolicy::standard().max_attempts(3);
    ClientConfig::new(BearerToken::new(CANARY).unwrap())
        .base_url(format!("http://{address}").parse().unwrap())
        .retry(policy.backoff(Duration::from_millis(1), Duration::from_millis(2)))
        .timeout(LONG)
        .max_response_bytes(CAP)
}

pub fn ids() -> (OrganizationId, InviteId) {
    (
        OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41"),
        InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41"),
    )
}

/// What a call costs.
pub struct Meter {
    started: Instant,
    memory: u64,
}

impl Meter {
    pub fn start() -> Self {
        // Lets the kernel count the peak anew.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        Self {
            started: Instant::now(),
            memory: peak(),
        }
    }
}

/// The peak memory of this process in KB, where the system tells.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

/// Prints the row of a case, and holds it against what is expected.
#[allow(clippy::print_stdout)] // It is a table to look at.
pub fn check(case: &Case, meter: &Meter, requests: &AtomicU32, result: Result<(), Error>) {
    let (elapsed, memory) = (meter.started.elapsed(), peak().saturating_sub(meter.memory));
    let attempts = match &result {
        Ok(()) => requests.load(Ordering::SeqCst),
        Err(error) => error.attempts(),
    };
    let found = result.err().map(|error| {
        let shown = format!("{error} {error:?} {error:#?} {}", error.report());
        assert!(!shown.contains("CANARY"), "{}: {shown}", case.name);
        let status = error.status().map(|status| status.as_u16());
        (error.kind(), error.outcome(), status)
    });
    let (name, seen) = (case.name, format!("{found:?}"));
    println!("{name:42} {seen:44} {attempts} {elapsed:>9.0?} {memory:>6} KB");
    let too_large = case.or_too_large && (found, attempts) == (Some((TooLarge, Unknown, None)), 1);
    if !too_large {
        assert_eq!((found, attempts), (case.expected, case.attempts), "{name}");
    }
    let bound = case.timeout().min(3 * SHORT) * case.attempts + Duration::from_secs(10);
    assert!(elapsed < bound, "{name} took {elapsed:?}");
    assert!(memory < MEMORY, "{name} took {memory} KB");
    if !matches!(case.server, Absent | Connected(_)) {
        assert_eq!(requests.load(Ordering::SeqCst), attempts, "{name}");
    }
}

/// Answers one request on each connection, says that it keeps it, and closes it all the same.
pub fn closes_idle_connections() -> (SocketAddr, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if read_request(&mut stream) {
                counted.fetch_add(1, Ordering::SeqCst);
                fixed(&mut stream, "200 OK", INVITE.as_bytes());
            }
        }
    });
    (address, count)
}

/// Redirects everything to another server, or to itself, and how many came there.
pub fn redirects(status: u16, elsewhere: bool) -> (SocketAddr, Arc<AtomicU32>) {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (there, address) = (target.local_addr().unwrap(), listener.local_addr().unwrap());
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for _ in target.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let again = Arc::clone(&count);
    let there = if elsewhere { there } else { address };
    std::thread::spawn(move || {
        for (n, stream) in listener.incoming().enumerate() {
            again.fetch_add(u32::from(n > 0), Ordering::SeqCst);
            let mut stream = stream.unwrap();
            read_request(&mut stream);
            let text = format!("{status} Elsewhere\r\nlocation: http://{there}/");
            fixed(&mut stream, &text, b"");
        }
    });
    (address, count)
}
