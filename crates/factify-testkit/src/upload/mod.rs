//! Uploads that go wrong, over real sockets.

mod server;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use factify_core::blocking::Client;
use factify_core::http::{HeaderValue, Method};
use factify_core::{
    Body, BodySource, ClientConfig, DecodeError, Error, ErrorKind, Form, Operation, OperationInfo,
    Outcome, PathBuilder, RequestBody, RetryPolicy, Roots, TransferLimits, Upload,
};

use crate::fixtures;
use crate::sandbox;
use crate::scratch::Directory;
use crate::tls::Authority;
use crate::transport::{Setup, TestTransport, build, direct, url};
use server::Step::{ChangeFile, Close, Read, ReadAll, ReadSlowly, Reset, Respond, Wait};
use server::{Received, Step};

/// More than the system buffers of a connection.
const LENGTH: usize = 16 << 20;

/// The longest time in which nothing moves.
const IDLE: Duration = Duration::from_millis(800);

/// The longest time for all but the transfer.
const TIMEOUT: Duration = Duration::from_secs(3);

/// An operation that uploads any body to the sandbox's route.
#[derive(Debug)]
pub struct UploadBody<const IDEMPOTENT: bool>(pub Body);

impl<const IDEMPOTENT: bool> Operation for UploadBody<IDEMPOTENT> {
    type Output = String;

    const INFO: OperationInfo =
        OperationInfo::new("upload", Method::POST, "/_sandbox/uploads").idempotent(IDEMPOTENT);

    fn path(&self, _: &mut PathBuilder) {}

    fn body(&self) -> Result<Body, serde_json::Error> {
        Ok(self.0.clone())
    }

    fn decode_body(body: &[u8]) -> Result<String, DecodeError> {
        Ok(String::from_utf8_lossy(body).into_owned())
    }
}

/// A body of any bytes.
pub fn binary(content: impl Into<RequestBody>) -> Body {
    Body::new(
        HeaderValue::from_static("application/octet-stream"),
        content,
    )
}

/// A file of zeros, which is removed at the end.
struct Scratch(
    PathBuf,
    #[allow(dead_code)] // It is removed when it is dropped.
    Directory,
);

impl Scratch {
    fn new(length: usize) -> Self {
        let directory = Directory::new();
        let path = directory.0.join("file");
        let file = File::create(&path).unwrap();
        file.set_len(length as u64).unwrap();
        Self(path, directory)
    }
}

/// What each attempt meets; whether the operation is idempotent; kind, outcome and status of the error,
/// if any; the attempts; and how many bytes the server read in each, where that is certain.
struct Case {
    name: &'static str,
    scripts: &'static [&'static [Step]],
    is_idempotent: bool,
    expected: Option<(ErrorKind, Outcome, Option<u16>)>,
    /// A part of the report of the error.
    reason: &'static str,
    attempts: u32,
    received: &'static [Option<usize>],
}

const SUCCESS: &[Step] = &[ReadAll, Respond(200)];
const PART: usize = 1 << 20;

const CASES: &[Case] = &[
    Case {
        name: "read to its end",
        scripts: &[SUCCESS],
        is_idempotent: false,
        expected: None,
        reason: "",
        attempts: 1,
        received: &[Some(LENGTH)],
    },
    Case {
        name: "interrupted in the middle",
        scripts: &[&[Read(PART), Reset]],
        is_idempotent: false,
        expected: Some((ErrorKind::Interrupted, Outcome::Unknown, None)),
        reason: "",
        attempts: 1,
        received: &[Some(PART)],
    },
    Case {
        name: "interrupted in the middle, and sent again",
        scripts: &[&[Read(PART), Reset], SUCCESS],
        is_idempotent: true,
        expected: None,
        reason: "",
        attempts: 2,
        received: &[Some(PART), Some(LENGTH)],
    },
    Case {
        name: "refused with 429 before its body",
        scripts: &[&[Respond(429), Reset], SUCCESS],
        is_idempotent: false,
        expected: None,
        reason: "",
        attempts: 2,
        received: &[Some(0), Some(LENGTH)],
    },
    Case {
        name: "refused with 429 after its body",
        scripts: &[&[ReadAll, Respond(429)], SUCCESS],
        is_idempotent: false,
        expected: None,
        reason: "",
        attempts: 2,
        received: &[Some(LENGTH), Some(LENGTH)],
    },
    Case {
        name: "refused with 413 in the middle, and closed",
        scripts: &[&[Read(PART), Respond(413), Reset]],
        is_idempotent: false,
        expected: Some((ErrorKind::Api, Outcome::NotApplied, Some(413))),
        reason: "",
        attempts: 1,
        received: &[Some(PART)],
    },
    Case {
        name: "refused with 413 before its body, and closed at once",
        scripts: &[&[Respond(413), Close]],
        is_idempotent: false,
        expected: Some((ErrorKind::Api, Outcome::NotApplied, Some(413))),
        reason: "",
        attempts: 1,
        received: &[Some(0)],
    },
    Case {
        name: "refused with 401 in the middle, and no longer read",
        scripts: &[&[Read(PART), Respond(401), Wait]],
        is_idempotent: false,
        expected: Some((ErrorKind::Api, Outcome::NotApplied, Some(401))),
        reason: "",
        attempts: 1,
        received: &[Some(PART)],
    },
    Case {
        name: "a success before it was read to its end",
        scripts: &[&[Read(PART), Respond(200), Reset]],
        is_idempotent: false,
        expected: None,
        reason: "",
        attempts: 1,
        received: &[Some(PART)],
    },
    Case {
        name: "a file that changed between two attempts",
        scripts: &[&[ReadAll, ChangeFile, Respond(429)], SUCCESS],
        is_idempotent: false,
        expected: Some((ErrorKind::RequestBody, Outcome::NotApplied, None)),
        reason: "",
        attempts: 2,
        received: &[Some(LENGTH)],
    },
    Case {
        name: "a file that changes while it is sent",
        scripts: &[&[Read(PART), ChangeFile, ReadAll, Respond(200)]],
        is_idempotent: false,
        expected: Some((ErrorKind::RequestBody, Outcome::Unknown, None)),
        reason: "",
        attempts: 1,
        received: &[None],
    },
    Case {
        name: "a slow but steady line",
        scripts: &[&[ReadSlowly(LENGTH / 40, 100), Respond(200)]],
        is_idempotent: false,
        expected: None,
        reason: "",
        attempts: 1,
        received: &[Some(LENGTH)],
    },
    Case {
        name: "a server that stops reading",
        scripts: &[&[Read(PART), Wait]],
        is_idempotent: false,
        expected: Some((ErrorKind::Timeout, Outcome::Unknown, None)),
        reason: "no byte moved for 800ms",
        attempts: 1,
        received: &[Some(PART)],
    },
    Case {
        name: "a server that reads less than the least rate",
        scripts: &[&[Read(PART), ReadSlowly(4 << 10, 50), Respond(200)]],
        is_idempotent: false,
        expected: Some((ErrorKind::Timeout, Outcome::Unknown, None)),
        reason: " moved ",
        attempts: 1,
        received: &[None],
    },
    Case {
        name: "a server that reads all and does not respond",
        scripts: &[&[ReadAll, Wait]],
        is_idempotent: false,
        expected: Some((ErrorKind::Timeout, Outcome::Unknown, None)),
        reason: "no complete response within ",
        attempts: 1,
        received: &[Some(LENGTH)],
    },
];

/// The response may take some seconds after the last byte. The upload may take as long as it moves.
fn config(base_url: &str) -> ClientConfig {
    let transfer = TransferLimits::standard().idle(IDLE).least_rate(256 << 10);
    let policy = RetryPolicy::standard().backoff(Duration::ZERO, Duration::ZERO);
    let config = fixtures::config(base_url).transfer(transfer).retry(policy);
    config.timeout(TIMEOUT)
}

/// The outcome is right, the attempts are counted, and each sends the file from its start or nothing.
pub fn each_upload_ends_as_its_server_decides<T: TestTransport>() {
    all_cases::<T>(None);
}

/// The same over TLS.
pub fn each_upload_over_tls_ends_as_its_server_decides<T: TestTransport>() {
    all_cases::<T>(Some(&Authority::new()));
}

fn all_cases<T: TestTransport>(authority: Option<&Authority>) {
    std::thread::scope(|scope| {
        for case in CASES {
            scope.spawn(|| one_case::<T>(case, authority));
        }
    });
}

#[allow(clippy::print_stdout)] // The rows of the table, with --nocapture.
fn one_case<T: TestTransport>(case: &Case, authority: Option<&Authority>) {
    let file = Scratch::new(LENGTH);
    let tls = authority.map(|authority| Arc::new(authority.config("127.0.0.1", 2100)));
    let (address, received) = server::serve(case.scripts, &file.0, tls);
    let (scheme, roots) = match authority {
        Some(authority) => ("https", Roots::Custom(vec![authority.certificate()])),
        None => ("http", Roots::WebPki),
    };
    let transport = build::<T>(Setup::direct().roots(roots)).unwrap();
    let client = Client::new(transport, config(&url(scheme, address)));
    let body = binary(RequestBody::file(&file.0).unwrap());
    let started = Instant::now();
    let result = if case.is_idempotent {
        client.call(UploadBody::<true>(body)).send_with_meta()
    } else {
        client.call(UploadBody::<false>(body)).send_with_meta()
    };
    let result = result.map(|response| response.attempts);
    let shown = match &result {
        Ok(_) => "a success".to_owned(),
        Err(error) => error.report().to_string(),
    };
    println!("{:52} {:>6.1?} {shown}", case.name, started.elapsed());
    check(case, &result, &received);
}

fn check(case: &Case, result: &Result<u32, Error>, received: &Received) {
    let (found, attempts) = match result {
        Ok(attempts) => (None, *attempts),
        Err(error) => {
            let status = error.status().map(|status| status.as_u16());
            let found = (error.kind(), error.outcome(), status);
            (Some(found), error.attempts())
        }
    };
    let shown = format!("{}: {result:?}", case.name);
    assert_eq!((found, attempts), (case.expected, case.attempts), "{shown}");
    if let Err(error) = result {
        let report = error.report().to_string();
        assert!(report.contains(case.reason), "{}: {report}", case.name);
    }
    let received = received.lock().unwrap();
    assert_eq!(received.len(), case.received.len(), "{shown}");
    for (received, expected) in received.iter().zip(case.received) {
        match expected {
            Some(expected) => assert_eq!(received, expected, "{shown}"),
            None => assert!(*received < LENGTH, "{shown}: the whole body arrived"),
        }
    }
}

/// A file, a form and bytes in memory arrive at the sandbox as they are.
pub fn an_upload_arrives_whole<T: TestTransport>() {
    let (_, _server, config) = sandbox::start();
    let client = direct::<T>(config);
    let file = Scratch::new(LENGTH);
    let form = Form::new().file("payload", Upload::file(&file.0).unwrap());
    let mut arrived = Vec::new();
    for body in [
        binary(RequestBody::file(&file.0).unwrap()),
        binary(vec![0; LENGTH]),
        Body::form(form),
    ] {
        let response = client.call(UploadBody::<false>(body)).send().unwrap();
        let response: serde_json::Value = serde_json::from_str(&response).unwrap();
        arrived.push((
            response["length"].as_u64().unwrap(),
            response["crc32"].clone(),
        ));
    }
    assert_eq!(arrived[0], arrived[1]);
    assert_eq!(arrived[0].0, LENGTH as u64);
    assert!(arrived[2].0 > LENGTH as u64, "{arrived:?}");
}

/// The server reads as fast as required, but not fast enough for the whole file.
pub fn an_upload_ends_at_its_total_time<T: TestTransport>() {
    let file = Scratch::new(LENGTH);
    let script: &[&[Step]] = &[&[ReadSlowly(LENGTH / 40, 100), Respond(200)]];
    let (address, _) = server::serve(script, &file.0, None);
    let total = TransferLimits::standard().total(Duration::from_secs(1));
    let client = direct::<T>(config(&url("http", address)).transfer(total));
    let body = binary(RequestBody::file(&file.0).unwrap());
    let error = client.call(UploadBody::<false>(body)).send().unwrap_err();
    let found = (error.kind(), error.outcome(), error.attempts());
    assert_eq!(
        found,
        (ErrorKind::Timeout, Outcome::Unknown, 1),
        "{error:?}"
    );
    let report = error.report().to_string();
    assert!(report.contains("longer than 1s"), "{report}");
}

/// Zeros that pause once in the middle, and then go on or fail.
struct Pausing {
    pause: Duration,
    fails: bool,
}

impl BodySource for Pausing {
    fn length(&self) -> u64 {
        LENGTH as u64
    }

    fn open(&self) -> io::Result<Box<dyn io::Read + Send>> {
        let half = self.length() / 2;
        let (pause, fails) = (self.pause, self.fails);
        let middle = move || {
            std::thread::sleep(pause);
            if fails {
                return Err(io::Error::other("the disk is gone"));
            }
            Ok(0)
        };
        let zeros = io::repeat(0).take(half).chain(Once(Some(middle)));
        Ok(Box::new(zeros.chain(io::repeat(0).take(half))))
    }
}

/// Calls a function once, at its first read.
struct Once<F>(Option<F>);

impl<F: FnOnce() -> io::Result<usize>> io::Read for Once<F> {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), |call| call())
    }
}

/// The time in which the source has nothing does not count against the server.
pub fn a_slow_source_is_not_a_slow_server<T: TestTransport>() {
    let (_, _server, config) = sandbox::start();
    let transfer = TransferLimits::standard().idle(Duration::from_millis(300));
    let client = direct::<T>(config.transfer(transfer));
    let source = Pausing {
        pause: Duration::from_secs(1),
        fails: false,
    };
    let upload = UploadBody::<false>(binary(RequestBody::source(source)));
    let arrived = client.call(upload).send().unwrap();
    assert!(
        arrived.contains(&format!("\"length\":{LENGTH}")),
        "{arrived}"
    );
}

/// The server gets no complete body, and the error names the cause.
pub fn a_source_that_fails_ends_the_upload<T: TestTransport>() {
    let (_, _server, config) = sandbox::start();
    let client = direct::<T>(config);
    let source = Pausing {
        pause: Duration::ZERO,
        fails: true,
    };
    let upload = UploadBody::<true>(binary(RequestBody::source(source)));
    let error = client.call(upload).send().unwrap_err();
    let found = (error.kind(), error.outcome(), error.attempts());
    assert_eq!(
        found,
        (ErrorKind::RequestBody, Outcome::Unknown, 1),
        "{error:?}"
    );
    assert!(
        error.report().to_string().contains("the disk is gone"),
        "{error:?}"
    );
    // An empty file is an upload too.
    let empty = Scratch::new(0);
    let upload = UploadBody::<false>(binary(RequestBody::file(&empty.0).unwrap()));
    assert!(client.call(upload).send().unwrap().contains("\"length\":0"));
}
