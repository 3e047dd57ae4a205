//! What `tracing` shows of calls, and what it never shows. These tests have their own process, because
//! subscribers share state.

#![allow(clippy::unwrap_used)]

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, Once};
use std::task::{Context, Waker};
use std::time::Duration;

use bytes::Bytes;
use factify_core::invites::Ensured;
use factify_core::{
    AttemptReport, BearerToken, CallReport, Client, ClientConfig, Error, HttpTransport, InviteId,
    Limits, Now, Observer, OrganizationId, RequestBody, TransportError, blocking,
};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};
use http::{Request, Response};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

fn config(sandbox: &Sandbox) -> ClientConfig {
    let config = sandbox.config(Persona::Admin);
    config.observer(Arc::new(Logging))
}

struct Logging;

impl Observer for Logging {
    fn attempted(&self, _: &AttemptReport<'_>) {
        tracing::info!("observer called");
    }

    fn called(&self, _: &CallReport<'_>) {
        tracing::info!("observer called");
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What is logged during `work`.
fn log(work: impl FnOnce()) -> String {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    static EVERYTHING_IS_OF_INTEREST: Once = Once::new();
    let _guard = ONE_AT_A_TIME.lock();
    // Without a global subscriber, an event that a thread without a subscriber reaches first stays off for all.
    EVERYTHING_IS_OF_INTEREST.call_once(|| {
        tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap();
    });
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, work);
    let log = log.0.lock().unwrap().clone();
    String::from_utf8(log).unwrap()
}

fn on_runtime<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(future)
}

#[test]
fn tracing_has_a_span_for_a_call_and_an_event_for_an_attempt() {
    let sandbox = Sandbox::new(1);
    let log = log(|| {
        sandbox.inject(FaultPlan::schedule([Some(Fault::Unavailable {
            processed: false,
        })]));
        let client = blocking::Client::new(sandbox.transport(), config(&sandbox));
        let invites = client.organization(sandbox.organization_id()).invites();
        invites.list().email_contains("CANARY").send().unwrap();
        let create = invites.create("canary@example.com".parse().unwrap());
        create.message("a CANARY in a mine").send().unwrap();
        let token = sandbox.outbox().pop().unwrap().token().unwrap();
        let client = Client::new(sandbox.transport(), config(&sandbox));
        let invites = client.organization(sandbox.organization_id()).invites();
        on_runtime(invites.accept(token).send()).unwrap_err();
    });
    for expected in [
        "otel.name=\"listOrganizationInvites\"",
        "url.template=\"/v1beta/organizations/{organization_id}/invites\"",
        "server.address=\"sandbox.invalid\"",
        "factify.attempt=1 http.response.status_code=503",
        "factify.attempt=2 http.response.status_code=200",
        "http.request.resend_count=1",
        "factify.outcome=\"not_applied\"",
        "factify.request_id=\"req_",
    ] {
        assert!(log.contains(expected), "{expected} is not in\n{log}");
    }
    // Three attempts and two calls of the blocking client, one of each of the async client.
    let observed = || log.lines().filter(|line| line.contains("observer called"));
    assert_eq!(observed().count(), 7, "{log}");
    assert!(observed().all(|line| line.contains("otel.name=")), "{log}");

    let token = sandbox.outbox().pop().unwrap();
    for secret in [
        "CANARY",
        "canary",
        &*sandbox.key(Persona::Admin),
        token.expose_token(),
    ] {
        assert!(!log.contains(secret), "{log}");
    }
}

/// A sandbox with an invite that is revoked already.
fn revoked() -> (Sandbox, OrganizationId, InviteId) {
    let sandbox = Sandbox::new(1);
    let client = blocking::Client::new(sandbox.transport(), config(&sandbox));
    let invites = client.organization(sandbox.organization_id()).invites();
    let invite = invites.create("a@example.com".parse().unwrap()).send();
    let invite = invites.revoke(invite.unwrap().id).send().unwrap();
    let organization = sandbox.organization_id();
    (sandbox, organization, invite.id)
}

type Ensure = fn(&Sandbox, OrganizationId, InviteId) -> Result<Ensured, Error>;

#[test]
fn an_ensure_call_has_one_span_with_its_requests_below() {
    let ensure_blocking = |sandbox: &Sandbox, organization, invite| {
        let client = blocking::Client::new(sandbox.transport(), config(sandbox));
        let invites = client.organization(organization).invites();
        invites.ensure_revoked(invite).send()
    };
    let ensure_async = |sandbox: &Sandbox, organization, invite| {
        let client = Client::new(sandbox.transport(), config(sandbox));
        let invites = client.organization(organization).invites();
        on_runtime(invites.ensure_revoked(invite).send())
    };
    for (number, ensure) in [ensure_blocking as Ensure, ensure_async]
        .into_iter()
        .enumerate()
    {
        let (sandbox, organization, invite) = revoked();
        let succeeded = log(|| drop(ensure(&sandbox, organization, invite).unwrap()));
        sandbox.inject(FaultPlan::random(1, 1, [Fault::DropAfter]));
        let failed = log(|| drop(ensure(&sandbox, organization, invite).unwrap_err()));
        for log in [&succeeded, &failed] {
            for part in ["revokeOrganizationInvite", "listOrganizationInvites"] {
                let name = format!("otel.name=\"{part}\"");
                let lines = || log.lines().filter(|line| line.contains(&name));
                assert!(lines().count() > 0, "{number}: {part} is not in\n{log}");
                for line in lines() {
                    let (before, after) = line.split_once(&name).unwrap();
                    let is_below = before.contains("otel.name=\"invites.ensure_revoked\"");
                    assert!(is_below, "{number}: {line}");
                    assert!(!after.contains("ERROR"), "{number}: {line}");
                }
            }
        }
        let error =
            "otel.status_code=\"ERROR\" error.type=\"unverified\" factify.outcome=\"unknown\"";
        assert!(!succeeded.contains("ERROR"), "{number}: {succeeded}");
        assert!(failed.contains(error), "{number}: {failed}");
        // The observer is called within the span: two attempts, and the call.
        let observed = succeeded
            .lines()
            .filter(|line| line.contains("observer called"));
        assert_eq!(observed.count(), 3, "{number}: {succeeded}");
    }
}

/// A transport whose responses never arrive.
struct Silent;

#[async_trait::async_trait]
impl HttpTransport for Silent {
    async fn send(
        &self,
        _: Request<RequestBody>,
        _: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        std::future::pending().await
    }

    async fn sleep(&self, _: Duration) {}

    fn now(&self) -> Now {
        Now::default()
    }
}

#[test]
fn the_span_of_a_dropped_call_says_that_it_was_cancelled() {
    let (_, organization, invite) = revoked();
    let key = BearerToken::new("ffy_test_example").unwrap();
    let client = Client::new(Silent, key);
    let invites = client.organization(organization).invites();
    let begin = |call: &mut (dyn Future<Output = ()> + Unpin)| {
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(call).poll(&mut context).is_pending());
    };
    let revoke = log(|| {
        begin(&mut Box::pin(async {
            drop(invites.revoke(invite).send().await);
        }));
    });
    let ensure = log(|| {
        begin(&mut Box::pin(async {
            drop(invites.ensure_revoked(invite).send().await);
        }));
    });
    for (log, name) in [
        (revoke, "revokeOrganizationInvite"),
        (ensure, "invites.ensure_revoked"),
    ] {
        let name = format!("otel.name=\"{name}\"");
        let error = "error.type=\"cancelled\" factify.outcome=\"unknown\"";
        let mut closed = log.lines().filter(|line| line.contains(": close"));
        let last = closed.next_back().unwrap();
        assert!(last.contains(&name) && last.contains(error), "{log}");
    }
}
