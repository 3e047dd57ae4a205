//! The table of `RetryPolicy`, row by row, for idempotent and other operations.

use std::time::Duration;

use bytes::Bytes;
use factify_core::invites::{
    CreateOrganizationInvite, ListOrganizationInvites, RevokeOrganizationInvite,
};
use factify_core::{
    Action, Error, ErrorKind, Exchange, Limits, Now, Operation, OperationInfo, Outcome,
    RetryPolicy, TransportError, TransportErrorKind as Transport,
};
use http::{Response, StatusCode};

const NOW: Now = Now {
    monotonic: Duration::from_secs(500),
    unix: Duration::from_secs(1_700_000_000),
};
const DEADLINE: Duration = Duration::from_secs(120);

type Attempted = Result<Response<Bytes>, TransportError>;

fn exchange(operation: &OperationInfo) -> Exchange {
    let limits = Limits::new(Duration::from_secs(30), 1024);
    Exchange::new(
        operation,
        RetryPolicy::standard(),
        limits,
        DEADLINE,
        NOW,
        Some(7),
    )
}

fn status(code: u16) -> Attempted {
    with(code, &[], "")
}

fn with(code: u16, headers: &[(&'static str, &str)], body: &str) -> Attempted {
    let mut response = Response::new(Bytes::copy_from_slice(body.as_bytes()));
    *response.status_mut() = StatusCode::from_u16(code).unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    Ok(response)
}

fn code(status: u16, code: &str) -> Attempted {
    with(
        status,
        &[],
        &format!(r#"{{"code":"{code}","message":"m"}}"#),
    )
}

fn quota() -> Attempted {
    with(
        429,
        &[],
        r#"{"code":"resource_exhausted","message":"m","details":[{"reason":"quota_exceeded"}]}"#,
    )
}

fn not_sent(kind: Transport) -> Attempted {
    Err(TransportError::not_sent(kind, "test"))
}

fn sent(kind: Transport) -> Attempted {
    Err(TransportError::sent(kind, "test"))
}

fn cut_off(code: u16) -> Attempted {
    let status = StatusCode::from_u16(code).unwrap();
    Err(TransportError::sent(Transport::Interrupted, "test").with_status(status))
}

fn first_failure(operation: &OperationInfo, attempted: Attempted) -> (bool, Option<Error>) {
    let mut exchange = exchange(operation);
    assert!(matches!(exchange.start(NOW), Action::Send(_)));
    match exchange.attempted(NOW, attempted) {
        Action::Sleep(_) | Action::Send(_) => (true, None),
        Action::Done(result) => (false, Some(result.unwrap_err())),
    }
}

fn last_failure(operation: &OperationInfo, attempted: Attempted) -> Error {
    let limits = Limits::new(Duration::from_secs(30), 1024);
    let mut last = Exchange::new(
        operation,
        RetryPolicy::never(),
        limits,
        DEADLINE,
        NOW,
        Some(7),
    );
    let _ = last.start(NOW);
    match last.attempted(NOW, attempted) {
        Action::Done(Err(error)) => error,
        action => panic!("unexpected action after one attempt: {action:?}"),
    }
}

#[test]
fn the_table() {
    use ErrorKind as Kind;
    use Outcome::{NotApplied, Unknown};
    type Row = (&'static str, fn() -> Attempted, Kind, Outcome, bool, bool);
    // The event; the kind and outcome of the error; whether it is retried if idempotent, and if not.
    let rows: &[Row] = &[
        (
            "lookup",
            || not_sent(Transport::Lookup),
            Kind::Connect,
            NotApplied,
            true,
            true,
        ),
        (
            "connect",
            || not_sent(Transport::Connect),
            Kind::Connect,
            NotApplied,
            true,
            true,
        ),
        (
            "TLS broken",
            || not_sent(Transport::Tls),
            Kind::Connect,
            NotApplied,
            true,
            true,
        ),
        (
            "connect timeout",
            || not_sent(Transport::Timeout),
            Kind::Timeout,
            NotApplied,
            true,
            true,
        ),
        (
            "certificate",
            || not_sent(Transport::Certificate),
            Kind::Certificate,
            NotApplied,
            false,
            false,
        ),
        (
            "plaintext",
            || not_sent(Transport::InsecureUrl),
            Kind::Invalid,
            NotApplied,
            false,
            false,
        ),
        (
            "not processed",
            || Err(TransportError::unprocessed(Transport::Interrupted, "test")),
            Kind::Interrupted,
            NotApplied,
            true,
            true,
        ),
        (
            "timeout",
            || sent(Transport::Timeout),
            Kind::Timeout,
            Unknown,
            true,
            false,
        ),
        (
            "reset",
            || sent(Transport::Interrupted),
            Kind::Interrupted,
            Unknown,
            true,
            false,
        ),
        (
            "not HTTP",
            || sent(Transport::Malformed),
            Kind::Malformed,
            Unknown,
            true,
            false,
        ),
        (
            "other",
            || sent(Transport::Other),
            Kind::Transport,
            Unknown,
            true,
            false,
        ),
        (
            "too large",
            || sent(Transport::TooLarge),
            Kind::TooLarge,
            Unknown,
            false,
            false,
        ),
        (
            "200 cut off",
            || cut_off(200),
            Kind::Interrupted,
            Unknown,
            true,
            false,
        ),
        (
            "404 cut off",
            || cut_off(404),
            Kind::Api,
            NotApplied,
            false,
            false,
        ),
        (
            "400 cut off",
            || cut_off(400),
            Kind::Api,
            Unknown,
            false,
            false,
        ),
        (
            "409 cut off",
            || cut_off(409),
            Kind::Api,
            Unknown,
            false,
            false,
        ),
        (
            "429 cut off",
            || cut_off(429),
            Kind::Api,
            NotApplied,
            true,
            true,
        ),
        (
            "503 cut off",
            || cut_off(503),
            Kind::Api,
            Unknown,
            true,
            false,
        ),
        ("429", || status(429), Kind::Api, NotApplied, true, true),
        ("429 quota", quota, Kind::Api, NotApplied, false, false),
        ("408", || status(408), Kind::Api, Unknown, true, false),
        ("500", || status(500), Kind::Api, Unknown, true, false),
        ("502", || status(502), Kind::Api, Unknown, true, false),
        ("503", || status(503), Kind::Api, Unknown, true, false),
        ("504", || status(504), Kind::Api, Unknown, true, false),
        ("501", || status(501), Kind::Api, Unknown, false, false),
        ("499", || status(499), Kind::Api, Unknown, false, false),
        ("400", || status(400), Kind::Api, Unknown, false, false),
        ("401", || status(401), Kind::Api, NotApplied, false, false),
        ("403", || status(403), Kind::Api, NotApplied, false, false),
        ("404", || status(404), Kind::Api, NotApplied, false, false),
        ("409", || status(409), Kind::Api, Unknown, false, false),
        ("418", || status(418), Kind::Api, NotApplied, false, false),
        ("301", || status(301), Kind::Redirect, Unknown, false, false),
        ("307", || status(307), Kind::Redirect, Unknown, false, false),
        (
            "400 failed_precondition",
            || code(400, "failed_precondition"),
            Kind::Api,
            NotApplied,
            false,
            false,
        ),
        (
            "400 unavailable",
            || code(400, "unavailable"),
            Kind::Api,
            Unknown,
            true,
            false,
        ),
        (
            "400 resource_exhausted",
            || code(400, "resource_exhausted"),
            Kind::Api,
            NotApplied,
            true,
            true,
        ),
        (
            "504 deadline_exceeded",
            || code(504, "deadline_exceeded"),
            Kind::Api,
            Unknown,
            true,
            false,
        ),
        (
            "501 unimplemented",
            || code(501, "unimplemented"),
            Kind::Api,
            NotApplied,
            false,
            false,
        ),
        (
            "499 canceled",
            || code(499, "canceled"),
            Kind::Api,
            Unknown,
            false,
            false,
        ),
        (
            "409 already_exists",
            || code(409, "already_exists"),
            Kind::Api,
            NotApplied,
            false,
            false,
        ),
        (
            "409 aborted",
            || code(409, "aborted"),
            Kind::Api,
            Unknown,
            false,
            false,
        ),
        (
            "404 unavailable",
            || code(404, "unavailable"),
            Kind::Api,
            NotApplied,
            true,
            false,
        ),
        (
            "400 with an unknown code",
            || code(400, "brand_new"),
            Kind::Api,
            NotApplied,
            false,
            false,
        ),
    ];
    for &(name, attempted, kind, outcome, idempotent, otherwise) in rows {
        for (operation, again) in [
            (&RevokeOrganizationInvite::INFO, idempotent),
            (&CreateOrganizationInvite::INFO, otherwise),
        ] {
            assert_eq!(
                first_failure(operation, attempted()).0,
                again,
                "{name}: {}",
                operation.id
            );
        }
        // Repeat it as the last attempt to get the error. A read changes nothing.
        for (operation, outcome) in [
            (&RevokeOrganizationInvite::INFO, outcome),
            (&ListOrganizationInvites::INFO, NotApplied),
        ] {
            let error = last_failure(operation, attempted());
            assert_eq!(
                (error.kind(), error.outcome(), error.attempts()),
                (kind, outcome, 1),
                "{name}: {}",
                operation.id
            );
        }
    }
}

/// These errors alone mean that nothing was changed, but not after an uncertain attempt.
#[test]
fn advice_considers_an_earlier_attempt() {
    let refusals: [fn() -> Attempted; 6] = [
        || code(400, "failed_precondition"),
        || status(401),
        || status(404),
        || with(429, &[("retry-after", "600")], ""),
        || not_sent(Transport::Certificate),
        || not_sent(Transport::InsecureUrl),
    ];
    for refusal in refusals {
        let mut exchange = exchange(&RevokeOrganizationInvite::INFO);
        let _ = exchange.start(NOW);
        let _ = exchange.attempted(NOW, sent(Transport::Interrupted));
        let _ = exchange.woke(NOW);
        let Action::Done(Err(error)) = exchange.attempted(NOW, refusal()) else {
            panic!("the call must end")
        };
        let report = error.report().to_string();
        assert_eq!(error.outcome(), Outcome::Unknown, "{report}");
        assert!(!report.contains("nothing was"), "{report}");
        assert!(
            report.contains("after an earlier attempt: the connection broke"),
            "{report}"
        );
    }
}

#[test]
fn an_unknown_outcome_stays_unknown() {
    // The first revoke may have been applied; the second says "not pending". Who did it?
    let mut exchange = exchange(&RevokeOrganizationInvite::INFO);
    let _ = exchange.start(NOW);
    assert!(matches!(
        exchange.attempted(NOW, sent(Transport::Interrupted)),
        Action::Sleep(_)
    ));
    assert!(matches!(exchange.woke(NOW), Action::Send(_)));
    let Action::Done(Err(error)) = exchange.attempted(NOW, code(400, "failed_precondition")) else {
        panic!("the call must end")
    };
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(error.is_failed_precondition());
    assert_eq!(error.attempts(), 2);
}

#[test]
fn the_server_sets_the_wait() {
    let limit = r#"{"error":{"type":"rate_limit_error","message":"m","retry_after":32}}"#;
    let rows: [(&str, Attempted, Option<u64>); 8] = [
        (
            "Retry-After",
            with(429, &[("retry-after", "2")], ""),
            Some(2),
        ),
        (
            "Retry-After before reset",
            with(
                429,
                &[("retry-after", "2"), ("x-ratelimit-reset", "1700000009")],
                "",
            ),
            Some(2),
        ),
        (
            "X-RateLimit-Reset",
            with(429, &[("x-ratelimit-reset", "1700000012")], ""),
            Some(12),
        ),
        ("the older body", with(429, &[], limit), Some(32)),
        (
            "Retry-After of a 503",
            with(503, &[("retry-after", "3")], ""),
            Some(3),
        ),
        (
            "from a response with a cut-off body",
            Err(TransportError::sent(Transport::Interrupted, "test")
                .with_status(StatusCode::TOO_MANY_REQUESTS)
                .with_headers(
                    [(http::header::RETRY_AFTER, http::HeaderValue::from(4))]
                        .into_iter()
                        .collect(),
                )),
            Some(4),
        ),
        (
            "longer than the maximum",
            with(429, &[("retry-after", "61")], ""),
            None,
        ),
        (
            "too large for a number",
            with(429, &[("retry-after", "99999999999999999999999")], ""),
            None,
        ),
    ];
    for (name, attempted, wait) in rows {
        let mut exchange = exchange(&RevokeOrganizationInvite::INFO);
        let _ = exchange.start(NOW);
        match (exchange.attempted(NOW, attempted), wait) {
            (Action::Sleep(slept), Some(wait)) => assert_eq!(slept.as_secs(), wait, "{name}"),
            (Action::Done(Err(error)), None) => assert!(error.is_rate_limited(), "{name}"),
            (action, _) => panic!("{name}: {action:?}"),
        }
    }
}

#[test]
fn no_wait_exceeds_the_deadline() {
    let mut exchange = exchange(&RevokeOrganizationInvite::INFO);
    let _ = exchange.start(NOW);
    let late = Now {
        monotonic: NOW.monotonic + Duration::from_secs(100),
        ..NOW
    };
    let action = exchange.attempted(late, with(429, &[("retry-after", "20")], ""));
    let Action::Done(Err(error)) = action else {
        panic!("{action:?}")
    };
    assert_eq!(
        error.api().unwrap().retry_after(),
        Some(Duration::from_secs(20))
    );
    assert_eq!(error.elapsed(), Duration::from_secs(100));
}

#[test]
fn an_attempt_is_limited_to_the_remaining_time() {
    let mut exchange = exchange(&RevokeOrganizationInvite::INFO);
    let _ = exchange.start(NOW);
    let later = Now {
        monotonic: NOW.monotonic + Duration::from_secs(110),
        ..NOW
    };
    assert!(matches!(
        exchange.attempted(later, status(503)),
        Action::Sleep(_)
    ));
    let Action::Send(limits) = exchange.woke(later) else {
        panic!("time is left")
    };
    assert_eq!(limits.timeout, Duration::from_secs(10));
    assert_eq!(limits.max_response_bytes, 1024);
}

#[test]
fn after_a_wait_beyond_the_deadline_the_last_error_is_returned() {
    let mut exchange = exchange(&RevokeOrganizationInvite::INFO);
    let _ = exchange.start(NOW);
    assert!(matches!(
        exchange.attempted(NOW, status(503)),
        Action::Sleep(_)
    ));
    let late = Now {
        monotonic: NOW.monotonic + DEADLINE,
        ..NOW
    };
    let Action::Done(Err(error)) = exchange.woke(late) else {
        panic!("time is over")
    };
    assert_eq!(
        (error.status().unwrap(), error.outcome()),
        (StatusCode::SERVICE_UNAVAILABLE, Outcome::Unknown)
    );
}

#[test]
fn the_number_of_attempts_is_limited() {
    let mut exchange = exchange(&RevokeOrganizationInvite::INFO);
    let mut action = exchange.start(NOW);
    let mut waits = Vec::new();
    let error = loop {
        action = match action {
            Action::Send(_) => exchange.attempted(NOW, status(503)),
            Action::Sleep(wait) => {
                waits.push(wait);
                exchange.woke(NOW)
            }
            Action::Done(result) => break result.unwrap_err(),
        };
    };
    assert_eq!((error.attempts(), waits.len()), (4, 3));
    for (wait, bound) in waits.iter().zip([250, 500, 1000]) {
        assert!(*wait <= Duration::from_millis(bound));
    }
}

#[test]
fn jitter_is_random_even_for_small_seeds() {
    let waits: Vec<_> = (0..200)
        .filter_map(|seed| {
            let limits = Limits::new(Duration::from_secs(30), 1024);
            let operation = &RevokeOrganizationInvite::INFO;
            let mut exchange = Exchange::new(
                operation,
                RetryPolicy::standard(),
                limits,
                DEADLINE,
                NOW,
                Some(seed),
            );
            let _ = exchange.start(NOW);
            match exchange.attempted(NOW, status(503)) {
                Action::Sleep(wait) => Some(wait.as_millis()),
                _ => None,
            }
        })
        .collect();
    assert_eq!(waits.len(), 200);
    let below = waits.iter().filter(|wait| **wait < 125).count();
    assert!(
        (60..140).contains(&below),
        "{below} of 200 in the lower half"
    );
}

#[test]
fn the_backoff_doubles_up_to_its_bound() {
    let millis = Duration::from_millis;
    let policy = RetryPolicy::standard()
        .max_attempts(9)
        .backoff(millis(100), millis(1_000));
    // For each number of attempts, the largest of many random waits is close to the bound.
    let mut longest = [Duration::ZERO; 8];
    for seed in 0..400 {
        let limits = Limits::new(Duration::from_secs(30), 1024);
        let operation = &RevokeOrganizationInvite::INFO;
        let mut exchange = Exchange::new(operation, policy, limits, DEADLINE, NOW, Some(seed));
        let _ = exchange.start(NOW);
        for longest in &mut longest {
            let Action::Sleep(wait) = exchange.attempted(NOW, status(503)) else {
                panic!("attempts are left")
            };
            *longest = wait.max(*longest);
            let _ = exchange.woke(NOW);
        }
    }
    let bounds = [100, 200, 400, 800, 1_000, 1_000, 1_000, 1_000].map(millis);
    for (longest, bound) in longest.into_iter().zip(bounds) {
        assert!(
            longest <= bound && longest > bound.mul_f64(0.9),
            "{longest:?} of {bound:?}"
        );
    }
}

#[test]
fn zero_attempts_count_as_one() {
    for (attempts, made) in [(0, 1), (1, 1), (2, 2)] {
        let policy = RetryPolicy::standard().max_attempts(attempts);
        let limits = Limits::new(Duration::from_secs(30), 1024);
        let operation = &RevokeOrganizationInvite::INFO;
        let mut exchange = Exchange::new(operation, policy, limits, DEADLINE, NOW, Some(1));
        let _ = exchange.start(NOW);
        while let Action::Sleep(_) = exchange.attempted(NOW, status(503)) {
            let _ = exchange.woke(NOW);
        }
        assert_eq!(exchange.attempts(), made);
    }
}

#[test]
fn a_timeout_is_rounded() {
    for (timeout, shown) in [
        (Duration::from_secs(30), "30s"),
        (Duration::from_nanos(29_238_810_692), "29.2s"),
        (Duration::from_millis(1_999), "1.9s"),
        (Duration::from_micros(200_400), "200ms"),
        (Duration::from_micros(400), "400µs"),
    ] {
        let limits = Limits::new(timeout, 1_000);
        let policy = RetryPolicy::never();
        let operation = &RevokeOrganizationInvite::INFO;
        let mut exchange = Exchange::new(operation, policy, limits, DEADLINE, NOW, None);
        let _ = exchange.start(NOW);
        let Action::Done(Err(error)) = exchange.attempted(NOW, sent(Transport::Timeout)) else {
            panic!("the call must end")
        };
        let expected = format!("no complete response within {shown} (1 attempt");
        assert!(error.to_string().contains(&expected), "{error}");
    }
}

#[test]
fn a_response_that_is_too_large_names_the_limit() {
    let error = last_failure(&ListOrganizationInvites::INFO, sent(Transport::TooLarge));
    let report = error.report().to_string();
    let limit = "the response is larger than the limit of 1024 bytes";
    assert!(report.contains(limit), "{report}");
    assert!(
        report.contains("ClientConfig::max_response_bytes"),
        "{report}"
    );
}

/// Each cause has its own line, without those that say the same as the line before.
#[test]
fn a_report_repeats_nothing_and_indents_the_causes_of_earlier_attempts() {
    let broken = || {
        let kind = Transport::Interrupted;
        Err(TransportError::sent(kind, "peer disconnected"))
    };
    let mut exchange = exchange(&RevokeOrganizationInvite::INFO);
    let _ = exchange.start(NOW);
    let _ = exchange.attempted(NOW, broken());
    let _ = exchange.woke(NOW);
    let Action::Done(Err(error)) = exchange.attempted(NOW, code(400, "failed_precondition")) else {
        panic!("the call must end")
    };
    let report = error.report().to_string();
    let lines: Vec<_> = report.lines().skip(1).collect();
    assert_eq!(
        lines[..2],
        [
            "  after an earlier attempt: the connection broke",
            "    because peer disconnected"
        ],
        "{report}"
    );
    let error = last_failure(&RevokeOrganizationInvite::INFO, broken());
    let report = error.report().to_string();
    assert_eq!(
        report.matches("the connection broke").count(),
        1,
        "{report}"
    );
    assert_eq!(report.lines().nth(1), Some("  because peer disconnected"));
}

#[test]
fn a_timeout_names_its_step_and_a_refused_certificate_is_not_retried() {
    let error = last_failure(&RevokeOrganizationInvite::INFO, sent(Transport::Timeout));
    assert!(
        error
            .to_string()
            .contains("no complete response within 30s"),
        "{error}"
    );
    assert!(error.is_timeout() && error.is_retryable());
    let error = last_failure(
        &RevokeOrganizationInvite::INFO,
        not_sent(Transport::Certificate),
    );
    assert!(!error.is_retryable());
}

#[test]
fn an_earlier_error_is_kept_only_if_it_matters() {
    for (operation, last, has_earlier) in [
        (
            &RevokeOrganizationInvite::INFO,
            code(400, "failed_precondition"),
            true,
        ),
        // Its own outcome is unknown.
        (
            &RevokeOrganizationInvite::INFO,
            code(499, "canceled"),
            false,
        ),
        // A read changed nothing.
        (
            &ListOrganizationInvites::INFO,
            code(400, "invalid_argument"),
            false,
        ),
    ] {
        let mut exchange = exchange(operation);
        let _ = exchange.start(NOW);
        let _ = exchange.attempted(NOW, sent(Transport::Interrupted));
        let _ = exchange.woke(NOW);
        let Action::Done(Err(error)) = exchange.attempted(NOW, last) else {
            panic!("the call must end")
        };
        assert_eq!(
            error.earlier().is_some(),
            has_earlier,
            "{}: {error}",
            operation.id
        );
    }
}

/// Otherwise all clients whose limit ends at the same time would retry at the same time, repeatedly.
#[test]
fn a_zero_wait_is_still_a_backoff() {
    let mut waited = 0;
    for seed in 0..20 {
        let limits = Limits::new(Duration::from_secs(30), 1024);
        let (operation, policy) = (&RevokeOrganizationInvite::INFO, RetryPolicy::standard());
        let mut exchange = Exchange::new(operation, policy, limits, DEADLINE, NOW, Some(seed));
        let _ = exchange.start(NOW);
        let Action::Sleep(wait) = exchange.attempted(NOW, with(429, &[("retry-after", "0")], ""))
        else {
            panic!("attempts are left")
        };
        waited += u32::from(wait > Duration::from_millis(10));
    }
    assert!(waited > 10, "{waited} of 20 waited");
}

#[test]
fn the_advice_of_an_operation_needs_an_unchanged_state() {
    let info = OperationInfo::new("advise", http::Method::POST, "/v1beta/advise")
        .idempotent(true)
        .advice(|error| error.is_not_found().then_some("Take another one."));
    for (first, advice) in [
        (not_sent(Transport::Connect), "Take another one."),
        (
            sent(Transport::Interrupted),
            "Read the state before calling again.",
        ),
    ] {
        let mut exchange = exchange(&info);
        let _ = exchange.start(NOW);
        assert!(matches!(exchange.attempted(NOW, first), Action::Sleep(_)));
        let _ = exchange.woke(NOW);
        let Action::Done(Err(error)) = exchange.attempted(NOW, code(404, "not_found")) else {
            panic!("the call must end");
        };
        let report = error.report().to_string();
        assert!(report.ends_with(advice), "{report}");
    }
}
