// What must hold of factify-core for any bytes. Used by the fuzz targets, and by a test that replays
// the seeds.

use std::time::Duration;

use arbitrary::{Arbitrary, Result, Unstructured};
use bytes::Bytes;
use factify_core::{
    AcceptOrganizationInvite, Action, ApiError, ApiKey, BaseUrl, CreateOrganizationInvite, Error,
    ErrorKind, Exchange, Limits, ListOrganizationInvites, Now, Operation, OrganizationId,
    OrganizationInviteStatus, Outcome, PageSize, Pager, Pagination, RateLimit, Repeat,
    ResendOrganizationInvite, RetryPolicy, RevokeOrganizationInvite, Timestamp, TransportError,
    TransportErrorKind, UserId,
};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Response, StatusCode};

const ORGANIZATION: OrganizationId = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");

/// Header values of any bytes, under names that mean something.
fn headers(u: &mut Unstructured<'_>, response: &mut Response<Bytes>) -> Result<()> {
    let names = [
        RETRY_AFTER,
        CONTENT_TYPE,
        HeaderName::from_static("x-ratelimit-limit"),
        HeaderName::from_static("x-ratelimit-remaining"),
        HeaderName::from_static("x-ratelimit-reset"),
    ];
    for name in names {
        if u.arbitrary()? {
            if let Ok(value) = HeaderValue::from_bytes(u.arbitrary()?) {
                response.headers_mut().append(name, value);
            }
        }
    }
    Ok(())
}

fn status(u: &mut Unstructured<'_>) -> Result<StatusCode> {
    let known = [
        200, 200, 204, 302, 400, 401, 404, 408, 409, 429, 429, 499, 500, 503,
    ];
    let code = if u.ratio(1, 4)? {
        u.int_in_range(100..=999)?
    } else {
        *u.choose(&known)?
    };
    Ok(StatusCode::from_u16(code).expect("three digits"))
}

fn decode<O: Operation>(response: Response<Bytes>) {
    let (status, length) = (response.status(), response.body().len());
    let says_what_it_is = response.headers().contains_key(CONTENT_TYPE);
    match O::decode(response) {
        Ok(_) => assert!(status.is_success()),
        Err(error) => {
            assert_eq!(error.status(), Some(status), "the status is never lost");
            assert_eq!(error.kind() == ErrorKind::Decode, status.is_success());
            match error.outcome() {
                Outcome::Applied => assert!(status.is_success() && !O::INFO.is_safe()),
                Outcome::Unknown => {
                    assert!((!status.is_success() || says_what_it_is) && !O::INFO.is_safe());
                }
                Outcome::NotApplied => assert!(!status.is_success() || O::INFO.is_safe()),
            }
            // The body is quoted in part at most.
            assert!(error.api().and_then(ApiError::excerpt).map_or(0, str::len) <= 3 * 512);
            let shown = format!("{error} {}", error.report()).len();
            if error.kind() == ErrorKind::Decode {
                assert!(shown <= 2_000, "{shown} of {length}");
            }
        }
    }
}

/// The answer to each operation: any status, headers and bytes.
pub fn response(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let _ = (|| -> Result<()> {
        let which = u.int_in_range(0..=4)?;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = status(&mut u)?;
        headers(&mut u, &mut response)?;
        *response.body_mut() = Bytes::copy_from_slice(u.take_rest());
        match which {
            0 => decode::<RevokeOrganizationInvite>(response),
            1 => decode::<CreateOrganizationInvite>(response),
            2 => decode::<ResendOrganizationInvite>(response),
            3 => decode::<AcceptOrganizationInvite>(response),
            _ => decode::<ListOrganizationInvites>(response),
        }
        Ok(())
    })();
}

/// What a list asks for can be read from its query.
pub fn list_query(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let Ok(list) = list(&mut u) else {
        return;
    };
    let key = ApiKey::new("ffy_test_fuzz").expect("a key");
    let request = match list.encode(&BaseUrl::production(), &key) {
        Ok(request) => request,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Invalid);
            return;
        }
    };
    let query = request.uri().query().unwrap_or_default();
    let mut again = ListOrganizationInvites::new(ORGANIZATION);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "status" => again.status.push(OrganizationInviteStatus::from(&*value)),
            "email.contains" => again.email_contains = Some(value.into()),
            "email.exact" => again.email_exact = Some(value.into()),
            "sender_id" => again.sender_id = Some(value.parse().expect("an id")),
            "created.after" => again.created_after = Some(value.parse().expect("a time")),
            "created.before" => again.created_before = Some(value.parse().expect("a time")),
            "page_size" => {
                let size = value.parse().expect("a number");
                again.page_size = Some(PageSize::new(size).expect("a page size"));
            }
            "page_token" => again.page_token = Some(value.into()),
            other => panic!("{other} is not a parameter"),
        }
    }
    assert_eq!(again, list);
}

fn list(u: &mut Unstructured<'_>) -> Result<ListOrganizationInvites> {
    let mut list = ListOrganizationInvites::new(ORGANIZATION);
    list.status = u.arbitrary()?;
    list.email_contains = u.arbitrary()?;
    list.email_exact = u.arbitrary()?;
    list.sender_id = Option::<UserId>::arbitrary(u)?;
    list.created_after = Option::<Timestamp>::arbitrary(u)?;
    list.created_before = Option::<Timestamp>::arbitrary(u)?;
    list.page_size = PageSize::new(u.int_in_range(0..=100)?).ok();
    list.page_token = u.arbitrary()?;
    Ok(list)
}

/// The exchange, whatever happens to its attempts.
pub fn exchange(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let _ = drive(&mut u);
}

fn drive(u: &mut Unstructured<'_>) -> Result<()> {
    let operation = if u.arbitrary()? {
        RevokeOrganizationInvite::INFO
    } else {
        CreateOrganizationInvite::INFO
    };
    let millis =
        |u: &mut Unstructured<'_>| u16::arbitrary(u).map(|n| Duration::from_millis(n.into()));
    let most = u.int_in_range(1..=9)?;
    let max_wait = millis(u)?;
    let policy = RetryPolicy::standard()
        .max_attempts(most)
        .backoff(millis(u)?, millis(u)?)
        .max_wait(max_wait);
    let deadline = millis(u)? * 4;
    let limits = Limits::new(millis(u)?, 1 << 16);
    let mut now = Now {
        monotonic: millis(u)?,
        unix: Duration::from_secs(1_700_000_000),
    };
    let ends = now.monotonic + deadline;
    let mut exchange = Exchange::new(
        &operation,
        policy,
        limits,
        deadline,
        now,
        Some(u.arbitrary()?),
    );
    let mut action = exchange.start(now);
    // The last attempt may have been applied.
    let mut in_doubt = false;
    let mut sent = 0;
    let result = loop {
        sent += 1;
        let limits = match action {
            Action::Send(limits) => limits,
            Action::Sleep(wait) => {
                assert!(wait <= max_wait && now.monotonic + wait < ends, "{wait:?}");
                now.monotonic += wait + Duration::from_millis(u.int_in_range(0..=50)?);
                match exchange.woke(now) {
                    Action::Send(limits) => limits,
                    Action::Sleep(_) => panic!("a wait is followed by an attempt"),
                    Action::Done(result) => break result,
                }
            }
            Action::Done(result) => break result,
        };
        assert!(sent <= most && exchange.attempts() == sent);
        assert!(now.monotonic + limits.timeout <= ends.max(now.monotonic));
        assert!(
            !in_doubt || operation.repeat == Repeat::Converges,
            "it may happen twice"
        );
        now.monotonic += limits.timeout.mul_f64(f64::from(u8::arbitrary(u)?) / 255.0);
        let (answer, doubtful) = answer(u)?;
        in_doubt |= doubtful;
        action = exchange.answered(now, answer);
    };
    end(&result, &exchange, in_doubt);
    Ok(())
}

type Answer = std::result::Result<Response<Bytes>, TransportError>;

/// What came of an attempt, and whether it may have been applied without saying so.
fn answer(u: &mut Unstructured<'_>) -> Result<(Answer, bool)> {
    use TransportErrorKind as Kind;
    let kinds = [
        Kind::Lookup,
        Kind::Connect,
        Kind::Tls,
        Kind::Certificate,
        Kind::Timeout,
        Kind::Interrupted,
        Kind::TooLarge,
        Kind::Malformed,
        Kind::Other,
    ];
    let statuses = [
        (200, false),
        (400, false),
        (401, false),
        (404, false),
        (429, false),
        (302, true),
        (408, true),
        (499, true),
        (500, true),
        (503, true),
    ];
    Ok(match u.int_in_range(0..=3)? {
        0 => (
            Err(TransportError::not_sent(*u.choose(&kinds)?, "fuzz")),
            false,
        ),
        1 => (Err(TransportError::sent(*u.choose(&kinds)?, "fuzz")), true),
        _ => {
            let (code, doubtful) = *u.choose(&statuses)?;
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = StatusCode::from_u16(code).expect("a status");
            headers(u, &mut response)?;
            (Ok(response), doubtful)
        }
    })
}

fn end(result: &std::result::Result<Response<Bytes>, Error>, exchange: &Exchange, in_doubt: bool) {
    match result {
        Ok(response) => assert!(response.status().is_success()),
        Err(error) => {
            let outcome = if in_doubt {
                Outcome::Unknown
            } else {
                Outcome::NotApplied
            };
            assert_eq!(error.outcome(), outcome);
            assert_eq!(error.attempts(), exchange.attempts());
            if in_doubt {
                assert!(!error.report().to_string().contains("nothing was"));
            }
        }
    }
}

/// A walk over pages ends, or goes on with another token.
pub fn pager(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let mut pager = Pager::new(None);
    let mut count = 0;
    while let Ok(pagination) = Pagination::arbitrary(&mut u) {
        let before = pager.token().map(str::to_owned);
        let next = pagination.next_page_token.clone();
        match pager.arrived(&pagination) {
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Paging);
                assert!(next.is_some() || pagination.has_more);
                assert!(pager.is_done());
                return;
            }
            Ok(()) if pager.is_done() => {
                assert!(next.is_none() && !pagination.has_more);
                return;
            }
            Ok(()) => {
                assert_eq!(pager.token(), next.as_deref());
                assert_ne!(pager.token().map(str::to_owned), before);
            }
        }
        count += 1;
        assert!(count <= data.len() + 1, "each page takes some data");
        if u.is_empty() {
            return;
        }
    }
}

/// The headers that name a wait or a rate.
pub fn wait_headers(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    if headers(&mut u, &mut response).is_err() {
        return;
    }
    let limit = RateLimit::from_headers(response.headers());
    let text = |name: &str| response.headers().get(name)?.to_str().ok();
    for (name, value) in [
        ("x-ratelimit-limit", limit.limit),
        ("x-ratelimit-remaining", limit.remaining),
        ("x-ratelimit-reset", limit.reset),
    ] {
        assert_eq!(value, text(name).and_then(|text| text.trim().parse().ok()));
    }
    let error = ApiError::from_response(&response);
    if let Some(seconds) = text("retry-after").and_then(|text| text.trim().parse::<u32>().ok()) {
        let signed = text("retry-after").is_some_and(|text| text.trim().starts_with('+'));
        if !signed {
            assert_eq!(
                error.retry_after(),
                Some(Duration::from_secs(seconds.into()))
            );
        }
    }
}

/// A base URL that is accepted keeps the key where it is to go.
pub fn base_url(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(base) = BaseUrl::parse(text) else {
        return;
    };
    assert_eq!(BaseUrl::parse(&base.to_string()), Ok(base.clone()));
    assert!(!text.contains('#'));
    let key = ApiKey::new("ffy_test_fuzz").expect("a key");
    let Ok(request) = ListOrganizationInvites::new(ORGANIZATION).encode(&base, &key) else {
        return;
    };
    let uri = request.uri();
    assert!(
        uri.authority()
            .is_some_and(|server| !server.as_str().contains('@'))
    );
    assert!(uri.to_string().starts_with(&base.to_string()));
    assert!(
        uri.path()
            .ends_with("/v1beta/organizations/org_01h2xcejqtf2nbrexx3vqjhp41/invites")
    );
    let host = uri.host().unwrap_or_default();
    let loopback = host.eq_ignore_ascii_case("localhost")
        || host
            .trim_matches(['[', ']'])
            .parse()
            .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    assert!(uri.scheme_str() == Some("https") || loopback, "{uri}");
}
