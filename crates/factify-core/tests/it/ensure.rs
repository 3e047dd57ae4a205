//! `ensure_revoked` with responses that the sandbox does not send.

use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport};
use factify_core::invites::{Ensured, EnsuredState, OrganizationInviteStatus};
use factify_core::{
    BearerToken, CallReport, ClientConfig, Error, ErrorKind, InviteId, Limits, Now, Observer,
    OrganizationId, Outcome, RequestBody, RetryPolicy, TransportError,
};
use http::{Request, Response, StatusCode};

const ORGANIZATION: OrganizationId = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
const INVITE: InviteId = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");

/// A server whose responses depend on the request. The time does not change.
pub(crate) struct Server<F>(pub(crate) F);

impl<F> HttpTransport for Server<F>
where
    F: Fn(&str, Duration) -> (u16, String) + Send + Sync,
{
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let text = format!("{} {}", request.method(), request.uri());
        let (status, body) = (self.0)(&text, limits.timeout);
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
    let seen = Arc::new(Seen::default());
    let respond = |request: &str, _| {
        let (status, body) = if request.starts_with("POST") {
            revoke()
        } else {
            list(request)
        };
        seen.last_status.store(status, Ordering::Relaxed);
        (status, body)
    };
    let client = Client::new(Server(respond), config().observer(seen.clone()));
    let invites = client.organization(ORGANIZATION).invites();
    let result = invites.ensure_revoked(INVITE).send();
    assert_eq!(seen.calls.load(Ordering::Relaxed), 1);
    result
}

/// Checks that a call is reported once, with the status of the last response.
#[derive(Default)]
struct Seen {
    last_status: AtomicU16,
    calls: AtomicU32,
}

impl Observer for Seen {
    fn called(&self, call: &CallReport<'_>) {
        let status = call.status.map(|status| status.as_u16());
        assert_eq!(status, Some(self.last_status.load(Ordering::Relaxed)));
        self.calls.fetch_add(1, Ordering::Relaxed);
    }
}

pub(crate) fn config() -> ClientConfig {
    ClientConfig::new(BearerToken::new("ffy_test_x").unwrap()).retry(RetryPolicy::never())
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

pub(crate) fn list(items: &str) -> (u16, String) {
    (200, format!(r#"{{"items":[{items}],"pagination":{{}}}}"#))
}

pub(crate) fn refused(code: &str) -> (u16, String) {
    (400, format!(r#"{{"code":"{code}","message":"m"}}"#))
}

fn failed(result: Result<Ensured, Error>) -> (ErrorKind, Outcome, u32, String) {
    let error = result.unwrap_err();
    assert_eq!(error.operation(), "invites.ensure_revoked");
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
    assert!(
        result
            .as_ref()
            .is_ok_and(|it| it.state == EnsuredState::Revoked),
        "{result:?}"
    );
}

#[test]
fn after_an_error_response_it_reads_the_state() {
    for (status, expected) in [
        ("revoked", EnsuredState::AlreadyRevoked),
        ("accepted", EnsuredState::AlreadyAccepted),
        ("expired", EnsuredState::Expired),
    ] {
        let result = ensure(
            || refused("failed_precondition"),
            |_| list(&invite(INVITE.as_str(), status)),
        );
        assert_eq!(result.unwrap().state, expected, "{status}");
    }
    // An attempt of this call may have revoked it.
    let result = ensure(
        || (503, String::new()),
        |_| list(&invite(INVITE.as_str(), "revoked")),
    );
    assert!(
        result
            .as_ref()
            .is_ok_and(|it| it.state == EnsuredState::Revoked),
        "{result:?}"
    );
}

#[test]
fn it_first_searches_within_a_day_of_the_time_in_the_id() {
    let id = InviteId::from_uuid_bytes(
        *b"\x01\x9b\xbc\x8f\xea\x98\x70\x00\x80\x00\x00\x00\x00\x00\x00\x00",
    );
    let created = id.created_at().unwrap();
    let day = Duration::from_secs(86_400);
    let asked = Mutex::new(Vec::new());
    let server = Server(|request: &str, _| {
        if request.starts_with("POST") {
            return refused("failed_precondition");
        }
        asked.lock().unwrap().push(request.to_owned());
        list("")
    });
    let client = Client::new(server, config());
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
        // One that cannot be read.
        (
            200,
            format!(r#"{{"invite":{{"id":"{INVITE}","status":"revoked"}}}}"#),
        ),
    ] {
        for (status, expected) in [
            ("revoked", EnsuredState::Revoked),
            ("accepted", EnsuredState::AlreadyAccepted),
        ] {
            let result = ensure(
                || response.clone(),
                |_| list(&invite(INVITE.as_str(), status)),
            );
            assert_eq!(result.unwrap().state, expected, "{response:?}");
        }
    }
}

const OTHER: &str = "inv_01h2xcejqtf2nbrexx3vqjhp42";

#[test]
fn an_unverified_state_is_an_error() {
    let incomplete = format!(r#"{},{{"id":7}}"#, invite(OTHER, "revoked"));
    let unreadable = format!(r#"{{"id":"{INVITE}","status":7}}"#);
    for (items, words, attempts, retryable) in [
        ("", "it is not in the list", 3, true),
        (&*invite(OTHER, "revoked"), "it is not in the list", 3, true),
        (
            &*incomplete,
            "it is not among the items of the list that can be read",
            3,
            false,
        ),
        (
            &*invite(INVITE.as_str(), "paused"),
            "its status is unknown",
            2,
            false,
        ),
        (&*unreadable, "its status cannot be read", 2, false),
        (
            &*invite(INVITE.as_str(), "pending"),
            "it is still pending",
            8,
            true,
        ),
    ] {
        let result = ensure(|| refused("failed_precondition"), |_| list(items));
        let error = result.as_ref().unwrap_err();
        assert_eq!(error.is_retryable(), retryable, "{words}");
        // The refusal of the revocation was followed up. It is not the reason.
        assert!(!error.is_conflict() && error.api().is_none(), "{words}");
        let refusal = error.earlier().unwrap();
        assert!(refusal.is_failed_precondition(), "{words}");
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

/// A field of an invite, and another value of it.
fn but(field: &str, value: &str) -> String {
    let invite = invite(INVITE.as_str(), "accepted");
    let mut json: serde_json::Value = serde_json::from_str(&invite).unwrap();
    json[field] = "INSTEAD".into();
    json.to_string().replace("\"INSTEAD\"", value)
}

#[test]
fn the_id_and_the_status_are_enough() {
    let whole = invite(INVITE.as_str(), "accepted");
    let bare = format!(r#"{{"id":"{INVITE}","status":"accepted"}}"#);
    for (items, is_whole) in [
        (whole.clone(), true),
        (bare, false),
        // Any other field is unreadable.
        (but("organization_id", "7"), false),
        (but("organization_id", "null"), false),
        (but("email", "null"), false),
        (but("sender", "7"), false),
        (but("created_at", r#""soon""#), false),
        (but("expires_at", "[]"), false),
        (but("accepted_at", "true"), false),
        // Half of a surrogate pair is read as U+FFFD, as in any list.
        (but("message", r#""\ud83d""#), true),
        (whole.replacen('{', r#"{"\ud83d":0,"#, 1), true),
        (but("new", r#"{"ud":"\ud83d"}"#), true),
        // Another item is unreadable.
        (format!("7,{whole}"), true),
        (format!("null,{whole}"), true),
        (format!(r#""{INVITE}",{whole}"#), true),
        (
            format!(r#"["{INVITE}","{ORGANIZATION}","pending"],{whole}"#),
            true,
        ),
        (format!("{{}},{whole}"), true),
        (format!(r#"{{"id":7,"status":"revoked"}},{whole}"#), true),
        (format!(r#"{{"id":"{OTHER}","status":[7]}},{whole}"#), true),
        (
            format!(r#"{{"id":"{OTHER}","message":"\udc00"}},{whole}"#),
            true,
        ),
        (
            format!(r#"{{"id":"{INVITE}","id":"{OTHER}"}},{whole}"#),
            true,
        ),
    ] {
        for pagination in [r#"{"has_more":true}"#, "{}", "7", "null"] {
            let body = format!(r#"{{"items":[{items}],"pagination":{pagination}}}"#);
            let result = ensure(|| refused("failed_precondition"), |_| (200, body.clone()));
            let ensured = result.unwrap_or_else(|error| panic!("{body}: {}", error.report()));
            assert!(ensured.is_accepted(), "{body}");
            assert_eq!(ensured.invite.is_some(), is_whole, "{body}");
        }
    }
}

#[test]
fn each_state_has_its_status_and_the_result_has_the_invite() {
    for state in EnsuredState::ALL {
        let status = state.status();
        let revoke = || match state {
            EnsuredState::Revoked => revoked("revoked"),
            _ => refused("failed_precondition"),
        };
        let item = invite(INVITE.as_str(), status.as_str());
        let ensured = ensure(revoke, |_| list(&item)).unwrap();
        assert_eq!(ensured.state, *state);
        assert_eq!(
            ensured.is_accepted(),
            status == OrganizationInviteStatus::Accepted
        );
        assert_eq!(ensured.into_invite().unwrap().status, status);
    }
}

#[test]
fn a_list_of_another_organization_verifies_nothing() {
    let foreign =
        invite(OTHER, "pending").replace(ORGANIZATION.as_str(), "org_01h2xcejqtf2nbrexx3vqjhp42");
    let ours = invite(INVITE.as_str(), "revoked");
    for items in [format!("{foreign},{ours}"), format!("{ours},{foreign}")] {
        let (kind, _, sent, report) = failed(ensure(|| (503, String::new()), |_| list(&items)));
        assert_eq!((kind, sent), (ErrorKind::Unverified, 2));
        let cause = "listOrganizationInvites: the response does not match the request: \
            items.organization_id differs";
        assert!(report.contains(cause), "{report}");
    }
}

type Is = fn(&Error) -> bool;

/// The response to the list, a predicate of the error, whether calling again may help, and the advice.
#[test]
fn an_unreadable_list_is_the_cause() {
    let later = r#"{"code":"resource_exhausted","message":"m","details":[]}"#;
    let cases: [((u16, &str), Is, bool, &str); 8] = [
        (
            (401, ""),
            Error::is_unauthenticated,
            false,
            "Check the API key",
        ),
        (
            (403, ""),
            Error::is_permission_denied,
            false,
            "Use the key of",
        ),
        (
            (404, ""),
            Error::is_not_found,
            false,
            "Check the ids, and use the key of",
        ),
        ((429, later), Error::is_rate_limited, true, "Call again."),
        ((502, ""), Error::is_server_error, true, "Call again."),
        ((504, ""), Error::is_timeout, true, "Call again."),
        (
            (302, ""),
            |error| error.status().is_some(),
            false,
            "Check the base URL",
        ),
        (
            (200, "<html>"),
            |error| error.api().is_none(),
            false,
            "Read the state yourself",
        ),
    ];
    for ((status, body), is, retryable, advice) in cases {
        let result = ensure(
            || refused("failed_precondition"),
            |_| (status, body.to_owned()),
        );
        let error = result.unwrap_err();
        let report = error.report().to_string();
        assert_eq!(error.kind(), ErrorKind::Unverified);
        assert!(is(&error) && !error.is_conflict(), "{report}");
        assert_eq!(error.is_retryable(), retryable, "{report}");
        let advice = format!("Somebody may still join with it. {advice}");
        assert!(
            report.lines().last().unwrap().starts_with(&advice),
            "{report}"
        );
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
            result
                .as_ref()
                .is_ok_and(|it| it.state == EnsuredState::AlreadyAccepted),
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
    assert!(
        result
            .as_ref()
            .is_ok_and(|it| it.state == EnsuredState::Expired),
        "{result:?}"
    );
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

type Pagination<'a> = &'a (dyn Fn() -> String + Sync);

#[test]
fn a_list_without_a_valid_end_is_an_error() {
    let pages = AtomicU32::new(0);
    let endless = || {
        let page = pages.fetch_add(1, Ordering::Relaxed);
        format!(r#"{{"has_more":true,"next_page_token":"{page}"}}"#)
    };
    for (pagination, sent, words) in [
        (
            &(|| r#"{"has_more":true}"#.to_owned()) as Pagination<'_>,
            2,
            "names no token",
        ),
        (&|| r#"{"has_more":"yes"}"#.to_owned(), 2, "names no token"),
        (
            &|| r#"{"next_page_token":"same"}"#.to_owned(),
            3,
            "the same page token again",
        ),
        (
            &|| r#"{"next_page_token":7}"#.to_owned(),
            2,
            "the pagination of the list cannot be read",
        ),
        (
            &|| "null".to_owned(),
            2,
            "the pagination of the list cannot be read",
        ),
        (&endless, 1_001, "did not end within 1000 pages"),
    ] {
        let result = ensure(
            || refused("failed_precondition"),
            |_| {
                let pagination = pagination();
                (200, format!(r#"{{"items":[],"pagination":{pagination}}}"#))
            },
        );
        let (kind, _, attempts, report) = failed(result);
        assert_eq!((kind, attempts), (ErrorKind::Unverified, sent), "{report}");
        assert!(report.contains(words), "{report}");
        assert!(report.contains("listOrganizationInvites: "), "{report}");
        assert!(report.contains("will not help"), "{report}");
    }
}

#[test]
fn without_time_nothing_is_sent() {
    let client = Client::new(Server(|_: &str, _| (200, String::new())), config());
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
    assert!(error.is_timeout() && error.is_retryable(), "{error}");
}

#[test]
fn it_reserves_a_quarter_of_the_time_for_the_list() {
    let times = Mutex::new(Vec::new());
    let server = Server(|request: &str, timeout: Duration| {
        times.lock().unwrap().push(timeout.as_secs());
        if request.starts_with("POST") {
            refused("failed_precondition")
        } else {
            list(&invite(INVITE.as_str(), "revoked"))
        }
    });
    let client = Client::new(server, config());
    let call = client
        .organization(ORGANIZATION)
        .invites()
        .ensure_revoked(INVITE);
    drop(call.deadline(Duration::from_secs(8)).send().unwrap());
    assert_eq!(*times.lock().unwrap(), [6, 8]);
}
