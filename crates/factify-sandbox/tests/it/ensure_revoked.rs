//! `ensure_revoked` under every schedule of one and of two faults, from every state, in both modes: it
//! never reports that nobody can join when somebody can, sends no email, and ends in time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use factify_core::invites::{
    Ensured, EnsuredState, OrganizationInviteStatus as Status, RevokeOrganizationInvite,
};
use factify_core::{
    AttemptReport, Client, ClientConfig, Error, ErrorKind, InviteId, Observer, Operation, Outcome,
    blocking,
};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};
use http::StatusCode;

const DEADLINE: Duration = Duration::from_secs(120);
const CAP: usize = 64 << 10;
const WEEK: Duration = Duration::from_secs(7 * 86_400);

/// How many of the first requests may get a fault.
const POSITIONS: usize = 6;

fn faults() -> Vec<Fault> {
    let (seconds, too_late) = (Duration::from_secs(3), Duration::from_secs(3_600));
    let html = |status, processed| Fault::Html { status, processed };
    vec![
        Fault::Refuse,
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Truncate,
        Fault::Hang,
        Fault::Delay(seconds),
        Fault::Delay(too_late),
        Fault::RateLimited { retry_after: None },
        Fault::RateLimited {
            retry_after: Some(7),
        },
        Fault::RateLimited {
            retry_after: Some(3_600),
        },
        Fault::Unavailable { processed: false },
        Fault::Unavailable { processed: true },
        html(StatusCode::OK, true),
        html(StatusCode::OK, false),
        Fault::Undocumented,
        html(StatusCode::BAD_GATEWAY, true),
        html(StatusCode::BAD_GATEWAY, false),
        Fault::Oversized(2 * CAP),
    ]
}

fn config(sandbox: &Sandbox) -> ClientConfig {
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

fn ensure_async(sandbox: &Sandbox, id: InviteId) -> Result<Ensured, Error> {
    let client = Client::new(sandbox.transport(), config(sandbox));
    let invites = client.organization(sandbox.organization_id()).invites();
    let call = invites.ensure_revoked(id).send();
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(call)
}

/// A sandbox with an invite in a given state, and other invites.
fn scene(state: &Status) -> (Sandbox, InviteId) {
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

/// Runs one schedule and compares the result with the true state.
fn check(
    state: &Status,
    schedule: &[Option<Fault>],
    ensure: fn(&Sandbox, InviteId) -> Result<Ensured, Error>,
) {
    let (sandbox, id) = scene(state);
    let (emails, started) = (sandbox.outbox().len(), sandbox.now());
    sandbox.inject(FaultPlan::schedule(schedule.iter().cloned()));
    let result = ensure(&sandbox, id);

    let name = format!("{state} {schedule:?}: {result:?}");
    let truth = sandbox.invites()[0].status.clone();
    assert_eq!(sandbox.outbox().len(), emails, "{name}");
    assert!(
        sandbox.now().duration_since(started).unwrap() <= DEADLINE,
        "{name}"
    );
    match result.as_ref().map(|ensured| ensured.state) {
        // Only if an attempt got no response, it is unclear who revoked it.
        Ok(EnsuredState::Revoked) => {
            assert_eq!(truth, Status::Revoked, "{name}");
            assert!(*state == Status::Pending || !schedule.is_empty(), "{name}");
        }
        Ok(EnsuredState::AlreadyRevoked) => {
            assert_eq!(
                (&truth, state),
                (&Status::Revoked, &Status::Revoked),
                "{name}"
            );
        }
        Ok(EnsuredState::AlreadyAccepted) => {
            assert_eq!(truth, Status::Accepted, "{name}");
            let invite = result.as_ref().unwrap().invite.as_ref().unwrap();
            assert!(invite.accepted_by.is_some());
        }
        Ok(EnsuredState::Expired) => assert_eq!(truth, Status::Expired, "{name}"),
        Ok(other) => panic!("{other:?}"),
        Err(error) => match error.outcome() {
            Outcome::NotApplied => assert_eq!(truth, *state, "{name}"),
            Outcome::Applied => assert_eq!(truth, Status::Revoked, "{name}"),
            Outcome::Unknown => {}
        },
    }

    // In any case, calling again is safe and sufficient.
    sandbox.inject(FaultPlan::default());
    let again = ensure(&sandbox, id).unwrap();
    assert_eq!(again.is_accepted(), *state == Status::Accepted, "{name}");
    let truth = sandbox.invites()[0].status.clone();
    assert_ne!(truth, Status::Pending, "{name}");
    assert_eq!(again.invite.unwrap().status, truth, "{name}");
}

fn every_schedule(ensure: fn(&Sandbox, InviteId) -> Result<Ensured, Error>) {
    let states = [
        Status::Pending,
        Status::Revoked,
        Status::Accepted,
        Status::Expired,
    ];
    for state in &states {
        check(state, &[], ensure);
        for first in 0..POSITIONS {
            for one in faults() {
                let mut schedule = vec![None; first];
                schedule.push(Some(one));
                check(state, &schedule, ensure);
                for second in first + 1..POSITIONS {
                    for other in faults() {
                        schedule.truncate(first + 1);
                        schedule.resize(second, None);
                        schedule.push(Some(other));
                        check(state, &schedule, ensure);
                    }
                }
            }
        }
    }
}

#[test]
fn every_schedule_blocking() {
    every_schedule(ensure_blocking);
}

#[test]
fn every_schedule_async() {
    every_schedule(ensure_async);
}

#[test]
fn the_results_without_faults() {
    for (state, expected) in [
        (Status::Pending, EnsuredState::Revoked),
        (Status::Revoked, EnsuredState::AlreadyRevoked),
        (Status::Accepted, EnsuredState::AlreadyAccepted),
        (Status::Expired, EnsuredState::Expired),
    ] {
        let (sandbox, id) = scene(&state);
        let ensured = ensure_blocking(&sandbox, id).unwrap();
        assert_eq!(ensured.state, expected, "{ensured:?}");
    }
}

#[test]
fn an_unknown_invite_is_an_error() {
    let (sandbox, _) = scene(&Status::Pending);
    let unknown = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");
    let error = ensure_blocking(&sandbox, unknown).unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        (error.operation(), error.outcome()),
        ("ensure_revoked", Outcome::NotApplied)
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
