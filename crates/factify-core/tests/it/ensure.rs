//! `EnsureRevoked` with responses that the sandbox does not send.

use std::time::Duration;

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport};
use factify_core::invites::Ensured;
use factify_core::{
    BearerToken, ClientConfig, Error, ErrorKind, InviteId, Limits, Now, OrganizationId, Outcome,
    RequestBody, RetryPolicy, TransportError,
};
use http::{Request, Response, StatusCode};

const ORGANIZATION: OrganizationId = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
const INVITE: InviteId = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");

/// A server whose responses depend on the request.
struct Server<F>(F);

impl<F> HttpTransport for Server<F>
where
    F: Fn(&str) -> (u16, String) + Send + Sync,
{
    fn send(
        &self,
        request: Request<RequestBody>,
        _: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let text = format!("{} {}", request.method(), request.uri());
        let (status, body) = (self.0)(&text);
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        Ok(response)
    }

    fn sleep(&self, _: Duration) {}

    fn now(&self) -> Now {
        Now::default()
    }
}

/// Calls `ensure_revoked` on a server with these responses to revocations and lists.
fn ensure(
    revoke: impl Fn() -> (u16, String) + Send + Sync,
    list: impl Fn(&str) -> (u16, String) + Send + Sync,
) -> Result<Ensured, Error> {
    let respond = |request: &str| {
        if request.starts_with("POST") {
            revoke()
        } else {
            list(request)
        }
    };
    let config =
        ClientConfig::new(BearerToken::new("ffy_test_x").unwrap()).retry(RetryPolicy::never());
    let client = Client::new(Server(respond), config);
    client
        .organization(ORGANIZATION)
        .invites()
        .ensure_revoked(INVITE)
        .send()
}

fn invite(id: &str, status: &str) -> String {
    format!(
        r#"{{"id":"{id}","organization_id":"{ORGANIZATION}","email":"a@b.co","status":"{status}",
        "sender":{{"id":"user_1","name":"A","email":"a@b.co"}},"created_at":"2026-01-15T01:30:15Z",
        "expires_at":"2026-01-22T01:30:15Z"}}"#
    )
}

fn revoked(status: &str) -> (u16, String) {
    (
        200,
        format!(r#"{{"invite":{}}}"#, invite(INVITE.as_str(), status)),
    )
}

fn list(items: &str) -> (u16, String) {
    (200, format!(r#"{{"items":[{items}],"pagination":{{}}}}"#))
}

fn refused(code: &str) -> (u16, String) {
    (400, format!(r#"{{"code":"{code}","message":"m"}}"#))
}

fn failed(result: Result<Ensured, Error>) -> (ErrorKind, Outcome, u32, String) {
    let error = result.unwrap_err();
    assert_eq!(error.operation(), "ensure_revoked");
    (
        error.kind(),
        error.outcome(),
        error.attempts(),
        error.report().to_string(),
    )
}

#[test]
fn one_request_is_enough_if_the_response_says_revoked() {
    let result = ensure(
        || revoked("revoked"),
        |_| panic!("the list must not be read"),
    );
    assert!(matches!(result, Ok(Ensured::Revoked(_))), "{result:?}");
}

#[test]
fn after_an_error_response_it_reads_the_state() {
    for (status, expected) in [
        ("revoked", "AlreadyRevoked("),
        ("accepted", "AlreadyAccepted("),
        ("expired", "Expired("),
    ] {
        let result = ensure(
            || refused("failed_precondition"),
            |_| list(&invite(INVITE.as_str(), status)),
        );
        assert!(
            format!("{:?}", result.unwrap()).starts_with(expected),
            "{status}"
        );
    }
    // An attempt of this call may have revoked it.
    let result = ensure(
        || (503, String::new()),
        |_| list(&invite(INVITE.as_str(), "revoked")),
    );
    assert!(matches!(result, Ok(Ensured::Revoked(_))), "{result:?}");
}

#[test]
fn it_first_searches_within_a_day_of_the_time_in_the_id() {
    let id = InviteId::from_uuid_bytes(
        *b"\x01\x9b\xbc\x8f\xea\x98\x70\x00\x80\x00\x00\x00\x00\x00\x00\x00",
    );
    let created = id.created_at().unwrap();
    let day = Duration::from_secs(86_400);
    let asked = std::sync::Mutex::new(Vec::new());
    let server = Server(|request: &str| {
        if request.starts_with("POST") {
            return refused("failed_precondition");
        }
        asked.lock().unwrap().push(request.to_owned());
        list("")
    });
    let config = ClientConfig::new(BearerToken::new("ffy_test_x").unwrap());
    let client = Client::new(server, config.retry(RetryPolicy::never()));
    let invites = client.organization(ORGANIZATION).invites();
    invites.ensure_revoked(id).send().unwrap_err();
    let asked = asked.lock().unwrap();
    let time =
        |time: Option<factify_core::Timestamp>| time.unwrap().to_string().replace(':', "%3A");
    let (after, before) = (
        time(created.checked_sub(day)),
        time(created.checked_add(day)),
    );
    assert!(
        asked[0].contains(&format!("created.after={after}&created.before={before}")),
        "{asked:?}"
    );
    assert!(
        !asked[1].contains("created.") && asked.len() == 2,
        "{asked:?}"
    );
}

#[test]
fn a_success_without_a_revoked_invite_proves_nothing() {
    for response in [
        revoked("pending"),
        revoked("paused"),
        (
            200,
            format!(
                r#"{{"invite":{}}}"#,
                invite("inv_01h2xcejqtf2nbrexx3vqjhp42", "revoked")
            ),
        ),
    ] {
        for (status, expected) in [("revoked", "Revoked("), ("accepted", "AlreadyAccepted(")] {
            let result = ensure(
                || response.clone(),
                |_| list(&invite(INVITE.as_str(), status)),
            );
            assert!(
                format!("{:?}", result.unwrap()).starts_with(expected),
                "{response:?}"
            );
        }
    }
}

#[test]
fn an_unverified_state_is_an_error() {
    for (items, words, attempts) in [
        ("", "it is not in the list", 3),
        (
            &*invite("inv_01h2xcejqtf2nbrexx3vqjhp42", "revoked"),
            "it is not in the list",
            3,
        ),
        (
            &*invite(INVITE.as_str(), "paused"),
            "its status is unknown",
            2,
        ),
        (
            &*invite(INVITE.as_str(), "pending"),
            "it is still pending",
            8,
        ),
    ] {
        let result = ensure(|| refused("failed_precondition"), |_| list(items));
        let (kind, outcome, sent, report) = failed(result);
        assert_eq!(
            (kind, outcome, sent),
            (ErrorKind::Unverified, Outcome::NotApplied, attempts)
        );
        assert!(
            report.contains(words) && report.contains("Somebody may still join"),
            "{report}"
        );
        assert!(report.contains("failed_precondition"), "{report}");
    }
}

#[test]
fn after_any_error_about_the_state_it_reads_the_list() {
    for code in [
        "failed_precondition",
        "aborted_by_somebody",
        "invalid_argument",
        "already_exists",
    ] {
        let result = ensure(
            || refused(code),
            |_| list(&invite(INVITE.as_str(), "accepted")),
        );
        assert!(
            matches!(result, Ok(Ensured::AlreadyAccepted(_))),
            "{code}: {result:?}"
        );
    }
    for (code, asked) in [
        ("not_found", 1),
        ("permission_denied", 1),
        ("unauthenticated", 1),
        ("resource_exhausted", 1),
    ] {
        let (kind, outcome, sent, _) = failed(ensure(|| refused(code), |_| list("")));
        assert_eq!(
            (kind, outcome, sent),
            (ErrorKind::Api, Outcome::NotApplied, asked),
            "{code}"
        );
    }
}

#[test]
fn if_the_narrow_search_fails_it_searches_the_whole_list() {
    let result = ensure(
        || refused("failed_precondition"),
        |request| {
            if request.contains("created.after") {
                refused("invalid_argument")
            } else {
                list(&invite(INVITE.as_str(), "expired"))
            }
        },
    );
    assert!(matches!(result, Ok(Ensured::Expired(_))), "{result:?}");
}

#[test]
fn both_errors_are_reported_if_the_list_fails_too() {
    let result = ensure(|| (503, String::new()), |_| (502, String::new()));
    let (kind, outcome, sent, report) = failed(result);
    assert_eq!(
        (kind, outcome, sent),
        (ErrorKind::Unverified, Outcome::Unknown, 2)
    );
    assert!(report.contains("503") && report.contains("502"), "{report}");
}

#[test]
fn a_list_without_a_next_page_ends_it() {
    let result = ensure(
        || refused("failed_precondition"),
        |_| {
            (
                200,
                r#"{"items":[],"pagination":{"has_more":true}}"#.to_owned(),
            )
        },
    );
    let (kind, _, _, report) = failed(result);
    assert_eq!(kind, ErrorKind::Unverified);
    assert!(report.contains("names no token"), "{report}");
}

#[test]
fn without_time_nothing_is_sent() {
    let config = ClientConfig::new(BearerToken::new("ffy_test_x").unwrap());
    let client = Client::new(Server(|_: &str| (200, String::new())), config);
    let invites = client.organization(ORGANIZATION).invites();
    let error = invites
        .ensure_revoked(INVITE)
        .deadline(Duration::ZERO)
        .send()
        .unwrap_err();
    assert_eq!(
        (error.attempts(), error.outcome()),
        (0, Outcome::NotApplied)
    );
    assert!(error.to_string().contains("it timed out"), "{error}");
}

#[test]
fn a_key_without_permission_to_list_is_reported() {
    for (code, advice) in [
        ("unauthenticated", "Check the API key"),
        (
            "permission_denied",
            "Use the key of somebody who may do this",
        ),
    ] {
        let result = ensure(|| refused("failed_precondition"), |_| refused(code));
        let error = result.unwrap_err();
        assert_eq!(
            (error.kind(), error.is_retryable()),
            (ErrorKind::Unverified, false)
        );
        let report = error.report().to_string();
        assert!(
            report.lines().last().unwrap().starts_with(advice),
            "{report}"
        );
    }
}
