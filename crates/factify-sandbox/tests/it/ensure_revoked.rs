//! `ensure_revoked` of invites, and what its errors say.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use factify_core::invites::{
    Ensured, OrganizationInviteStatus as Status, RevokeOrganizationInvite,
};
use factify_core::{
    AttemptReport, ClientConfig, Error, ErrorKind, InviteId, Observer, Operation, Outcome, blocking,
};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};

pub(crate) const DEADLINE: Duration = Duration::from_secs(120);
pub(crate) const CAP: usize = 64 << 10;
const WEEK: Duration = Duration::from_secs(7 * 86_400);

pub(crate) fn config(sandbox: &Sandbox) -> ClientConfig {
    sandbox
        .config(Persona::Admin)
        .max_response_bytes(CAP)
        .deadline(DEADLINE)
        .jitter_seed(1)
}

fn ensure_blocking(sandbox: &Sandbox, id: InviteId) -> Result<Ensured, Error> {
    let client = blocking::Client::new(sandbox.transport(), config(sandbox));
    client
        .organization(sandbox.organization_id())
        .invites()
        .ensure_revoked(id)
        .send()
}

/// A sandbox with an invite in a given state, and other invites.
pub(crate) fn scene(state: &Status) -> (Sandbox, InviteId) {
    let sandbox = Sandbox::new(5);
    let dwight = sandbox.add_user("Dwight", "dwight@example.com").token();
    let client = blocking::Client::new(sandbox.transport(), config(&sandbox));
    let invites = client.organization(sandbox.organization_id()).invites();
    let id = invites
        .create("dwight@example.com".parse().unwrap())
        .send()
        .unwrap()
        .id;
    invites
        .create("jim@example.com".parse().unwrap())
        .send()
        .unwrap();
    match state {
        Status::Pending => {}
        Status::Expired => sandbox.advance(WEEK),
        Status::Revoked => drop(invites.revoke(id).send().unwrap()),
        Status::Accepted => {
            let client = blocking::Client::new(sandbox.transport(), dwight);
            let invites = client.organization(sandbox.organization_id()).invites();
            invites
                .accept(sandbox.outbox()[0].token().unwrap())
                .send()
                .unwrap();
        }
        other => panic!("{other} is not a state"),
    }
    (sandbox, id)
}

#[test]
fn an_unknown_invite_is_an_error() {
    let (sandbox, _) = scene(&Status::Pending);
    let unknown = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");
    let error = ensure_blocking(&sandbox, unknown).unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        (error.operation(), error.outcome()),
        ("invites.ensure_revoked", Outcome::NotApplied)
    );
}

#[test]
fn it_reads_the_list_even_if_no_revocation_gets_a_response() {
    let (sandbox, id) = scene(&Status::Accepted);
    let plan = FaultPlan::always(Fault::Hang).only(&RevokeOrganizationInvite::INFO);
    sandbox.inject(plan);
    let ensured = ensure_blocking(&sandbox, id).unwrap();
    assert!(ensured.is_accepted(), "{ensured:?}");
}

#[derive(Default)]
struct Sent(AtomicU32);

impl Observer for Sent {
    fn attempted(&self, _: &AttemptReport<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn the_error_counts_all_attempts_and_has_their_errors() {
    for (fault, retryable) in [
        (Fault::DropBefore, true),
        (Fault::Hang, true),
        (Fault::Refuse, true),
    ] {
        let (sandbox, id) = scene(&Status::Pending);
        let sent = Arc::new(Sent::default());
        let config = config(&sandbox).observer(sent.clone());
        sandbox.inject(FaultPlan::always(fault));
        let client = blocking::Client::new(sandbox.transport(), config);
        let invites = client.organization(sandbox.organization_id()).invites();
        let error = invites.ensure_revoked(id).send().unwrap_err();
        assert_eq!(error.attempts(), sent.0.load(Ordering::Relaxed));
        assert_eq!(error.is_retryable(), retryable, "{error}");
        assert!(
            error.report().to_string().contains("because"),
            "{}",
            error.report()
        );
    }

    // A key that is revoked in between is reported, and calling again is useless.
    let (sandbox, id) = scene(&Status::Revoked);
    sandbox.revoke_key(Persona::Admin);
    let error = ensure_blocking(&sandbox, id).unwrap_err();
    assert!(error.is_unauthenticated() && !error.is_retryable());
}

#[test]
fn with_endless_faults_the_outcome_is_unknown() {
    let (sandbox, id) = scene(&Status::Pending);
    sandbox.inject(FaultPlan::always(Fault::DropAfter));
    let error = ensure_blocking(&sandbox, id).unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Unverified, Outcome::Unknown)
    );
    assert!(
        error
            .report()
            .to_string()
            .contains("Somebody may still join"),
        "{}",
        error.report()
    );
    assert_eq!(sandbox.invites()[0].status, Status::Revoked);
}
