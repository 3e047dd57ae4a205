//! Downloads in chunks, and their progress.

use std::future::poll_fn;
use std::io;
use std::mem::replace;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport, ResponseBody};
use factify_core::{
    BearerToken, CallReport, ClientConfig, Error, ErrorKind, Limits, Now, Observer, PollChunk,
    Progress, RequestBody, TransportError, async_trait,
};
use http::{Request, Response};

use super::store::Event::{Change, Cut, IgnoreRange, Normal, Refuse};
use super::store::{CHUNK, CONTENT, DOCUMENT, LENGTH, Store};

#[test]
fn progress_counts_the_bytes_of_the_file() {
    let reports = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&reports);
    let store = Store::new(&[Cut(CHUNK), IgnoreRange, Cut(5 * CHUNK)]);
    let client = store.client();
    let call = client.document(DOCUMENT).download();
    let call = call.on_progress(move |progress| seen.lock().unwrap().push(progress));
    call.to_writer(io::sink()).unwrap();
    let expected: Vec<_> = (1..=(LENGTH / CHUNK) as u64)
        .map(|chunk| Progress::new(chunk * CHUNK as u64, Some(LENGTH as u64)))
        .collect();
    assert_eq!(*reports.lock().unwrap(), expected);
}

#[test]
fn a_file_arrives_in_chunks() {
    let store = Store::new(&[Cut(CHUNK), Cut(0), Refuse(403)]);
    let client = store.client();
    let mut chunks = client.document(DOCUMENT).download().chunks();
    assert_eq!(
        (store.exports(), chunks.total()),
        (0, None),
        "nothing was sent yet"
    );
    let first = chunks.next().unwrap().unwrap();
    assert_eq!(
        (chunks.bytes(), chunks.total()),
        (CHUNK as u64, Some(LENGTH as u64))
    );
    assert_eq!(chunks.content_type().unwrap(), "application/pdf");
    let rest: Vec<_> = chunks.by_ref().map(Result::unwrap).collect();
    assert!(first == CONTENT[..CHUNK] && rest.concat() == CONTENT[CHUNK..]);
    assert!(chunks.next().is_none());

    let store = Store::new(&[Cut(CHUNK), Change]);
    let client = store.client();
    let mut chunks = client.document(DOCUMENT).download().chunks();
    assert!(chunks.next().unwrap().is_ok());
    let error = chunks.next().unwrap().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Mismatch, 3));
    assert!(chunks.next().is_none());
}

#[test]
fn the_time_of_a_download_begins_with_the_first_chunk() {
    let hour = Duration::from_secs(60 * 60);
    for (event, expected) in [(Normal, None), (Refuse(404), Some(404))] {
        let store = Store::new(&[event]);
        let client = store.client();
        let call = client.document(DOCUMENT).download().deadline(hour / 2);
        let mut chunks = call.chunks();
        *store.time.lock().unwrap() += hour;
        let error = chunks.find_map(Result::err);
        let status = error.as_ref().and_then(Error::status);
        assert_eq!(status.map(|status| status.as_u16()), expected, "{error:?}");
        let elapsed = error.map(|error| error.elapsed());
        assert_eq!(elapsed.unwrap_or_default(), Duration::ZERO);
    }
}

/// The ends of calls: their requests, and whether they were dropped.
#[derive(Default)]
struct Ends(Mutex<Vec<(u32, bool)>>);

impl Observer for Ends {
    fn called(&self, call: &CallReport<'_>) {
        assert_eq!(call.operation, "documents.download");
        let error = call.error.map(Error::kind);
        let is_dropped = error == Some(ErrorKind::Cancelled);
        self.0.lock().unwrap().push((call.attempts, is_dropped));
    }
}

#[test]
fn a_download_is_reported_once_it_has_begun() {
    for (chunks, expected) in [
        (0, vec![]),
        (1, vec![(2, true)]),
        (LENGTH / CHUNK, vec![(2, true)]),
        (LENGTH / CHUNK + 1, vec![(2, false)]),
    ] {
        let (store, ends) = (Store::new(&[]), Arc::new(Ends::default()));
        let config = ClientConfig::new(BearerToken::new("ffy_test_x").unwrap());
        let client = Client::new(&store, config.observer(ends.clone()));
        let mut download = client.document(DOCUMENT).download().chunks();
        assert!(download.by_ref().take(chunks).all(|chunk| chunk.is_ok()));
        drop(download);
        assert_eq!(*ends.0.lock().unwrap(), expected, "{chunks}");
    }
}

/// The same store for an async client. Each wait takes two polls.
pub(super) struct Awaited(pub(super) &'static Store);

async fn twice() {
    let mut is_second = false;
    poll_fn(|_| {
        if replace(&mut is_second, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// The chunks of a response, and whether the next poll is the second one.
struct AwaitedBody(ResponseBody, bool);

impl PollChunk for AwaitedBody {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        self.1 = !self.1;
        if self.1 {
            Poll::Pending
        } else {
            Poll::Ready(self.0.chunk())
        }
    }
}

#[async_trait]
impl factify_core::HttpTransport for Awaited {
    async fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        twice().await;
        self.0.send(request, limits)
    }

    async fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<factify_core::ResponseBody>, TransportError> {
        twice().await;
        let response = self.0.fetch(request, limits)?;
        Ok(response.map(|body| factify_core::ResponseBody::new(AwaitedBody(body, false))))
    }

    async fn sleep(&self, time: Duration) {
        twice().await;
        self.0.sleep(time);
    }

    fn now(&self) -> Now {
        self.0.now()
    }
}

/// Each future is dropped after its first poll, and none of the work is done twice.
#[test]
fn chunks_survive_a_dropped_future() {
    let store = Box::leak(Box::new(Store::new(&[Cut(CHUNK), Cut(0), Refuse(403)])));
    let token = BearerToken::new("ffy_test_x").unwrap();
    let client = factify_core::Client::new(Awaited(store), token);
    let mut chunks = client.document(DOCUMENT).download().chunks();
    let mut context = Context::from_waker(Waker::noop());
    let mut arrived = Vec::new();
    loop {
        match pin!(chunks.next()).poll(&mut context) {
            Poll::Pending => {}
            Poll::Ready(Some(chunk)) => arrived.extend(chunk.unwrap()),
            Poll::Ready(None) => break,
        }
    }
    assert!(arrived == *CONTENT);
    assert_eq!((store.exports(), store.ranges().len()), (2, 4));
}
