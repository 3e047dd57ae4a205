//! Downloads from presigned URLs.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport, ResponseBody};
use factify_core::{
    BearerToken, ClientConfig, Delivery, Error, ErrorKind, Limits, Now, Outcome, PresignedUrl,
    RequestBody, TransferLimits, TransportError, TransportErrorKind,
};
use http::header::{CONTENT_LENGTH, LOCATION};
use http::{Request, Response, StatusCode};

type Chunk = Result<&'static [u8], TransportErrorKind>;

/// The status, the announced length and the chunks. Status 0 means no response.
type Canned = (u16, Option<u64>, Vec<Chunk>);

/// A store that returns these responses one by one.
struct Store {
    responses: Mutex<Vec<Canned>>,
    requests: Mutex<Vec<(String, Limits)>>,
}

impl HttpTransport for Store {
    fn send(&self, _: Request<RequestBody>, _: &Limits) -> Result<Response<Bytes>, TransportError> {
        Err(TransportError::timed_out(Delivery::NotSent))
    }

    fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let request = format!("{} {:?}", request.uri(), request.headers());
        self.requests.lock().unwrap().push((request, *limits));
        let (status, length, chunks) = self.responses.lock().unwrap().remove(0);
        if status == 0 {
            return Err(TransportError::timed_out(Delivery::NotSent));
        }
        let chunks = chunks.into_iter().map(|chunk| match chunk {
            Ok(bytes) => Ok(Bytes::from_static(bytes)),
            Err(kind) => Err(TransportError::sent(kind, "a cause")),
        });
        let mut response = Response::new(ResponseBody::new(chunks));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        let headers = response.headers_mut();
        headers.insert(LOCATION, "https://elsewhere.example".parse().unwrap());
        if let Some(length) = length {
            headers.insert(CONTENT_LENGTH, length.into());
        }
        Ok(response)
    }

    fn sleep(&self, _: Duration) {}

    fn now(&self) -> Now {
        Now::default()
    }
}

fn client(responses: Vec<Canned>) -> Client<Store> {
    let token = BearerToken::new("ffy_test_TOKENCANARY").unwrap();
    let store = Store {
        responses: Mutex::new(responses),
        requests: Mutex::default(),
    };
    Client::new(store, ClientConfig::new(token))
}

fn url() -> PresignedUrl {
    let url = PresignedUrl::parse("https://store.example/file?signature=URLCANARY").unwrap();
    url.header("x-key".parse().unwrap(), "v".parse().unwrap())
        .unwrap()
}

fn download(client: &Client<Store>, out: impl Write) -> Result<u64, Error> {
    client.download(url()).max_bytes(10).send()?.to_writer(out)
}

#[test]
fn a_body_is_complete_or_ends_with_an_error() {
    use ErrorKind::{Interrupted, Malformed, Timeout, TooLarge};
    let broken = TransportErrorKind::Interrupted;
    for (length, chunks, expected) in [
        (Some(5), vec![Ok(&b"12"[..]), Ok(b"345")], Ok(5)),
        (None, vec![Ok(&b"12"[..]), Ok(b"345")], Ok(5)),
        (Some(0), vec![], Ok(0)),
        (Some(6), vec![Ok(&b"12345"[..])], Err(Interrupted)),
        (Some(4), vec![Ok(&b"12345"[..])], Err(Malformed)),
        (None, vec![Ok(&b"12345"[..]), Err(broken)], Err(Interrupted)),
        (
            Some(5),
            vec![Ok(&b"12"[..]), Err(TransportErrorKind::Timeout)],
            Err(Timeout),
        ),
        (None, vec![Ok(&b"0123456789"[..])], Ok(10)),
        (None, vec![Ok(&b"0123456789"[..]), Ok(b"x")], Err(TooLarge)),
        (Some(11), vec![Ok(&b"0"[..])], Err(TooLarge)),
    ] {
        let client = client(vec![(200, length, chunks.clone())]);
        let mut out = Vec::new();
        let found = download(&client, &mut out);
        assert_eq!(
            found.as_ref().map_err(Error::kind),
            expected.as_ref().map_err(|kind| *kind),
            "{length:?} {chunks:?}"
        );
        if let Err(error) = found {
            assert_eq!(error.outcome(), Outcome::NotApplied);
            assert_eq!(error.operation(), "download");
        }
    }
}

#[test]
fn after_an_error_there_are_no_more_chunks() {
    let client = client(vec![(
        200,
        None,
        vec![Err(TransportErrorKind::Interrupted), Ok(b"1")],
    )]);
    let mut download = client.download(url()).send().unwrap();
    assert!(download.chunk().unwrap().is_err());
    assert!(download.chunk().is_none());
}

#[test]
fn an_error_response_is_an_error_and_temporary_errors_are_retried() {
    for (responses, kind, attempts) in [
        (
            vec![(403, None, vec![Ok(&b"<Error/>"[..])])],
            ErrorKind::Api,
            1,
        ),
        (vec![(404, None, vec![])], ErrorKind::Api, 1),
        (vec![(302, None, vec![])], ErrorKind::Redirect, 1),
        (
            vec![(0, None, vec![]), (503, None, vec![]), (403, None, vec![])],
            ErrorKind::Api,
            3,
        ),
    ] {
        let client = client(responses);
        let error = download(&client, io::sink()).unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (kind, attempts));
        assert_eq!(
            client.transport().requests.lock().unwrap().len(),
            attempts as usize
        );
        if error.status() == Some(StatusCode::FORBIDDEN) {
            let report = error.report().to_string();
            assert!(report.contains("may have expired"), "{report}");
        }
    }
    let client = client(vec![(503, None, vec![]), (200, Some(1), vec![Ok(b"1")])]);
    assert_eq!(download(&client, io::sink()).unwrap(), 1);
}

#[test]
fn the_token_and_the_url_are_never_shown() {
    let client = client(vec![(
        403,
        None,
        vec![Ok(b"<Error>signature=URLCANARY</Error>")],
    )]);
    let call = client.download(url());
    let printed = format!("{call:?} {:?}", url());
    let error = call.send().unwrap_err();
    let shown = format!("{printed} {error} {error:?} {}", error.report());
    assert!(!shown.contains("CANARY"), "{shown}");
    let requests = client.transport().requests.lock().unwrap();
    let (request, limits) = &requests[0];
    assert!(
        request.contains("x-key") && request.contains("user-agent"),
        "{request}"
    );
    assert!(!request.contains("TOKENCANARY") && !request.contains("authorization"));
    assert_eq!(limits.transfer, Some(TransferLimits::standard()));
}

#[test]
fn progress_is_reported_after_each_chunk() {
    let client = client(vec![(200, Some(5), vec![Ok(b"12"), Ok(b"345")])]);
    let reports = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&reports);
    let call = client.download(url());
    let call = call.on_progress(move |progress| {
        seen.lock().unwrap().push((progress.bytes, progress.total));
    });
    let mut download = call.send().unwrap();
    assert_eq!(download.content_length(), Some(5));
    assert_eq!(download.headers()["content-length"], "5");
    assert_eq!(download.by_ref().map(Result::unwrap).count(), 2);
    assert_eq!(*reports.lock().unwrap(), [(2, Some(5)), (5, Some(5))]);
}

#[test]
fn a_failing_writer_has_its_own_error_kind() {
    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let client = client(vec![(200, Some(1), vec![Ok(b"1")])]);
    let error = download(&client, Full).unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Write, Outcome::NotApplied)
    );
}

#[test]
fn each_part_of_the_url_and_each_header_is_a_secret() {
    for echoed in [
        "/dl/PATHCANARY",
        "signature=URLCANARY",
        "URLCANARY",
        "/dl/PATHCANARY?signature=URLCANARY&policy=a%2FPOLICYCANARY",
        "a/POLICYCANARY",
        "a%2FPOLICYCANARY",
        "KEYCANARY",
    ] {
        let body = format!("<Error>{echoed}</Error>").leak();
        let client = client(vec![(403, None, vec![Ok(body.as_bytes())])]);
        let url = "https://store.example/dl/PATHCANARY?signature=URLCANARY&policy=a%2FPOLICYCANARY";
        let url = PresignedUrl::parse(url).unwrap();
        let key = "KEYCANARY".parse().unwrap();
        let url = url.header("x-key".parse().unwrap(), key).unwrap();
        let error = client.download(url).send().unwrap_err();
        let shown = format!("{error} {error:?} {}", error.report());
        assert!(!shown.contains("CANARY"), "{echoed}: {shown}");
    }
}

#[test]
fn an_error_in_the_body_says_how_far_it_was() {
    let broken = Err(TransportErrorKind::Interrupted);
    let client = client(vec![
        (503, None, vec![]),
        (200, Some(9), vec![Ok(b"12345"), broken]),
    ]);
    let error = download(&client, io::sink()).unwrap_err();
    assert_eq!(error.attempts(), 2);
    assert_eq!(
        error.to_string(),
        "download: the download broke off after 5 bytes (2 attempts, nothing was changed)"
    );
}
