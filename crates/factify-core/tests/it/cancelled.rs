//! A call that ends without a result, because its future is dropped or its transport panics. The observer
//! gets a report with the correct outcome.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use bytes::Bytes;
use factify_core::{
    AttemptReport, BearerToken, CallReport, Client, ClientConfig, DocumentId, ErrorKind,
    HttpTransport, InviteId, Limits, Now, Observer, OrganizationId, Outcome, Pace, PacedRequest,
    PresignedUrl, RequestBody, TransportError, blocking,
};
use http::{Request, Response, StatusCode};

const ORGANIZATION: OrganizationId = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
const DOCUMENT: DocumentId = DocumentId::literal("doc_01h2xcejqtf2nbrexx3vqjhp41");
const INVITE: InviteId = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");

/// After these responses and this number of waits, the next one takes seven seconds and does not end.
struct Stuck {
    responses: &'static [(u16, &'static str)],
    sent: AtomicUsize,
    waits: usize,
    waited: AtomicUsize,
    /// The time in seconds.
    time: AtomicU64,
}

impl Stuck {
    fn after(responses: &'static [(u16, &'static str)], waits: usize) -> Self {
        Self {
            responses,
            sent: AtomicUsize::new(0),
            waits,
            waited: AtomicUsize::new(0),
            time: AtomicU64::new(100),
        }
    }

    fn next(&self) -> Option<Response<Bytes>> {
        let sent = self.sent.fetch_add(1, Ordering::Relaxed);
        let (status, body) = self.responses.get(sent)?;
        let mut response = Response::new(Bytes::from_static(body.as_bytes()));
        *response.status_mut() = StatusCode::from_u16(*status).unwrap();
        Some(response)
    }

    async fn get_stuck(&self) {
        self.time.fetch_add(7, Ordering::Relaxed);
        std::future::pending::<()>().await;
    }

    fn clock(&self) -> Now {
        let seconds = self.time.load(Ordering::Relaxed);
        Now {
            monotonic: Duration::from_secs(seconds),
            ..Now::default()
        }
    }
}

#[async_trait::async_trait]
impl HttpTransport for Stuck {
    async fn send(
        &self,
        _: Request<RequestBody>,
        _: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let next = self.next();
        if next.is_none() {
            self.get_stuck().await;
        }
        Ok(next.expect("it is stuck"))
    }

    async fn sleep(&self, _: Duration) {
        if self.waited.fetch_add(1, Ordering::Relaxed) >= self.waits {
            self.get_stuck().await;
        }
    }

    fn now(&self) -> Now {
        self.clock()
    }
}

impl blocking::HttpTransport for Stuck {
    fn send(&self, _: Request<RequestBody>, _: &Limits) -> Result<Response<Bytes>, TransportError> {
        Ok(self.next().expect("a blocking transport that panics"))
    }

    fn now(&self) -> Now {
        self.clock()
    }
}

/// The name of the call, its requests, its time, the status of the last response, and its outcome if it was
/// cancelled.
type Ended = (&'static str, u32, Duration, Option<u16>, Option<Outcome>);

#[derive(Default)]
struct Calls(Mutex<Vec<Ended>>);

impl Observer for Calls {
    fn called(&self, call: &CallReport<'_>) {
        let cancelled = call
            .error
            .filter(|error| error.kind() == ErrorKind::Cancelled);
        let outcome = cancelled.map(factify_core::Error::outcome);
        if let Some(error) = cancelled {
            assert_eq!(error.operation(), call.operation);
            assert_eq!(
                (error.attempts(), error.elapsed()),
                (call.attempts, call.elapsed)
            );
        }
        let status = call.status.map(|status| status.as_u16());
        let ended = (call.operation, call.attempts, call.elapsed, status, outcome);
        self.0.lock().unwrap().push(ended);
    }
}

impl Calls {
    fn config(self: &Arc<Self>) -> ClientConfig {
        ClientConfig::new(BearerToken::new("ffy_test_example").unwrap()).observer(self.clone())
    }

    fn take(&self) -> Vec<Ended> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// An observer that cannot be used after its first panic.
#[derive(Default)]
struct Poisoned(Mutex<()>);

impl Observer for Poisoned {
    fn attempted(&self, _: &AttemptReport<'_>) {
        let _locked = self.0.lock().unwrap();
        panic!("an observer that panics");
    }

    fn called(&self, _: &CallReport<'_>) {
        drop(self.0.lock().unwrap());
    }
}

/// Polls a future once and drops it.
fn begin<F: Future>(future: F) {
    let mut context = Context::from_waker(Waker::noop());
    assert!(pin!(future).poll(&mut context).is_pending());
}

const LIMITED: (u16, &str) = (429, "");
const UNAVAILABLE: (u16, &str) = (503, "");
const REFUSED: (u16, &str) = (400, r#"{"code":"failed_precondition","message":"m"}"#);
const PROCESSING: (u16, &str) = (
    200,
    r#"{"document":{"id":"doc_01h2xcejqtf2nbrexx3vqjhp41","title":"Report","url":"https://example.com/d","created_by":
    {"id":"user_1","type":"user","name":"A"},"created_at":"2026-01-15T01:30:15Z","processing_status":"processing",
    "access_level":"private"}}"#,
);
const NOT_YET: (u16, &str) = (
    200,
    r#"{"invite":{"id":"inv_01h2xcejqtf2nbrexx3vqjhp41","organization_id":
    "org_01h2xcejqtf2nbrexx3vqjhp41","email":"a@b.co","status":"pending","sender":{"id":"user_1",
    "name":"A","email":"a@b.co"},"created_at":"2026-01-15T01:30:15Z","expires_at":"2026-01-22T01:30:15Z"}}"#,
);

#[test]
fn a_dropped_call_is_reported() {
    use Outcome::{NotApplied, Unknown};

    let seven = Duration::from_secs(7);
    // The responses and the waits before, the name of the call, its requests and its outcome.
    for (responses, waits, name, attempts, outcome) in [
        (&[][..], 0, "revokeOrganizationInvite", 1, Unknown),
        // It waits before the next attempt.
        (&[LIMITED], 0, "revokeOrganizationInvite", 1, NotApplied),
        (&[UNAVAILABLE], 0, "revokeOrganizationInvite", 1, Unknown),
        // A later attempt does not hide an earlier one that may have been applied.
        (
            &[LIMITED, LIMITED],
            1,
            "revokeOrganizationInvite",
            2,
            NotApplied,
        ),
        (
            &[UNAVAILABLE, LIMITED],
            1,
            "revokeOrganizationInvite",
            2,
            Unknown,
        ),
        (&[LIMITED], 1, "revokeOrganizationInvite", 2, Unknown),
        // A call that only reads is never applied.
        (&[], 0, "listOrganizationInvites", 1, NotApplied),
        (&[UNAVAILABLE], 0, "listOrganizationInvites", 1, NotApplied),
        (&[], 0, "download", 1, NotApplied),
        // All requests of a call that makes several of them count.
        (&[], 0, "documents.wait_until_processed", 1, NotApplied),
        (
            &[PROCESSING],
            0,
            "documents.wait_until_processed",
            1,
            NotApplied,
        ),
        (
            &[PROCESSING],
            1,
            "documents.wait_until_processed",
            2,
            NotApplied,
        ),
        (
            &[UNAVAILABLE],
            1,
            "documents.wait_until_processed",
            2,
            NotApplied,
        ),
        (&[], 0, "invites.ensure_revoked", 1, Unknown),
        (&[LIMITED], 0, "invites.ensure_revoked", 1, NotApplied),
        (&[UNAVAILABLE], 0, "invites.ensure_revoked", 1, Unknown),
        // It reads the list, which changes nothing.
        (&[REFUSED], 0, "invites.ensure_revoked", 2, NotApplied),
        (&[NOT_YET], 0, "invites.ensure_revoked", 2, Unknown),
    ] {
        let calls = Arc::new(Calls::default());
        let client = Client::new(Stuck::after(responses, waits), calls.config());
        let invites = client.organization(ORGANIZATION).invites();
        match name {
            "revokeOrganizationInvite" => begin(invites.revoke(INVITE).send()),
            "listOrganizationInvites" => begin(invites.list().send()),
            "download" => {
                let url = PresignedUrl::parse("https://files.example.com/report.pdf");
                begin(client.download(url.unwrap()).send());
            }
            "documents.wait_until_processed" => {
                begin(client.document(DOCUMENT).wait_until_processed().send());
            }
            _ => begin(invites.ensure_revoked(INVITE).send()),
        }
        let status = responses.last().map(|(status, _)| *status);
        let expected = [(name, attempts, seven, status, Some(outcome))];
        assert_eq!(calls.take(), expected, "{responses:?}");
    }
}

#[test]
fn a_call_that_was_never_polled_is_not_reported() {
    let calls = Arc::new(Calls::default());
    let client = Client::new(Stuck::after(&[], 0), calls.config());
    let invites = client.organization(ORGANIZATION).invites();
    drop(invites.revoke(INVITE).send());
    drop(invites.ensure_revoked(INVITE).send());
    assert_eq!(calls.take(), []);
}

#[test]
fn a_call_that_has_ended_is_reported_once() {
    let calls = Arc::new(Calls::default());
    let client = blocking::Client::new(Stuck::after(&[REFUSED], 0), calls.config());
    let invites = client.organization(ORGANIZATION).invites();
    invites.revoke(INVITE).send().unwrap_err();
    assert_eq!(
        calls.take(),
        [(
            "revokeOrganizationInvite",
            1,
            Duration::ZERO,
            Some(400),
            None
        )]
    );
}

/// A pace with this wait for each request. It keeps the numbers of the requests that asked, and that gave up.
#[derive(Default)]
struct Queue {
    wait: Duration,
    asked: Mutex<Vec<u64>>,
    gave_up: Mutex<Vec<u64>>,
}

impl Pace for Queue {
    fn turn_blocking(&self, request: &PacedRequest) -> Duration {
        self.asked.lock().unwrap().push(request.id);
        self.wait
    }

    fn gave_up(&self, request: &PacedRequest) {
        self.gave_up.lock().unwrap().push(request.id);
    }
}

#[test]
fn a_dropped_call_leaves_the_queue_of_its_pace() {
    let token = BearerToken::new("ffy_test_example").unwrap();
    for (wait, gives_up) in [(Duration::from_secs(5), true), (Duration::ZERO, false)] {
        let pace = Arc::new(Queue {
            wait,
            ..Queue::default()
        });
        let config = ClientConfig::new(token.clone()).pace(pace.clone());
        let client = Client::new(Stuck::after(&[], 0), config);
        let invites = client.organization(ORGANIZATION).invites();
        begin(invites.revoke(INVITE).send());
        let asked = pace.asked.lock().unwrap();
        let expected = if gives_up { &**asked } else { &[] };
        assert_eq!(
            (asked.len(), &**pace.gave_up.lock().unwrap()),
            (1, expected)
        );
    }
}

#[derive(Default)]
struct Reports(Mutex<Vec<String>>);

impl Observer for Reports {
    fn called(&self, call: &CallReport<'_>) {
        let report = call.error.map(|error| error.report().to_string());
        self.0.lock().unwrap().extend(report);
    }
}

#[test]
fn the_report_of_a_dropped_call_says_what_may_exist() {
    let reports = Arc::new(Reports::default());
    let token = BearerToken::new("ffy_test_example").unwrap();
    let config = ClientConfig::new(token).observer(reports.clone());
    let client = Client::new(Stuck::after(&[], 0), config);
    begin(client.api_keys().create(ORGANIZATION, "nightly").send());
    let reports = reports.0.lock().unwrap();
    let advice =
        "An API key with the name \"nightly\" may exist in org_01h2xcejqtf2nbrexx3vqjhp41 now";
    assert!(
        reports.len() == 1 && reports[0].contains(advice),
        "{reports:?}"
    );
}

fn panics(call: &dyn Fn()) {
    assert!(catch_unwind(AssertUnwindSafe(call)).is_err());
}

#[test]
fn a_second_panic_of_an_observer_does_not_abort_the_process() {
    for responses in [&[REFUSED][..], &[UNAVAILABLE]] {
        let config = Arc::new(Calls::default())
            .config()
            .observer(Arc::new(Poisoned::default()));
        let client = blocking::Client::new(Stuck::after(responses, 1), config);
        let invites = client.organization(ORGANIZATION).invites();
        panics(&|| drop(invites.revoke(INVITE).send()));
        panics(&|| drop(invites.ensure_revoked(INVITE).send()));
    }
}

#[test]
fn a_call_whose_transport_panics_is_reported() {
    let calls = Arc::new(Calls::default());
    let client = blocking::Client::new(Stuck::after(&[], 0), calls.config());
    let invites = client.organization(ORGANIZATION).invites();
    panics(&|| drop(invites.revoke(INVITE).send()));
    panics(&|| drop(invites.ensure_revoked(INVITE).send()));
    let unknown = Some(Outcome::Unknown);
    assert_eq!(
        calls.take(),
        [
            ("revokeOrganizationInvite", 1, Duration::ZERO, None, unknown),
            ("invites.ensure_revoked", 1, Duration::ZERO, None, unknown),
        ]
    );
}
