//! Error responses: each envelope, each predicate, each message.

use std::time::Duration;

use bytes::Bytes;
use factify_core::invites::RevokeOrganizationInvite;
use factify_core::{ApiError, Error, ErrorCode, ErrorKind, ErrorReason, Operation, Outcome};
use http::{Response, StatusCode};

fn response(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::copy_from_slice(body.as_bytes()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}

fn error(status: u16, body: &str) -> Error {
    decode(response(status, &[], body))
}

fn error_asking_to_wait(status: u16) -> Error {
    let headers = [("retry-after", "32")];
    decode(response(status, &headers, "{}"))
}

fn decode(response: Response<Bytes>) -> Error {
    let revoke = RevokeOrganizationInvite::new(
        "org_01h2xcejqtf2nbrexx3vqjhp41".parse().unwrap(),
        "inv_01h2xcejqtf2nbrexx3vqjhp41".parse().unwrap(),
    );
    revoke.decode(response).unwrap_err()
}

fn coded(code: &str, reason: &str) -> String {
    format!(r#"{{"code":"{code}","message":"m","details":[{{"reason":"{reason}"}}]}}"#)
}

#[test]
fn the_documented_body_is_read_completely() {
    let body = r#"{"code":"invalid_argument","message":"No\ngood","details":[
        {"reason":"invalid_field_value","param":"email","request_id":"req_1"}]}"#;
    let headers = [
        ("x-ratelimit-limit", "1000"),
        ("x-ratelimit-remaining", "999"),
        ("x-ratelimit-reset", "1700000000"),
        ("retry-after", "7"),
    ];
    let error = ApiError::from_response(&response(400, &headers, body));
    assert_eq!(error.status(), 400);
    assert_eq!(error.code().unwrap().as_str(), "invalid_argument");
    assert_eq!(error.message(), Some("No\ngood"));
    assert!(error.reasons().eq([&ErrorReason::InvalidFieldValue]));
    assert!(error.has_reason(&ErrorReason::InvalidFieldValue));
    assert_eq!(error.param(), Some("email"));
    assert_eq!(error.request_id(), Some("req_1"));
    let limit = error.rate_limit();
    assert_eq!(
        (limit.limit, limit.remaining, limit.reset),
        (Some(1000), Some(999), Some(1_700_000_000))
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.excerpt(), None);
    assert_eq!(
        error.to_string(),
        "status 400 invalid_argument (invalid_field_value): No\\ngood [parameter email] [request req_1]"
    );
}

#[test]
fn no_text_from_the_server_controls_a_terminal() {
    let text = "it isn't \\u001b[2J\\u202e \\\"so\\\"";
    let body = format!(
        r#"{{"code":"{text}","message":"{text}","details":[
            {{"reason":"{text}","param":"{text}","request_id":"{text}"}}]}}"#
    );
    let shown = r#"it isn't \u{1b}[2J\u{202e} "so""#;
    assert_eq!(
        ApiError::from_response(&response(400, &[], &body)).to_string(),
        format!("status 400 {shown} ({shown}): {shown} [parameter {shown}] [request {shown}]")
    );
}

#[test]
fn other_envelopes_and_other_bodies_keep_their_content() {
    let guide = r#"{"error":{"type":"rate_limit_error","message":"Slow down","retry_after":32}}"#;
    let problem = r#"{"type":"about:blank","title":"Gone","status":404,"detail":"No such invite"}"#;
    let page = format!("<html>{}", "é".repeat(600));
    // The first 512 bytes.
    let half = format!("<html>{}… (cut off)", "é".repeat(253));
    for (status, body, message, excerpt, wait) in [
        (429, guide, Some("Slow down"), None, Some(32)),
        (404, problem, Some("No such invite"), None, None),
        (502, page.as_str(), None, Some(&*half), None),
        (500, "", None, None, None),
        (500, "{}", None, Some("{}"), None),
    ] {
        let error = ApiError::from_response(&response(status, &[], body));
        assert_eq!(error.status(), status);
        assert_eq!(error.message(), message, "{body}");
        assert_eq!(error.excerpt(), excerpt, "{body}");
        assert_eq!(error.retry_after(), wait.map(Duration::from_secs));
    }
}

/// Each predicate, with the statuses of an error without a code and the codes for which it is true.
type Predicate = (
    &'static str,
    fn(&Error) -> bool,
    &'static [u16],
    &'static [&'static str],
);

/// What callers distinguish: each code of the API belongs to one of them.
const PREDICATES: [Predicate; 8] = [
    (
        "invalid argument",
        Error::is_invalid_argument,
        &[400],
        &["invalid_argument", "out_of_range"],
    ),
    (
        "unauthenticated",
        Error::is_unauthenticated,
        &[401],
        &["unauthenticated"],
    ),
    (
        "permission denied",
        Error::is_permission_denied,
        &[403],
        &["permission_denied"],
    ),
    ("not found", Error::is_not_found, &[404], &["not_found"]),
    (
        "conflict",
        Error::is_conflict,
        &[409],
        &["failed_precondition", "already_exists", "aborted"],
    ),
    (
        "rate limited",
        Error::is_rate_limited,
        &[429],
        &["resource_exhausted"],
    ),
    (
        "timeout",
        Error::is_timeout,
        &[408, 504],
        &["deadline_exceeded"],
    ),
    (
        "server error",
        Error::is_server_error,
        &[500, 501, 502, 503, 507],
        &[
            "canceled",
            "data_loss",
            "internal",
            "unavailable",
            "unimplemented",
            "unknown",
        ],
    ),
];

/// The code takes precedence over the status: a 400 with the code of a 404 is a 404.
#[test]
fn each_predicate_checks_the_code_before_the_status() {
    let statuses = [
        302, 400, 401, 403, 404, 408, 409, 413, 418, 429, 499, 500, 501, 502, 503, 504, 507,
    ];
    for (name, is, its_statuses, its_codes) in PREDICATES {
        for status in statuses {
            let expected = its_statuses.contains(&status);
            let without_code = error(status, r#"{"message":"m"}"#);
            assert_eq!(is(&without_code), expected, "{name} {status}");
            // These say nothing about the call if something other than the API sends them.
            let expected = expected && ![400, 409].contains(&status);
            for body in ["", "{}", "<html>"] {
                assert_eq!(is(&error(status, body)), expected, "{name} {status} {body}");
            }
            for code in ErrorCode::KNOWN.iter().map(ErrorCode::as_str) {
                let error = error(status, &coded(code, "precondition_failed"));
                let expected = its_codes.contains(&code);
                assert_eq!(is(&error), expected, "{name} {status} {code}");
                let failed_precondition = code == "failed_precondition";
                assert_eq!(error.is_failed_precondition(), failed_precondition);
            }
        }
    }
    for code in ErrorCode::KNOWN.iter().map(ErrorCode::as_str) {
        let its = PREDICATES
            .iter()
            .filter(|(.., codes)| codes.contains(&code));
        assert_eq!(its.count(), 1, "{code}");
    }
}

#[test]
fn only_some_kinds_of_the_client_have_a_predicate() {
    for kind in ErrorKind::ALL {
        let error = Error::new(*kind, Outcome::NotApplied);
        let found: Vec<_> = PREDICATES
            .iter()
            .filter(|(_, is, ..)| is(&error))
            .map(|(name, ..)| *name)
            .collect();
        let expected: &[_] = match kind {
            ErrorKind::Invalid => &["invalid argument"],
            ErrorKind::Timeout => &["timeout"],
            _ => &[],
        };
        assert_eq!(found, expected, "{kind:?}");
    }
}

/// An unverified result has the predicates, the status, the wait and the advice of its cause.
#[test]
fn an_unverified_result_agrees_with_its_cause() {
    let quota = coded("resource_exhausted", "quota_exceeded");
    for (cause, wait, advice) in [
        (error(401, ""), None, "Check the API key"),
        (
            error(401, &coded("unauthenticated", "expired_api_key")),
            None,
            "The API key has expired: use another one.",
        ),
        (
            error(403, ""),
            None,
            "Use the key of somebody who may do this",
        ),
        (error(404, ""), None, "Check the ids, and use the key of"),
        (error(429, &quota), None, "Wait for the next month"),
        (error(429, ""), None, "Call again"),
        (
            error_asking_to_wait(429),
            Some(32),
            "Wait 32 s, then call again",
        ),
        (
            error_asking_to_wait(503),
            Some(32),
            "Wait 32 s, then call again",
        ),
        (error(503, ""), None, "Call again"),
        (
            error(302, ""),
            None,
            "Check the base URL and the proxy, then call again.",
        ),
        (
            Error::new(ErrorKind::Mismatch, Outcome::NotApplied),
            None,
            "Check the base URL and the proxy, then call again.",
        ),
        (
            Error::new(ErrorKind::Certificate, Outcome::NotApplied),
            None,
            "Check the base URL and the proxy, then call again.",
        ),
        (
            Error::new(ErrorKind::Timeout, Outcome::NotApplied).with_retryable(true),
            None,
            "Call again",
        ),
        (
            Error::new(ErrorKind::Paging, Outcome::NotApplied),
            None,
            "Read the state yourself",
        ),
    ] {
        let (retryable, status) = (cause.is_retryable(), cause.status());
        let predicates = |error: &Error| PREDICATES.map(|(_, is, ..)| is(error));
        let expected = predicates(&cause);
        for outcome in [Outcome::NotApplied, Outcome::Unknown] {
            let cause = match cause.api() {
                Some(api) => Error::from(api.clone()).with_retryable(retryable),
                None => Error::new(cause.kind(), cause.outcome()).with_retryable(retryable),
            };
            let error = Error::new(ErrorKind::Unverified, outcome)
                .with_retryable(retryable)
                .with_source(cause);
            let report = error.report().to_string();
            assert_eq!(error.kind(), ErrorKind::Unverified);
            assert_eq!(predicates(&error), expected, "{report}");
            assert_eq!(error.status(), status, "{report}");
            assert_eq!(
                error.retry_after(),
                wait.map(Duration::from_secs),
                "{report}"
            );
            let last = report.lines().last().unwrap();
            assert!(last.starts_with(advice), "{report}");
            let unchanged = outcome == Outcome::NotApplied;
            assert!(
                unchanged || !last.contains("nothing was changed"),
                "{report}"
            );
        }
    }
}

#[test]
fn a_quota_is_not_a_rate_limit() {
    let error = error(429, &coded("resource_exhausted", "quota_exceeded"));
    assert!(error.is_quota_exceeded() && !error.is_rate_limited() && !error.is_retryable());
    assert!(error.report().to_string().contains("raise the quota"));
    let rate = self::error(429, &coded("resource_exhausted", "rate_limit_exceeded"));
    assert!(rate.is_rate_limited() && !rate.is_quota_exceeded() && rate.is_retryable());
}

#[test]
fn retryable_errors_are_marked() {
    for (status, code, outcome, retryable) in [
        (499, "canceled", Outcome::Unknown, false),
        (409, "aborted", Outcome::Unknown, false),
        (500, "data_loss", Outcome::Unknown, false),
        (400, "failed_precondition", Outcome::NotApplied, false),
        (409, "already_exists", Outcome::NotApplied, false),
        (501, "unimplemented", Outcome::NotApplied, false),
        (408, "deadline_exceeded", Outcome::Unknown, true),
        (503, "unavailable", Outcome::Unknown, true),
        (429, "resource_exhausted", Outcome::NotApplied, true),
    ] {
        let error = error(status, &coded(code, "x"));
        assert_eq!(
            (error.outcome(), error.is_retryable()),
            (outcome, retryable),
            "{code}"
        );
        assert_eq!(error.kind(), ErrorKind::Api);
        assert_eq!(error.operation(), "revokeOrganizationInvite");
    }
}

#[test]
fn debug_shows_the_parts_and_the_report_says_what_to_do() {
    let error = error(404, &coded("not_found", "resource_not_found"));
    let debug = format!("{error:?}");
    for part in [
        "kind: Api",
        "outcome: NotApplied",
        "NotFound",
        "revokeOrganizationInvite",
    ] {
        assert!(debug.contains(part), "{debug}");
    }
    for (error, advice) in [
        (error, "Check the ids, the base URL"),
        (self::error(401, ""), "Check the API key"),
        (
            self::error(403, ""),
            "Use the key of somebody who may do this",
        ),
        (self::error(429, ""), "Wait, then call again"),
        (
            self::error(400, &coded("failed_precondition", "x")),
            "Check the current state",
        ),
        (
            self::error(405, ""),
            "Correct the request; nothing was changed.",
        ),
        (
            self::error(302, ""),
            "Check the base URL and the proxy, and read the state",
        ),
        (self::error(503, ""), "Read the state before calling again."),
        (
            self::error(200, ""),
            "Do not call again; read the state instead.",
        ),
        (
            Error::invalid("x"),
            "Correct the call and try again; nothing was sent.",
        ),
        (
            Error::new(ErrorKind::Connect, Outcome::NotApplied),
            "Check the network",
        ),
        (
            Error::new(ErrorKind::Certificate, Outcome::NotApplied),
            "the trusted certificates",
        ),
        (
            Error::new(ErrorKind::Paging, Outcome::NotApplied),
            "Report this error to Factify's support",
        ),
        (
            Error::new(ErrorKind::Decode, Outcome::NotApplied),
            "Report this error to Factify's support: the response",
        ),
        (
            Error::new(ErrorKind::Mismatch, Outcome::NotApplied),
            "then report this error to Factify's support.",
        ),
        (
            Error::new(ErrorKind::TooLarge, Outcome::NotApplied),
            "Request a smaller page, or raise `ClientConfig::max_response_bytes`; nothing was changed.",
        ),
        (
            Error::new(ErrorKind::Timeout, Outcome::NotApplied).with_retryable(true),
            "Call again; nothing was changed.",
        ),
        (
            error_asking_to_wait(429),
            "Wait 32 s, then call again; nothing was changed.",
        ),
        (error_asking_to_wait(503), "Read the state"),
        (
            Error::new(ErrorKind::Decode, Outcome::Unknown),
            "Check the base URL and the proxy, and read the state",
        ),
        (
            Error::new(ErrorKind::Unverified, Outcome::NotApplied),
            "calling again will not help",
        ),
        (
            Error::new(ErrorKind::Cancelled, Outcome::NotApplied).with_retryable(true),
            "Call again; nothing was changed.",
        ),
        (
            Error::new(ErrorKind::Unverified, Outcome::Unknown).with_source(self::error(302, "")),
            "Check the base URL and the proxy, then call again.",
        ),
    ] {
        let report = error.report().to_string();
        assert!(report.lines().last().unwrap().contains(advice), "{report}");
    }
}

#[test]
fn a_byte_order_mark_and_half_a_character_hide_no_code() {
    for body in [
        "\u{feff}{\"code\":\"not_found\",\"message\":\"m\"}",
        r#"{"message":"m\ud83d","code":"not_found"}"#,
        "\u{feff}{\"message\":\"m\\udc00\",\"code\":\"not_found\"}",
    ] {
        let error = ApiError::from_response(&response(400, &[], body));
        assert_eq!(error.code(), Some(&ErrorCode::NotFound), "{body}");
        let message = error.message().unwrap();
        assert_eq!(message.trim_end_matches('\u{fffd}'), "m");
    }
}

#[test]
fn a_number_that_is_too_large_counts_as_absent() {
    for fields in [
        r#""retry_after":1e999"#,
        r#""message":-1E+999"#,
        r#""message":1e999,"title":"\ud83d\"1e999""#,
        r#""details":1e999"#,
        r#""details":[1e999,{"reason":1e999}]"#,
        r#""error":1e999"#,
        r#""error":{"message":1e999,"retry_after":1e999}"#,
    ] {
        for body in [
            format!(r#"{{"code":"not_found",{fields}}}"#),
            format!(r#"{{{fields},"code":"not_found"}}<html>1e999"#),
        ] {
            let error = ApiError::from_response(&response(400, &[], &body));
            assert_eq!(error.code(), Some(&ErrorCode::NotFound), "{body}");
            assert_eq!((error.retry_after(), error.param()), (None, None), "{body}");
            let title = fields.contains("title").then_some("\u{fffd}\"1e999");
            assert_eq!(error.message(), title, "{body}");
        }
    }
}

#[test]
fn a_question_mark_converts_invalid_values() {
    fn all(text: &str) -> Result<(), Error> {
        let _: factify_core::InviteId = text.parse()?;
        Ok(())
    }
    let error = all("user_01h2xcejqtf2nbrexx3vqjhp41").unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Invalid, Outcome::NotApplied)
    );
    assert!(
        error
            .to_string()
            .starts_with("not an invite id: that is a user id")
    );
    for error in [
        Error::from("nobody".parse::<factify_core::EmailAddress>().unwrap_err()),
        Error::from(factify_core::InvalidParameter::new("page_size", "it is 0")),
        Error::from(factify_core::invites::InvitationToken::new("").unwrap_err()),
        Error::from(factify_core::BearerToken::new("").unwrap_err()),
        Error::from(factify_core::BaseUrl::parse("").unwrap_err()),
        Error::from(factify_core::Timestamp::parse("").unwrap_err()),
    ] {
        assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    }
}
