//! The table of clocks: a wait until a time of the server is right, even if the local clock is wrong.

use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use factify_core::invites::RevokeOrganizationInvite;
use factify_core::{
    Action, ApiError, Exchange, Limits, Now, Operation, RetryPolicy, TransportError,
    TransportErrorKind,
};
use http::header::DATE;
use http::{HeaderValue, Response, StatusCode};

/// 2026-01-15T01:30:15Z, the time in the header `Date`. It has no fraction, so the server's clock may
/// be almost a second further.
const SENT: u64 = 1_768_440_615;

/// The time of the response on a correct local clock.
const RECEIVED: Duration = Duration::from_millis(SENT * 1_000 + 750);

/// What the server asks for in each form: a wait of 30 seconds from [`SENT`].
const FORMS: [(&str, &str, Form); 12] = [
    ("retry-after", "30", Form::Duration),
    ("retry-after", "29.001", Form::Duration),
    ("retry-after", "Thu, 15 Jan 2026 01:30:45 GMT", Form::Time),
    (
        "retry-after",
        "Thursday, 15-Jan-26 01:30:45 GMT",
        Form::Time,
    ),
    ("retry-after", "Thu Jan 15 01:30:45 2026", Form::Time),
    ("retry-after", "Thu, 15 Jan 2026 01:30:45 UTC", Form::Time),
    (
        "retry-after",
        "Thursday, 15-Jan-26 01:30:45 UTC",
        Form::Time,
    ),
    ("retry-after", "Thu, 15 Jan 2026 01:30:45 +0000", Form::Time),
    ("retry-after", "Thu, 15 Jan 2026 01:30:45 -0000", Form::Time),
    ("x-ratelimit-reset", "1768440645", Form::Time),
    ("x-ratelimit-reset", "1768440644.001", Form::Time),
    ("x-ratelimit-reset", " 1768440645 ", Form::Time),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Duration,
    Time,
}

/// How far the local clock is ahead, in seconds.
const SKEWS: [i64; 15] = [
    -3_600, -1_800, -600, -90, -61, -30, -1, 0, 1, 29, 61, 90, 600, 1_800, 3_600,
];

/// The wait after a refusal with these headers. The body of the response may be cut off.
fn wait(skew: i64, headers: &[(&'static str, &str)], cut_off: bool) -> Duration {
    let now = Now {
        monotonic: Duration::from_secs(500),
        unix: if skew < 0 {
            RECEIVED.saturating_sub(Duration::from_secs(skew.unsigned_abs()))
        } else {
            RECEIVED + Duration::from_secs(skew.unsigned_abs())
        },
    };
    let policy = RetryPolicy::standard().max_wait(Duration::MAX);
    let mut exchange = Exchange::new(
        &RevokeOrganizationInvite::INFO,
        policy.backoff(Duration::ZERO, Duration::ZERO),
        Limits::new(Duration::from_secs(30), 1_024),
        Duration::MAX,
        now,
        Some(1),
    );
    let _ = exchange.start(now);
    let response = refusal(headers);
    let result = if cut_off {
        let (head, _) = response.into_parts();
        Err(
            TransportError::sent(TransportErrorKind::Interrupted, "test")
                .with_status(head.status)
                .with_headers(head.headers),
        )
    } else {
        Ok(response)
    };
    match exchange.attempted(now, result) {
        Action::Sleep(wait) => wait,
        action => panic!("{skew} {headers:?}: {action:?}"),
    }
}

fn refusal(headers: &[(&'static str, &str)]) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).unwrap();
        response.headers_mut().insert(*name, value);
    }
    response
}

#[test]
fn an_error_that_is_read_without_a_clock_has_the_wait_if_the_response_has_a_date() {
    for (name, value, form) in FORMS {
        let wait = |headers: &[_]| ApiError::from_response(&refusal(headers)).retry_after();
        let sent = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(SENT));
        let known = wait(&[(name, value), (DATE.as_str(), &sent)]);
        assert_eq!(known, Some(Duration::from_secs(30)), "{name}: {value}");
        assert_eq!(
            wait(&[(name, value)]).is_some(),
            form == Form::Duration,
            "{name}: {value}"
        );
    }
}

#[test]
fn the_table_of_clocks() {
    let sent = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(SENT));
    let rfc850 = "Thursday, 15-Jan-26 01:30:15 GMT";
    let utc = sent.replace("GMT", "UTC");
    let dates = [Some(&*sent), Some(rfc850), Some(&utc), Some("today"), None];
    for skew in SKEWS {
        for (name, value, form) in FORMS {
            for date in dates {
                let mut headers = vec![(name, value)];
                headers.extend(date.map(|date| (DATE.as_str(), date)));
                let headers = headers.iter().map(|(name, value)| (*name, *value));
                let headers: Vec<(&'static str, &str)> = headers.collect();
                let is_known = date.is_some_and(|date| date.contains("30:15"));
                // Without a date from the server only the local clock is left, and its error counts.
                let expected = match form {
                    Form::Time if !is_known => (30 - skew).max(0),
                    Form::Time | Form::Duration => 30,
                };
                let expected = Duration::from_secs(expected.unsigned_abs());
                for cut_off in [false, true] {
                    let found = wait(skew, &headers, cut_off);
                    assert_eq!(found, expected, "{skew} s ahead, {headers:?}, {cut_off}");
                }
            }
        }
    }
}
