// Properties of factify-core for any bytes. The fuzz targets use them, and a test that replays the
// seeds.

use std::fmt::Debug;
use std::time::Duration;

use arbitrary::{Arbitrary, Result, Unstructured};
use bytes::Bytes;
use factify_core::invites::ListOrganizationInvites;
use factify_core::{
    Action, ApiError, BaseUrl, BearerToken, Error, ErrorKind, Exchange, Limits, Now, OPERATIONS,
    Operation, OperationInfo, OrganizationId, Outcome, Pager, Pagination, PathValues, RateLimit,
    RetryPolicy, ServeOperation, TransportError, TransportErrorKind,
};
use http::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};

const ORGANIZATION: OrganizationId = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");

/// Headers with any bytes as values and known names.
fn headers(u: &mut Unstructured<'_>, response: &mut Response<Bytes>) -> Result<()> {
    let names = [
        RETRY_AFTER,
        CONTENT_TYPE,
        HeaderName::from_static("x-ratelimit-limit"),
        HeaderName::from_static("x-ratelimit-remaining"),
        HeaderName::from_static("x-ratelimit-reset"),
        DATE,
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

/// The checks for each operation.
struct Checks {
    info: OperationInfo,
    response: fn(&mut Unstructured<'_>, Response<Bytes>) -> Result<()>,
    request: fn(&mut Unstructured<'_>) -> Result<()>,
    serve: fn(&PathValues<'_>, &Request<Bytes>),
}

impl Checks {
    fn of<O>() -> Self
    where
        O: ServeOperation<Output: Debug + PartialEq> + Debug + PartialEq + for<'a> Arbitrary<'a>,
    {
        Self {
            info: O::INFO,
            response: decode::<O>,
            request: comes_back::<O>,
            serve: read::<O>,
        }
    }
}

macro_rules! checks {
    ($($Operation:ty),+) => {
        vec![$(Checks::of::<$Operation>()),+]
    };
}

/// One of the operations.
fn any_operation(u: &mut Unstructured<'_>) -> Result<Checks> {
    let mut all = factify_core::for_each_operation!(checks);
    let chosen = u.choose_index(all.len())?;
    Ok(all.swap_remove(chosen))
}

fn decode<O>(u: &mut Unstructured<'_>, mut response: Response<Bytes>) -> Result<()>
where
    O: ServeOperation<Output: Debug + PartialEq> + for<'a> Arbitrary<'a>,
{
    let operation = O::arbitrary(u)?;
    *response.body_mut() = Bytes::copy_from_slice(u.take_rest_of());
    // A decoded value can be encoded, and is then decoded as the same value: NaN does not equal itself.
    if let Ok(output) = O::decode_body(response.body()) {
        let written = O::encode_output(&output).expect("an output is JSON");
        let again = O::decode_body(&written).expect("its own JSON can be decoded");
        assert_eq!(
            O::encode_output(&again).expect("an output is JSON"),
            written
        );
        assert_eq!(format!("{again:?}"), format!("{output:?}"));
    }
    let (status, length) = (response.status(), response.body().len());
    let says_what_it_is = response.headers().contains_key(CONTENT_TYPE);
    match operation.decode(response) {
        Ok(_) => assert!(status.is_success()),
        Err(error) => {
            assert_eq!(error.status(), Some(status), "the status is never lost");
            let of_success = [ErrorKind::Decode, ErrorKind::Mismatch, ErrorKind::Refused];
            let of_success = of_success.contains(&error.kind());
            assert_eq!(of_success, status.is_success());
            match error.outcome() {
                Outcome::Applied => assert!(status.is_success() && !O::INFO.is_safe()),
                Outcome::Unknown => {
                    let mismatch = error.kind() == ErrorKind::Mismatch;
                    let may_be_foreign = says_what_it_is || mismatch;
                    assert!(!status.is_success() || may_be_foreign || O::INFO.result_in_body);
                    assert!(!O::INFO.is_safe());
                }
                Outcome::NotApplied => {
                    let is_refused = error.kind() == ErrorKind::Refused;
                    assert!(!status.is_success() || is_refused || O::INFO.is_safe());
                }
            }
            // An error quotes only a part of the body.
            assert!(error.api().and_then(ApiError::excerpt).map_or(0, str::len) <= 3 * 512);
            let shown = format!("{error} {}", error.report()).len();
            if error.kind() == ErrorKind::Decode {
                assert!(shown <= 2_000, "{shown} of {length}");
            }
        }
    }
    Ok(())
}

/// The response to each operation: any status, headers and bytes.
pub fn response(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let _ = (|| -> Result<()> {
        let operation = any_operation(&mut u)?;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = status(&mut u)?;
        headers(&mut u, &mut response)?;
        (operation.response)(&mut u, response)
    })();
}

fn encoded<O: Operation>(operation: &O) -> Option<Request<Bytes>> {
    let token = BearerToken::new("ffy_test_fuzz").expect("a token");
    match operation.encode(&BaseUrl::production(), &token) {
        Ok(request) => Some(request.map(|body| body.into_bytes().expect("in memory"))),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Invalid);
            None
        }
    }
}

fn comes_back<O>(u: &mut Unstructured<'_>) -> Result<()>
where
    O: ServeOperation + Debug + PartialEq + for<'a> Arbitrary<'a>,
{
    let operation = O::arbitrary(u)?;
    if let Some(sent) = encoded(&operation) {
        let path = O::INFO.match_path(sent.uri().path()).expect("its own path");
        let read = O::from_request(&path, &sent).expect("its own request");
        assert_eq!(read, operation);
        let again = encoded(&read).expect("what was sent");
        assert_eq!(again.uri(), sent.uri());
        // The boundary of a form is another one each time.
        assert_eq!(again.body().len(), sent.body().len());
        assert_eq!(
            O::from_request(&path, &again).expect("its own request"),
            operation
        );
    }
    Ok(())
}

/// An operation can be read from its own request.
pub fn request(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let _ = (|| -> Result<()> {
        let operation = any_operation(&mut u)?;
        (operation.request)(&mut u)
    })();
}

fn read<O: ServeOperation>(path: &PathValues<'_>, request: &Request<Bytes>) {
    match O::from_request(path, request) {
        // An accepted request can be encoded again.
        Ok(operation) => assert!(encoded(&operation).is_some()),
        Err(error) => assert!(!error.message.is_empty()),
    }
}

/// Any bytes as the request of each operation: its IDs, its query and its body.
pub fn serve(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let _ = (|| -> Result<()> {
        let operation = any_operation(&mut u)?;
        let mut path = String::new();
        for segment in operation.info.path.split('/').skip(1) {
            path.push('/');
            if segment.starts_with('{') && u.ratio(1, 4)? {
                path.push_str(&u.arbitrary::<u16>()?.to_string());
            } else if segment.starts_with('{') {
                let name = segment.trim_matches(['{', '}']);
                let mut parameters = operation.info.parameters.iter();
                let kinds = parameters
                    .find(|it| it.name == name)
                    .map_or(&[][..], |it| it.ids);
                path.push_str(u.choose(kinds)?.prefix());
                path.push_str("01h2xcejqtf2nbrexx3vqjhp41");
            } else {
                path.push_str(segment);
            }
        }
        let query: String = u
            .arbitrary::<&str>()?
            .chars()
            .filter(char::is_ascii_graphic)
            .collect();
        let body = Bytes::copy_from_slice(u.take_rest_of());
        let uri = format!("{path}?{query}");
        if let Ok(request) = Request::builder().uri(&uri).body(body) {
            let values = operation
                .info
                .match_path(request.uri().path())
                .expect("its own path");
            (operation.serve)(&values, &request);
        }
        Ok(())
    })();
}

/// The remaining bytes.
trait Rest<'a> {
    fn take_rest_of(&mut self) -> &'a [u8];
}

impl<'a> Rest<'a> for Unstructured<'a> {
    fn take_rest_of(&mut self) -> &'a [u8] {
        let all = self.len();
        self.bytes(all).unwrap_or_default()
    }
}

/// The exchange, whatever happens to its attempts.
pub fn exchange(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let _ = drive(&mut u);
}

fn drive(u: &mut Unstructured<'_>) -> Result<()> {
    let operation = u.choose(OPERATIONS)?;
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
        operation,
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
                    Action::Sleep(_) => panic!("an attempt follows a wait"),
                    Action::Done(result) => break result,
                }
            }
            Action::Done(result) => break result,
        };
        assert!(sent <= most && exchange.attempts() == sent);
        assert!(now.monotonic + limits.timeout <= ends.max(now.monotonic));
        assert!(!in_doubt || operation.idempotent, "it may be applied twice");
        now.monotonic += limits.timeout.mul_f64(f64::from(u8::arbitrary(u)?) / 255.0);
        let (attempted, doubtful) = attempted(u)?;
        in_doubt |= doubtful;
        action = exchange.attempted(now, attempted);
    };
    end(&result, &exchange, in_doubt && !operation.is_safe());
    Ok(())
}

type Attempted = std::result::Result<Response<Bytes>, TransportError>;

/// The result of an attempt, and whether it may have been applied.
fn attempted(u: &mut Unstructured<'_>) -> Result<(Attempted, bool)> {
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
        // Its body is empty, so it is not from the API.
        (400, true),
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

/// A walk over pages ends, or continues with another token.
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

/// The headers for waits and rate limits.
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
    ] {
        assert_eq!(value, text(name).and_then(|text| text.trim().parse().ok()));
    }
    let whole = |name| text(name).and_then(|text| text.trim().parse::<u32>().ok());
    let unsigned =
        |name| whole(name).filter(|_| text(name).is_some_and(|text| !text.contains('+')));
    if let Some(seconds) = unsigned("x-ratelimit-reset") {
        assert_eq!(limit.reset, Some(seconds.into()));
    }
    let error = ApiError::from_response(&response);
    if let Some(seconds) = unsigned("retry-after") {
        assert_eq!(
            error.retry_after(),
            Some(Duration::from_secs(seconds.into()))
        );
    }
    // A wait has whole seconds, because it is rounded up.
    assert_eq!(error.retry_after().map_or(0, |wait| wait.subsec_nanos()), 0);
}

/// With an accepted base URL the key goes only to that host.
pub fn base_url(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(base) = BaseUrl::parse(text) else {
        return;
    };
    assert_eq!(BaseUrl::parse(&base.to_string()), Ok(base.clone()));
    assert!(!text.contains('#'));
    let key = BearerToken::new("ffy_test_fuzz").expect("a key");
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
