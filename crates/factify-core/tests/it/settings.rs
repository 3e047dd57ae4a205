//! Settings of clients and calls, and how they are printed.

use std::error::Error as _;
use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport};
use factify_core::invites::InvitationToken;
use factify_core::{
    BaseUrl, BearerToken, BuildError, ClientConfig, Limits, Now, OrganizationId, PageSize, Proxy,
    RequestBody, RetryPolicy, Roots, TransportError, TransportErrorKind,
};
use http::{HeaderName, HeaderValue, Request, Response};

const ORGANIZATION: OrganizationId = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");

/// Records the requests.
#[derive(Default)]
struct Kept(Mutex<Vec<(Request<RequestBody>, Limits)>>);

impl HttpTransport for Kept {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        self.0.lock().unwrap().push((request, *limits));
        Ok(Response::new(Bytes::from_static(b"{\"pagination\":{}}")))
    }

    fn now(&self) -> Now {
        Now::default()
    }
}

fn key() -> BearerToken {
    " ffy_test_CANARY\n".parse().unwrap()
}

#[test]
fn settings_of_a_call_override_those_of_the_client() {
    let config = ClientConfig::new(key())
        .base_url(BaseUrl::parse("https://proxy.example/factify").unwrap())
        .timeout(Duration::from_secs(7))
        .deadline(Duration::from_secs(70))
        .max_response_bytes(1_000)
        .retry(RetryPolicy::default())
        .user_agent("mine/1")
        .unwrap();
    assert!(ClientConfig::new(key()).user_agent("a\nb").is_err());
    assert!(!format!("{config:?} {config:#?}").contains("CANARY"));
    let client = Client::new(Kept::default(), config);
    let invites = client.organization(ORGANIZATION).invites();
    invites.list().send().unwrap();
    let (name, value) = (
        HeaderName::from_static("traceparent"),
        HeaderValue::from_static("00-1"),
    );
    let call = invites
        .list()
        .timeout(Duration::from_secs(1))
        .header(name.clone(), value.clone());
    call.deadline(Duration::from_millis(500)).send().unwrap();
    let kept = client.transport().0.lock().unwrap();
    let [(first, first_limits), (second, second_limits)] = &kept[..] else {
        unreachable!("expected two requests")
    };
    assert_eq!(*first_limits, Limits::new(Duration::from_secs(7), 1_000));
    assert_eq!(
        *second_limits,
        Limits::new(Duration::from_millis(500), 1_000)
    );
    assert!(
        first
            .uri()
            .to_string()
            .starts_with("https://proxy.example/factify/v1beta/")
    );
    assert_eq!(first.headers()["user-agent"], "mine/1");
    assert_eq!(
        (first.headers().get(&name), second.headers().get(&name)),
        (None, Some(&value))
    );
}

#[test]
fn base_urls_are_printed_unchanged() {
    for text in [
        "https://api.factify.com",
        "http://127.0.0.1:8080",
        "https://proxy.example/factify",
    ] {
        let url: BaseUrl = text.parse().unwrap();
        assert_eq!(
            (url.to_string(), format!("{url:?}")),
            (text.to_owned(), format!("BaseUrl({text})"))
        );
    }
    assert_eq!(BaseUrl::default(), BaseUrl::production());
    let error = BaseUrl::parse("ftp://x").unwrap_err();
    assert!(
        error.to_string().contains("its scheme is not https"),
        "{error}"
    );
}

/// The section of a program's configuration file.
#[derive(Debug, serde::Deserialize)]
#[allow(dead_code)] // `Debug` reads the fields.
struct Settings {
    #[serde(default)]
    base_url: BaseUrl,
    page_size: PageSize,
    key: BearerToken,
    invitation: Option<InvitationToken>,
}

/// Instead of a value: the file does not have the field.
const ABSENT: &str = "";

#[test]
fn a_configuration_file_is_checked_when_it_is_read() {
    for (field, value, expected) in [
        (
            "base_url",
            r#""https://proxy.example/x/""#,
            "BaseUrl(https://proxy.example/x)",
        ),
        (
            "base_url",
            r#""http:\/\/localhost:1""#,
            "BaseUrl(http://localhost:1)",
        ),
        (
            "base_url",
            r#""http://x.example""#,
            "http sends the token in the clear",
        ),
        (
            "base_url",
            r#""https://u:CANARY@x.example""#,
            "a user name or a password",
        ),
        ("base_url", "7", "a base URL must be a text"),
        ("page_size", "1", "PageSize(1)"),
        ("page_size", "100", "PageSize(100)"),
        (
            "page_size",
            "0",
            "page_size: it is 0, but must be from 1 to 100",
        ),
        (
            "page_size",
            "101",
            "page_size: it is 101, but must be from 1 to 100",
        ),
        ("page_size", "-1", "invalid value"),
        ("page_size", "1.5", "invalid type"),
        ("key", r#"" ffy_test_CANARY\n""#, "BearerToken(ffy_test_…)"),
        (
            "key",
            r#""\u0066fy_test_CANARY""#,
            "BearerToken(ffy_test_…)",
        ),
        ("key", r#""""#, "not a usable bearer token: it is empty"),
        ("key", r#""CANARY CANARY""#, "it has a space"),
        ("key", r#""CANARY\ud83d""#, "unexpected end of hex escape"),
        ("key", "4341444152", "a bearer token must be a text"),
        ("key", "-4341444152", "a bearer token must be a text"),
        ("key", "4.3414E+15", "a bearer token must be a text"),
        ("key", r#"["CANARY"]"#, "a bearer token must be a text"),
        (
            "key",
            r#"{"CANARY":"CANARY"}"#,
            "a bearer token must be a text",
        ),
        ("key", "null", "a bearer token must be a text"),
        ("key", "true", "a bearer token must be a text"),
        ("key", ABSENT, "missing field `key`"),
        ("invitation", "null", "invitation: None"),
        ("invitation", ABSENT, "invitation: None"),
        ("invitation", r#""CANARY""#, "InvitationToken(…)"),
        (
            "invitation",
            r#""""#,
            "not a valid invitation token: it is empty",
        ),
        (
            "invitation",
            "4341444152",
            "an invitation token must be a text",
        ),
    ] {
        let mut fields = vec![("page_size", "50"), ("key", r#""ffy_test_x""#)];
        fields.retain(|(name, _)| *name != field);
        if value != ABSENT {
            fields.push((field, value));
        }
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| format!("{name:?}:{value}"))
            .collect();
        let text = format!("{{{}}}", fields.join(","));
        let shown = match serde_json::from_str::<Settings>(&text) {
            Ok(settings) => format!("{settings:?}"),
            Err(error) => format!("{error} {error:?}"),
        };
        assert!(shown.contains(expected), "{text}: {shown}");
        for secret in ["CANARY", "43414", "4.3414"] {
            assert!(!shown.contains(secret), "{text}: {shown}");
        }
    }
}

#[test]
fn setup_errors_say_what_to_change_and_hide_the_password_of_a_proxy() {
    for (proxy, shown) in [
        (Proxy::Environment, "Environment"),
        (Proxy::Direct, "Direct"),
        (Proxy::Url("http://u:CANARY@p".into()), "Url(…)"),
    ] {
        assert_eq!(format!("{proxy:?}"), shown);
    }
    assert_eq!(Roots::default(), Roots::WebPki);
    let proxy = BuildError::proxy();
    assert!(proxy.to_string().contains("http:// or socks5://") && proxy.source().is_none());
    assert!(BuildError::no_certificate().source().is_none());
    for (error, problem) in [
        (BuildError::tls("why"), "TLS cannot be set up"),
        (
            BuildError::certificate("why"),
            "a certificate of Roots::Custom",
        ),
        (BuildError::platform_roots("why"), "the system's store"),
    ] {
        assert_eq!(error.source().unwrap().to_string(), "why");
        assert!(error.to_string().starts_with(problem), "{error}");
    }
}

#[test]
fn the_cause_of_a_transport_error_is_its_source() {
    let error = TransportError::not_sent(TransportErrorKind::Lookup, "no such host");
    assert_eq!(error.to_string(), "the host name could not be resolved");
    assert_eq!(error.source().unwrap().to_string(), "no such host");
    assert!(error.status().is_none() && error.headers().is_empty());
}

/// Refuses the first request and accepts the next one.
struct Busy(Mutex<bool>);

impl HttpTransport for Busy {
    fn send(&self, _: Request<RequestBody>, _: &Limits) -> Result<Response<Bytes>, TransportError> {
        let mut refused = self.0.lock().unwrap();
        let mut response = Response::new(Bytes::from_static(b"{\"pagination\":{}}"));
        if !*refused {
            *refused = true;
            *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
            let body = br#"{"code":"unavailable","details":[{"request_id":"req_1"}]}"#;
            *response.body_mut() = Bytes::from_static(body);
        }
        Ok(response)
    }

    fn sleep(&self, _: Duration) {}

    fn now(&self) -> Now {
        Now::default()
    }
}

/// The request ids of attempts, in order.
#[derive(Default)]
struct RequestIds(Mutex<Vec<Option<String>>>);

impl factify_core::Observer for RequestIds {
    fn attempted(&self, attempt: &factify_core::AttemptReport<'_>) {
        let id = attempt.request_id.map(str::to_owned);
        self.0.lock().unwrap().push(id);
    }
}

#[test]
fn an_observer_sees_the_request_id_of_a_retried_attempt() {
    let seen = std::sync::Arc::new(RequestIds::default());
    let config = ClientConfig::new(key()).observer(seen.clone());
    let client = Client::new(Busy(Mutex::default()), config);
    let invites = client.organization(ORGANIZATION).invites();
    invites.list().send().unwrap();
    assert_eq!(*seen.0.lock().unwrap(), [Some("req_1".to_owned()), None]);
}

/// Sends a page that is longer than its compressed form.
struct Compressed;

impl HttpTransport for Compressed {
    fn send(
        &self,
        request: Request<RequestBody>,
        _: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        assert_eq!(request.headers()["accept-encoding"], "gzip");
        let page = format!("{{\"pagination\":{{}}}}{}", " ".repeat(980));
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut out, page.as_bytes()).unwrap();
        let mut response = Response::new(out.finish().unwrap().into());
        let gzip = HeaderValue::from_static("gzip");
        response.headers_mut().insert("content-encoding", gzip);
        Ok(response)
    }

    fn now(&self) -> Now {
        Now::default()
    }
}

#[test]
fn the_limit_of_a_response_applies_to_the_inflated_body() {
    for (cap, fits) in [(997, true), (996, false)] {
        let config = ClientConfig::new(key()).gzip(true).max_response_bytes(cap);
        let client = Client::new(Compressed, config);
        let invites = client.organization(ORGANIZATION).invites();
        let result = invites.list().send();
        assert_eq!(result.is_ok(), fits, "{cap}: {result:?}");
        if let Err(error) = result {
            assert_eq!(error.kind(), factify_core::ErrorKind::TooLarge);
        }
    }
}
