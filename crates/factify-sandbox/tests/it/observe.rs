//! What an observer of a client sees.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use factify_core::{
    AttemptReport, CallReport, ClientConfig, Observer, RetryPolicy, TransportErrorKind, blocking,
};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox, SandboxTransport};

#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Observer for Notes {
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        let AttemptReport {
            operation,
            attempt: number,
            status,
            error,
            wait,
            ..
        } = attempt;
        let result = match (status, error) {
            (Some(status), _) => status.as_u16().to_string(),
            (None, error) => error.map_or("?", TransportErrorKind::as_str).to_owned(),
        };
        let wait = wait.map_or(String::new(), |wait| format!(", then {wait:?}"));
        let line = format!("  {operation} {number}: {result}{wait}");
        self.0.lock().unwrap().push(line);
    }

    fn called(&self, call: &CallReport<'_>) {
        let CallReport {
            operation,
            attempts,
            elapsed,
            status,
            error,
            request_id,
            ..
        } = call;
        let result = match error {
            Some(error) => format!("{} {}", error.kind().as_str(), error.outcome().as_str()),
            None => "ok".to_owned(),
        };
        let status = status.map_or(0, |status| status.as_u16());
        let id = if request_id.is_some() { " with id" } else { "" };
        let line = format!("{operation}: {attempts} in {elapsed:?}, {status} {result}{id}");
        self.0.lock().unwrap().push(line);
    }
}

impl Notes {
    /// The lines since the last time.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

fn config(sandbox: &Sandbox, notes: &Arc<Notes>) -> ClientConfig {
    let config = sandbox.config(Persona::Admin);
    config
        .observer(Arc::clone(notes) as Arc<dyn Observer>)
        .jitter_seed(1)
}

fn start() -> (Sandbox, Arc<Notes>, blocking::Client<SandboxTransport>) {
    let (sandbox, notes) = (Sandbox::new(1), Arc::new(Notes::default()));
    let client = blocking::Client::new(sandbox.transport(), config(&sandbox, &notes));
    (sandbox, notes, client)
}

#[test]
fn an_observer_sees_attempts_waits_and_calls() {
    let (sandbox, notes, client) = start();
    let invites = client.organization(sandbox.organization_id()).invites();
    sandbox.inject(FaultPlan::schedule([
        Some(Fault::RateLimited {
            retry_after: Some(3),
        }),
        Some(Fault::Delay(Duration::from_secs(2))),
    ]));
    let invite = invites
        .create("a@example.com".parse().unwrap())
        .send()
        .unwrap();
    sandbox.inject(FaultPlan::schedule([Some(Fault::DropAfter)]));
    invites.resend(invite.id).send().unwrap_err();
    let list = invites.list().email_exact("");
    list.send().unwrap_err();
    sandbox.revoke_key(Persona::Admin);
    invites.list().send().unwrap_err();
    assert_eq!(
        notes.take(),
        [
            "  createOrganizationInvite 1: 429, then 3s",
            "  createOrganizationInvite 2: 200",
            "createOrganizationInvite: 2 in 5s, 200 ok",
            "  resendOrganizationInvite 1: interrupted",
            "resendOrganizationInvite: 1 in 0ns, 0 interrupted unknown",
            "listOrganizationInvites: 0 in 0ns, 0 invalid not_applied",
            "  listOrganizationInvites 1: 401",
            "listOrganizationInvites: 1 in 0ns, 401 api not_applied with id",
        ]
    );
}

#[test]
fn the_last_response_is_reported_even_if_later_attempts_get_none() {
    let (sandbox, notes, client) = start();
    let invites = client.organization(sandbox.organization_id()).invites();
    let unavailable = Some(Fault::Unavailable { processed: false });
    let faults = std::iter::once(unavailable).chain(vec![Some(Fault::Refuse); 100]);
    sandbox.inject(FaultPlan::schedule(faults));
    invites.list().send().unwrap_err();
    let call = notes.take().pop().unwrap();
    assert!(call.ends_with(", 503 connect not_applied"), "{call}");
}

#[test]
fn an_ensure_call_is_one_call_and_no_error_if_it_succeeds() {
    let (sandbox, notes, client) = start();
    let invites = client.organization(sandbox.organization_id()).invites();
    let invite = invites
        .create("a@example.com".parse().unwrap())
        .send()
        .unwrap();
    notes.take();
    let ensure = || invites.ensure_revoked(invite.id);

    // The refusal of the second one is no error of the call.
    let _ = ensure().send().unwrap();
    let again = ensure().send().unwrap();
    assert_eq!(again.state.as_str(), "already_revoked");
    let (revoke, list) = ("revokeOrganizationInvite", "listOrganizationInvites");
    assert_eq!(
        notes.take(),
        [
            format!("  {revoke} 1: 200"),
            "invites.ensure_revoked: 1 in 0ns, 200 ok".to_owned(),
            format!("  {revoke} 1: 400"),
            format!("  {list} 1: 200"),
            "invites.ensure_revoked: 2 in 0ns, 200 ok".to_owned(),
        ]
    );

    // Errors of its requests are its errors only if it fails.
    let drop = Some(Fault::DropAfter);
    sandbox.inject(FaultPlan::schedule(vec![drop; 4]));
    let again = ensure().retry(RetryPolicy::never()).send();
    let error = again.unwrap_err();
    assert_eq!(error.attempts(), 2);
    assert_eq!(
        notes.take(),
        [
            format!("  {revoke} 1: interrupted"),
            format!("  {list} 1: interrupted"),
            "invites.ensure_revoked: 2 in 0ns, 0 unverified unknown".to_owned(),
        ]
    );

    // Nothing was sent.
    sandbox.inject(FaultPlan::default());
    ensure().deadline(Duration::ZERO).send().unwrap_err();
    let host = http::header::HOST;
    let reserved = ensure().header(host, http::HeaderValue::from_static("other"));
    reserved.send().unwrap_err();
    assert_eq!(
        notes.take(),
        [
            "invites.ensure_revoked: 0 in 0ns, 0 unverified not_applied",
            "invites.ensure_revoked: 0 in 0ns, 0 invalid not_applied",
        ]
    );
}
