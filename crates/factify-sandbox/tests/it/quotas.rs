//! Quotas of keys and of the organization, and what is counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use factify_core::blocking::Client;
use factify_core::usage::QuotaTier;
use factify_core::{AttemptReport, Error, ErrorReason, Observer, Outcome};
use factify_sandbox::{Persona, Sandbox, SandboxTransport};

const MONTH: Duration = Duration::from_secs(31 * 86_400);

#[derive(Default)]
struct Attempts(AtomicU32);

impl Observer for Attempts {
    fn attempted(&self, _: &AttemptReport<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// The requests with a user token do not count.
fn uncounted(sandbox: &Sandbox) -> Client<SandboxTransport> {
    let config = sandbox.config(Persona::Owner);
    Client::new(
        sandbox.transport(),
        config.token(sandbox.user_token(Persona::Owner)),
    )
}

fn is_exceeded(error: &Error) {
    assert!(
        error.is_quota_exceeded() && !error.is_retryable(),
        "{error}"
    );
    assert_eq!(
        (error.attempts(), error.outcome()),
        (1, Outcome::NotApplied)
    );
    assert!(
        error.api().unwrap().has_reason(&ErrorReason::QuotaExceeded),
        "{error}"
    );
}

#[test]
fn a_key_is_refused_when_its_quota_is_used_up_and_no_retry_helps() {
    let sandbox = Sandbox::new(1);
    let (id, key) = (sandbox.organization_id(), sandbox.key_id(Persona::Admin));
    let owner = uncounted(&sandbox);
    let quota = owner
        .usage()
        .set_key_quota(key, 3)
        .organization_id(id)
        .send()
        .unwrap();
    assert_eq!(
        (quota.limit, quota.remaining, quota.is_exceeded),
        (Some(3), 3, false)
    );

    let attempts = Arc::new(Attempts::default());
    let config = sandbox.config(Persona::Admin).observer(attempts.clone());
    let admin = Client::new(sandbox.transport(), config);
    for _ in 0..3 {
        admin.organization(id).get().send().unwrap();
    }
    for _ in 0..2 {
        is_exceeded(&admin.organization(id).get().send().unwrap_err());
    }
    assert_eq!(attempts.0.load(Ordering::Relaxed), 5);
    let quotas = owner
        .usage()
        .list_key_quotas()
        .organization_id(id)
        .send()
        .unwrap();
    let numbers = |quota: &factify_core::usage::ApiKeyQuota| {
        (quota.current_usage, quota.remaining, quota.is_exceeded)
    };
    assert_eq!(
        quotas.iter().map(numbers).collect::<Vec<_>>(),
        [(5, 0, true)]
    );

    // The quotas themselves stay open, so that an admin can raise them.
    admin.usage().set_key_quota(key, 100).send().unwrap();
    admin.organization(id).get().send().unwrap();
    admin.usage().set_key_quota(key, 1).send().unwrap();
    is_exceeded(&admin.organization(id).get().send().unwrap_err());
    // Other keys are not concerned. The next month is a new one.
    sandbox
        .blocking_client(Persona::Member)
        .organization(id)
        .get()
        .send()
        .unwrap();
    sandbox.advance(MONTH);
    admin.organization(id).get().send().unwrap();
    is_exceeded(&admin.organization(id).get().send().unwrap_err());
    admin.usage().delete_key_quota(key).send().unwrap();
    admin.organization(id).get().send().unwrap();
    assert!(
        owner
            .usage()
            .list_key_quotas()
            .organization_id(id)
            .send()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn all_keys_of_an_organization_share_its_quota() {
    let sandbox = Sandbox::new(1);
    let id = sandbox.organization_id();
    assert!(sandbox.set_quota(id, 4));
    let (admin, member) = (
        sandbox.blocking_client(Persona::Admin),
        sandbox.blocking_client(Persona::Member),
    );
    for client in [&admin, &member, &admin, &member] {
        client.organization(id).get().send().unwrap();
    }
    for client in [&admin, &member] {
        is_exceeded(&client.organization(id).get().send().unwrap_err());
    }
    let quota = uncounted(&sandbox)
        .usage()
        .get()
        .organization_id(id)
        .send()
        .unwrap();
    let numbers = (
        quota.effective_limit,
        quota.current_usage,
        quota.remaining,
        quota.usage_percent,
    );
    assert_eq!(numbers, (4, 6, 0, 150));
    assert!(quota.is_exceeded && quota.tier == Some(QuotaTier::Custom));
    assert!(quota.period_start < quota.reset_at);
    // An outsider's key belongs to no organization, and nobody needs a key for a public profile.
    sandbox
        .blocking_client(Persona::Outsider)
        .organizations()
        .list()
        .send()
        .unwrap();
    admin.organization(id).get_public_profile().send().unwrap();
    sandbox.advance(MONTH);
    member.organization(id).get().send().unwrap();
}

#[test]
fn the_history_has_the_days_with_requests() {
    let sandbox = Sandbox::new(1);
    let (id, admin) = (
        sandbox.organization_id(),
        sandbox.blocking_client(Persona::Admin),
    );
    for (requests, days) in [(2, 1), (1, 2), (3, 0)] {
        for _ in 0..requests {
            admin.organization(id).get().send().unwrap();
        }
        sandbox.advance(Duration::from_secs(days * 86_400));
    }
    let usage = uncounted(&sandbox);
    let usage = usage.usage();
    let history = usage.get_history().organization_id(id).send().unwrap();
    let days: Vec<_> = history
        .daily_usage
        .iter()
        .map(|day| day.request_count)
        .collect();
    assert_eq!((days, history.total_requests), (vec![2, 1, 3], 6));
    assert_eq!(history.daily_usage[0].date.as_deref(), Some("2026-01-15"));
    let later = usage.get_history().organization_id(id);
    let later = later
        .date_after("2026-01-16T12:00:00Z".parse().unwrap())
        .send()
        .unwrap();
    assert_eq!(later.total_requests, 4);
}

#[test]
fn a_created_key_works_until_it_expires() {
    let sandbox = Sandbox::new(1);
    let (id, owner) = (sandbox.organization_id(), uncounted(&sandbox));
    let (keys, year) = (owner.api_keys(), Duration::from_secs(8_760 * 3_600));
    let end = sandbox.now().checked_add(year).unwrap();
    let late = end.checked_add(Duration::from_nanos(1)).unwrap();
    for wrong in [sandbox.now(), late] {
        let error = keys.create(id, "a").expires_at(wrong).send().unwrap_err();
        assert_eq!(error.api().unwrap().param(), Some("expires_at"));
    }
    let created = keys.create(id, "a").expires_at(end).send().unwrap();
    let config = sandbox
        .config(Persona::Owner)
        .token(created.secret.to_token().unwrap());
    let client = Client::new(sandbox.transport(), config);
    sandbox.advance(year.saturating_sub(Duration::from_nanos(1)));
    client.organization(id).get().send().unwrap();
    sandbox.advance(Duration::from_nanos(1));
    let error = client.organization(id).get().send().unwrap_err();
    assert!(
        error.api().unwrap().has_reason(&ErrorReason::ExpiredApiKey),
        "{error}"
    );
    let listed = keys
        .list(id)
        .items()
        .map(Result::unwrap)
        .find(|key| key.id == created.api_key.id);
    assert!(listed.is_some_and(|key| !key.is_active && key.revoked_at.is_none()));
}
