//! Request bodies: the same bytes in every attempt, or an error.

use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport};
use factify_core::{
    Action, BearerToken, Body, BodySource, ClientConfig, DecodeError, Delivery, Error, ErrorKind,
    Exchange, Form, Limits, Now, Operation, OperationInfo, Outcome, PathBuilder, RequestBody,
    RetryPolicy, TransferLimits, TransportError, TransportErrorKind, Upload,
};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use proptest::prelude::*;

use crate::scratch::Directory;

/// A file that is removed on drop.
struct Scratch(
    PathBuf,
    #[allow(dead_code)] // It is removed when it is dropped.
    Directory,
);

impl Scratch {
    fn new(content: &[u8]) -> Self {
        let directory = Directory::new();
        let path = directory.0.join("file");
        fs::write(&path, content).unwrap();
        Self(path, directory)
    }

    fn set_modified(&self, seconds: u64) {
        let file = fs::File::options().write(true).open(&self.0).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        file.set_modified(time).unwrap();
    }
}

/// A source that returns its content in small pieces.
struct Pieces {
    content: Vec<u8>,
    length: u64,
}

impl BodySource for Pieces {
    fn length(&self) -> u64 {
        self.length
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        struct Slow(io::Cursor<Vec<u8>>);

        impl Read for Slow {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let size = out.len().min(3);
                self.0.read(&mut out[..size])
            }
        }

        Ok(Box::new(Slow(io::Cursor::new(self.content.clone()))))
    }
}

fn source(content: &[u8], length: u64) -> RequestBody {
    let content = content.to_vec();
    RequestBody::source(Pieces { content, length })
}

/// Reads the whole content in chunks of at most this size.
fn chunks(body: &RequestBody, max: usize) -> io::Result<Vec<u8>> {
    let mut reader = body.open()?;
    let mut content = Vec::new();
    while let Some(chunk) = reader.chunk(max)? {
        assert!(!chunk.is_empty() && chunk.len() <= max.max(1));
        content.extend_from_slice(&chunk);
    }
    Ok(content)
}

proptest! {
    #[test]
    fn every_way_of_reading_gives_the_same_bytes(
        content in prop::collection::vec(any::<u8>(), 0..300),
        max in 0_usize..100,
    ) {
        let length = content.len() as u64;
        let file = Scratch::new(&content);
        for body in [
            RequestBody::from(content.clone()),
            RequestBody::file(&file.0).unwrap(),
            source(&content, length),
        ] {
            prop_assert_eq!(body.len(), length);
            prop_assert_eq!(body.is_empty(), content.is_empty());
            // Each attempt reads it from the start.
            for _ in 0..2 {
                prop_assert_eq!(&chunks(&body, max).unwrap(), &content);
                let mut read = Vec::new();
                body.open().unwrap().read_to_end(&mut read).unwrap();
                prop_assert_eq!(&read, &content);
            }
            prop_assert_eq!(body.into_bytes().unwrap(), content.clone());
        }
    }
}

#[test]
fn a_source_of_another_length_is_an_error() {
    let short = source(b"12345", 6);
    assert_eq!(
        short.clone().into_bytes().unwrap_err().kind(),
        io::ErrorKind::UnexpectedEof
    );
    assert!(chunks(&short, 4).is_err());
    for long in [source(b"12345", 4), source(b"1", 0)] {
        assert!(long.clone().into_bytes().is_err());
        assert!(chunks(&long, 4).is_err());
    }
}

#[test]
fn a_file_that_changes_is_an_error_before_its_last_byte() {
    type Change = fn(&Scratch);
    let changes: [(&str, Change); 5] = [
        ("written to", |file| fs::write(&file.0, "54321").unwrap()),
        ("truncated", |file| fs::write(&file.0, "1").unwrap()),
        ("appended to", |file| {
            let mut open = fs::File::options().append(true).open(&file.0).unwrap();
            open.write_all(b"6").unwrap();
        }),
        ("removed", |file| fs::remove_file(&file.0).unwrap()),
        ("touched", |file| file.set_modified(2)),
    ];
    for (what, change) in changes {
        let file = Scratch::new(b"12345");
        file.set_modified(1);
        let body = RequestBody::file(&file.0).unwrap();
        let mut begun = body.open().unwrap();
        assert_eq!(begun.chunk(4).unwrap().unwrap(), "1234");
        change(&file);
        assert!(body.open().is_err(), "{what}: the file was opened again");
        // An open file does not change when it is removed.
        if what != "removed" {
            assert!(begun.chunk(4).is_err(), "{what}: the last byte was read");
        }
    }
    #[cfg(unix)]
    {
        let (file, other) = (Scratch::new(b"12345"), Scratch::new(b"54321"));
        file.set_modified(1);
        other.set_modified(1);
        let body = RequestBody::file(&file.0).unwrap();
        fs::rename(&other.0, &file.0).unwrap();
        assert!(body.open().is_err(), "a replaced file was opened");
    }
}

#[test]
fn only_a_regular_file_can_be_uploaded() {
    for path in [
        std::env::temp_dir(),
        "/dev/null".into(),
        "/nowhere/at/all".into(),
    ] {
        assert!(RequestBody::file(&path).is_err(), "{}", path.display());
        let error = Upload::file(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RequestBody);
        let report = error.report().to_string();
        assert!(report.contains(&*path.to_string_lossy()), "{report}");
    }
}

#[test]
fn an_upload_has_the_name_of_its_file_and_shows_no_content() {
    let file = Scratch::new(b"CANARY");
    let upload = Upload::file(&file.0).unwrap();
    assert_eq!(
        Some(upload.file_name()),
        file.0.file_name().unwrap().to_str()
    );
    assert_eq!((upload.len(), upload.is_empty()), (6, false));
    assert_eq!(upload.clone(), upload);
    assert_ne!(upload, Upload::file(&file.0).unwrap());
    let form = Form::new()
        .text("title", "CANARY")
        .file("payload", upload.clone());
    let body = RequestBody::from("CANARY").sensitive();
    assert!(body.is_sensitive());
    assert!(!format!("{upload:?} {form:?} {body:?} {:?}", body.open()).contains("CANARY"));
}

/// Sends a body.
struct Post(RequestBody, bool);

impl Operation for Post {
    type Output = ();

    const INFO: OperationInfo = OperationInfo::new("send", Method::POST, "/send");

    fn path(&self, _: &mut PathBuilder) {}

    fn secret(&self) -> Option<&str> {
        self.1.then_some("a secret")
    }

    fn body(&self) -> Result<Body, serde_json::Error> {
        Ok(Body::new(
            HeaderValue::from_static("text/plain"),
            self.0.clone(),
        ))
    }

    fn decode_body(_: &[u8]) -> Result<(), DecodeError> {
        Ok(())
    }
}

/// Reads each body and responds with the next status.
#[derive(Default)]
struct Server {
    statuses: Mutex<Vec<u16>>,
    bodies: Mutex<Vec<Bytes>>,
    limits: Mutex<Vec<Limits>>,
    after: Option<Box<dyn Fn() + Send + Sync>>,
    /// How long an attempt takes.
    takes: Duration,
    now: Mutex<Duration>,
}

impl HttpTransport for Server {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        self.limits.lock().unwrap().push(*limits);
        *self.now.lock().unwrap() += self.takes;
        let body = request.into_body().into_bytes();
        let body =
            body.map_err(|error| TransportError::not_sent(TransportErrorKind::RequestBody, error))?;
        self.bodies.lock().unwrap().push(body);
        if let Some(after) = &self.after {
            after();
        }
        let mut response = Response::new(Bytes::new());
        let status = self.statuses.lock().unwrap().pop().unwrap_or(200);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        Ok(response)
    }

    fn sleep(&self, duration: Duration) {
        *self.now.lock().unwrap() += duration;
    }

    fn now(&self) -> Now {
        let mut now = Now::default();
        now.monotonic = *self.now.lock().unwrap();
        now
    }
}

fn client(server: Server) -> Client<Server> {
    let token = BearerToken::new("ffy_test_example").unwrap();
    Client::new(server, ClientConfig::new(token))
}

#[test]
fn each_attempt_sends_the_whole_body_and_reports_its_progress() {
    let file = Scratch::new(b"12345");
    let client = client(Server {
        statuses: Mutex::new(vec![429, 429]),
        ..Server::default()
    });
    let reports = std::sync::Arc::new(Mutex::new(Vec::new()));
    let seen = std::sync::Arc::clone(&reports);
    client
        .call(Post(RequestBody::file(&file.0).unwrap(), false))
        .on_progress(move |progress| seen.lock().unwrap().push((progress.bytes, progress.total)))
        .send()
        .unwrap();
    assert_eq!(*client.transport().bodies.lock().unwrap(), ["12345"; 3]);
    assert_eq!(*reports.lock().unwrap(), [(5, Some(5)); 3]);
}

#[test]
fn a_file_change_between_two_attempts_ends_the_call() {
    for (status, outcome) in [(429, Outcome::NotApplied), (503, Outcome::Unknown)] {
        let file = Scratch::new(b"12345");
        let path = file.0.clone();
        let client = client(Server {
            statuses: Mutex::new(vec![status]),
            after: Some(Box::new(move || fs::write(&path, "other").unwrap())),
            ..Server::default()
        });
        file.set_modified(1);
        let call = client.call(Put(RequestBody::file(&file.0).unwrap()));
        let error: Error = call.send().unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::RequestBody, outcome)
        );
        assert_eq!((error.attempts(), error.is_retryable()), (2, false));
        assert_eq!(error.earlier().is_some(), status == 503);
        let report = error.report().to_string();
        assert!(report.contains("the file has changed"), "{report}");
    }
}

/// Sends a body with an idempotent method.
struct Put(RequestBody);

impl Operation for Put {
    type Output = ();

    const INFO: OperationInfo = OperationInfo::new("put", Method::PUT, "/put");

    fn path(&self, _: &mut PathBuilder) {}

    fn body(&self) -> Result<Body, serde_json::Error> {
        Ok(Body::new(
            HeaderValue::from_static("text/plain"),
            self.0.clone(),
        ))
    }

    fn decode_body(_: &[u8]) -> Result<(), DecodeError> {
        Ok(())
    }
}

#[test]
fn a_large_body_has_the_limits_of_a_transfer_unless_the_call_has_its_own() {
    const LIMIT: usize = 64 << 10;
    let second = Duration::from_secs(1);
    let standard = TransferLimits::standard();
    let send = |size: usize, timeout: Option<u32>, deadline: Option<u32>| {
        let client = client(Server::default());
        let mut call = client.call(Post(vec![0; size].into(), false));
        if let Some(timeout) = timeout {
            call = call.timeout(timeout * second);
        }
        if let Some(deadline) = deadline {
            call = call.deadline(deadline * second);
        }
        call.send().unwrap();
        client.transport().limits.lock().unwrap()[0]
    };
    for (size, timeout, deadline, expected) in [
        (LIMIT, None, None, None),
        (LIMIT + 1, None, None, Some(standard)),
        (LIMIT + 1, Some(5), None, None),
        (LIMIT + 1, None, Some(5), Some(standard.total(5 * second))),
    ] {
        let limits = send(size, timeout, deadline);
        assert_eq!(limits.transfer, expected, "{size} {timeout:?} {deadline:?}");
    }
    // A limit for all of a transfer is not cut by the deadline of the client.
    let token = BearerToken::new("ffy_test_example").unwrap();
    let config = ClientConfig::new(token).transfer(standard.total(3_600 * second));
    let client = Client::new(Server::default(), config);
    let call = client.call(Post(vec![0; LIMIT + 1].into(), false));
    call.send().unwrap();
    let limits = client.transport().limits.lock().unwrap()[0];
    assert_eq!(limits.transfer, Some(standard.total(3_600 * second)));
    let limits = send(8 << 20, None, None);
    assert_eq!(limits.timeout, 30 * second);
    // At 8 KiB per second.
    assert_eq!(limits.longest(8 << 20), (30 + 1_024) * second);
    assert_eq!(limits.response_timeout(8 << 20), (30 + 64) * second);
    assert_eq!(limits.response_timeout(8 << 10), 31 * second);
    let limits = send(1, None, None);
    assert_eq!(limits.longest(1), limits.timeout);
    assert_eq!(limits.response_timeout(1), limits.timeout);
}

#[test]
fn the_time_of_a_transfer_does_not_count_against_the_deadline() {
    let hour = Duration::from_secs(3_600);
    for (size, deadline, attempts) in [
        (1 << 20, None, 3),
        // For a small body or a call with its own deadline, one attempt uses up the deadline.
        (1, None, 1),
        (1 << 20, Some(hour), 1),
    ] {
        let client = client(Server {
            statuses: Mutex::new(vec![429, 429]),
            takes: hour,
            ..Server::default()
        });
        let mut call = client.call(Post(vec![0; size].into(), false));
        if let Some(deadline) = deadline {
            call = call.deadline(deadline);
        }
        let result = call.retry(RetryPolicy::standard()).send();
        assert_eq!(result.is_ok(), attempts == 3, "{size} {deadline:?}");
        let bodies = client.transport().bodies.lock().unwrap().len();
        assert_eq!(bodies, attempts, "{size} {deadline:?}");
    }
}

#[test]
fn the_body_of_an_operation_with_a_secret_is_marked_as_sensitive() {
    let token = BearerToken::new("ffy_test_example").unwrap();
    for secret in [false, true] {
        let base = factify_core::BaseUrl::production();
        let request = Post("{}".into(), secret).encode(&base, &token).unwrap();
        assert_eq!(request.body().is_sensitive(), secret);
    }
}

#[test]
fn only_the_transport_knows_why_a_transfer_timed_out() {
    let limits = Limits::new(Duration::from_secs(30), 1 << 10);
    for (limits, expected) in [
        (limits, "put: no complete response within 30s"),
        (
            limits.with_transfer(TransferLimits::standard()),
            "put: it timed out",
        ),
    ] {
        let (now, never) = (Now::default(), RetryPolicy::never());
        let deadline = Duration::from_secs(120);
        let mut exchange = Exchange::new(&Put::INFO, never, limits, deadline, now, None);
        let _ = exchange.start(now);
        let timed_out = TransportError::timed_out(Delivery::Sent);
        let Action::Done(Err(error)) = exchange.attempted(now, Err(timed_out)) else {
            panic!("one attempt is all");
        };
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}
