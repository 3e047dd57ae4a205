//! The API key, the IDs and the settings of the calls.

use std::time::Duration;

use factify_core::blocking::{Client, HttpTransport};
use factify_core::{BearerToken, ClientConfig, Error, InviteId, OrganizationId, RetryPolicy};

/// A successful response body for every operation that returns an invite.
pub const INVITE: &str = concat!(
    r#"{"invite":{"id":"inv_01h2xcejqtf2nbrexx3vqjhp41","organization_id":"org_01h2xcejqtf2nbrexx3vqjhp41","#,
    r#""email":"a@example.com","status":"revoked","sender":{"id":"user_01h2xcejqtf2nbrexx3vqjhp41","#,
    r#""name":"A","email":"a@example.com"},"created_at":"2026-01-15T01:30:15Z","expires_at":"2026-01-22T01:30:15Z"}}"#
);

/// The organization and the invite of the calls.
pub fn ids() -> (OrganizationId, InviteId) {
    (
        OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41"),
        InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41"),
    )
}

/// Settings with a key that must not appear in any output: the tests search for `CANARY`.
pub(crate) fn config(base_url: &str) -> ClientConfig {
    ClientConfig::new(BearerToken::new("ffy_test_CANARY").unwrap())
        .base_url(base_url.parse().unwrap())
}

/// The same with up to three attempts and without waits.
pub fn three_attempts(base_url: &str) -> ClientConfig {
    let policy = RetryPolicy::standard().max_attempts(3);
    config(base_url).retry(policy.backoff(Duration::from_millis(1), Duration::from_millis(2)))
}

/// The same with one attempt and this time limit.
pub(crate) fn one_attempt(base_url: &str, timeout: Duration) -> ClientConfig {
    let config = config(base_url).timeout(timeout);
    config.retry(RetryPolicy::never())
}

/// The error of a call with one attempt.
pub(crate) fn failed(transport: impl HttpTransport, base_url: &str, timeout: Duration) -> Error {
    let client = Client::new(transport, one_attempt(base_url, timeout));
    let (organization, invite) = ids();
    let call = client.organization(organization).invites().revoke(invite);
    call.send().unwrap_err()
}
