//! What `tracing` shows of calls, and what it never shows. This test has its own process, because the
//! subscriber is global.

#![allow(clippy::unwrap_used)]

use std::io;
use std::sync::{Arc, Mutex};

use factify_core::{AttemptReport, CallReport, Client, ClientConfig, Observer, blocking};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};
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

#[test]
fn tracing_has_a_span_for_a_call_and_an_event_for_an_attempt() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let sandbox = Sandbox::new(1);
    tracing::subscriber::with_default(subscriber, || {
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
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(invites.accept(token).send()).unwrap_err();
    });
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for expected in [
        "otel.name=\"listOrganizationInvites\"",
        "url.template=\"/v1beta/organizations/{organization_id}/invites\"",
        "server.address=\"api.factify.com\"",
        "factify.attempt=1 http.response.status_code=503",
        "factify.attempt=2 http.response.status_code=200",
        "http.request.resend_count=1",
        "factify.outcome=NotApplied",
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
