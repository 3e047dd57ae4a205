//! No output shows a secret of a request, even if the server repeats a part of it or escapes it.

use std::error::Error as _;
use std::fmt::Write;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport, ResponseBody};
use factify_core::invites::InvitationToken;
use factify_core::types::{ErrorCode, ErrorReason};
use factify_core::{
    AttemptReport, BearerToken, CallReport, ClientConfig, Error, Limits, Now, Observer,
    OrganizationId, PresignedUrl, RequestBody, RetryPolicy, TransportError, TransportErrorKind,
};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use proptest::prelude::*;
use proptest::sample::Index;

/// A character as a server may write it in JSON.
#[derive(Debug, Clone, Copy)]
enum Style {
    /// As it is, if JSON allows it.
    Plain,
    /// With a backslash, if there is such an escape.
    Short,
    Lower,
    Upper,
    Mixed,
}

const STYLES: [Style; 5] = [
    Style::Plain,
    Style::Short,
    Style::Lower,
    Style::Upper,
    Style::Mixed,
];

fn escaped(char: char, style: Style) -> String {
    let short = match char {
        '"' | '\\' | '/' => Some(char),
        '\u{8}' => Some('b'),
        '\u{c}' => Some('f'),
        '\n' => Some('n'),
        '\r' => Some('r'),
        '\t' => Some('t'),
        _ => None,
    };
    let is_plain = !matches!(char, '"' | '\\' | '\0'..='\x1f');
    match (style, short) {
        (Style::Plain, _) if is_plain => char.into(),
        (Style::Short, Some(short)) => format!("\\{short}"),
        _ => {
            let mut units = [0; 2];
            let units = char.encode_utf16(&mut units).iter();
            let units = units.map(|unit| match style {
                Style::Upper => format!("\\u{unit:04X}"),
                Style::Mixed => format!("\\u{:02x}{:02X}", unit >> 8, unit & 0xff),
                _ => format!("\\u{unit:04x}"),
            });
            units.collect()
        }
    }
}

/// What happens to a text before it is written.
#[derive(Debug, Clone, Copy)]
enum Encoding {
    None,
    Percent,
    PercentLower,
    Html,
    /// JSON in a text.
    Json,
}

const ENCODINGS: [Encoding; 5] = [
    Encoding::None,
    Encoding::Percent,
    Encoding::PercentLower,
    Encoding::Html,
    Encoding::Json,
];

/// How a server repeats a secret.
#[derive(Debug, Clone)]
struct Repeats {
    encoding: Encoding,
    styles: Vec<Style>,
}

impl Repeats {
    fn encoded(&self, secret: &str) -> String {
        let percent = |byte: u8| match self.encoding {
            Encoding::PercentLower => format!("%{byte:02x}"),
            _ => format!("%{byte:02X}"),
        };
        match self.encoding {
            Encoding::None => secret.to_owned(),
            Encoding::Percent | Encoding::PercentLower => {
                let is_kept = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
                let kept = |byte| {
                    if is_kept(&byte) {
                        char::from(byte).into()
                    } else {
                        percent(byte)
                    }
                };
                secret.bytes().map(kept).collect()
            }
            Encoding::Html => {
                let char = |char| match char {
                    '&' => "&amp;".to_owned(),
                    '<' => "&lt;".to_owned(),
                    '"' => "&quot;".to_owned(),
                    '\'' => "&#39;".to_owned(),
                    '/' | '=' => format!("&#x{:X};", u32::from(char)),
                    _ => char.into(),
                };
                secret.chars().map(char).collect()
            }
            Encoding::Json => self.in_json(secret),
        }
    }

    /// The content of a JSON string.
    fn in_json(&self, text: &str) -> String {
        let styles = self.styles.iter().cycle();
        let chars = text.chars().zip(styles);
        chars.map(|(char, style)| escaped(char, *style)).collect()
    }

    fn json(&self, secret: &str) -> String {
        self.in_json(&self.encoded(secret))
    }
}

/// Sends the same response to every request. The body of a download breaks off, and the error repeats it.
#[derive(Clone)]
struct Responds {
    status: u16,
    headers: HeaderMap,
    body: String,
    /// The cause of an error instead of a complete response.
    fails: Option<String>,
}

impl Responds {
    fn error(&self, cause: &str) -> TransportError {
        let error = TransportError::sent(TransportErrorKind::Malformed, cause);
        let error = error.with_status(self.status.try_into().unwrap());
        error.with_headers(self.headers.clone())
    }

    fn respond(&self) -> Result<Response<Bytes>, TransportError> {
        let status = self.status.try_into().unwrap();
        if let Some(cause) = &self.fails {
            return Err(self.error(cause));
        }
        let mut response = Response::new(self.body.clone().into());
        *response.status_mut() = status;
        *response.headers_mut() = self.headers.clone();
        Ok(response)
    }
}

impl HttpTransport for Responds {
    fn send(&self, _: Request<RequestBody>, _: &Limits) -> Result<Response<Bytes>, TransportError> {
        self.respond()
    }

    fn fetch(
        &self,
        _: Request<RequestBody>,
        _: &Limits,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let response = self.respond()?;
        let error = self.error(&self.body);
        Ok(response.map(|body| ResponseBody::new([Ok(body), Err(error)].into_iter())))
    }

    fn now(&self) -> Now {
        Now::default()
    }
}

/// All output.
#[derive(Default)]
struct Output(Mutex<String>);

impl Output {
    fn show(&self, text: impl AsRef<str>) {
        self.0.lock().unwrap().push_str(text.as_ref());
        self.0.lock().unwrap().push('\n');
    }

    fn error(&self, error: &Error) {
        self.show(format!(
            "{error}\n{error:?}\n{error:#?}\n{}",
            error.report()
        ));
        if let Some(api) = error.api() {
            self.show(format!("{api}\n{api:?}"));
            // The texts themselves: `Debug` escapes them.
            let texts = [api.message(), api.param(), api.request_id(), api.excerpt()];
            let texts = texts.into_iter().flatten();
            let texts = texts.chain(api.code().map(ErrorCode::as_str));
            for text in texts.chain(api.reasons().map(ErrorReason::as_str)) {
                self.show(text);
            }
        }
        let mut cause = error.source();
        while let Some(inner) = cause {
            self.show(format!("{inner}\n{inner:?}\n{inner:#?}"));
            if let Some(error) = inner.downcast_ref::<TransportError>() {
                self.headers(error.headers());
            }
            cause = inner.source();
        }
    }

    fn headers(&self, headers: &HeaderMap) {
        for value in headers.values() {
            self.show(String::from_utf8_lossy(value.as_bytes()));
        }
    }

    /// Whether a secret was shown, or a form from which it is easily read.
    fn has(&self, secret: &str, repeats: &Repeats) -> bool {
        let output = self.0.lock().unwrap();
        let forms = [
            secret.to_owned(),
            repeats.encoded(secret),
            repeats.json(secret),
        ];
        forms.iter().any(|form| {
            let debug = format!("{form:?}");
            output.contains(form) || output.contains(debug.trim_matches('"'))
        })
    }
}

impl Observer for Output {
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        self.show(format!(
            "{attempt:?} {}",
            attempt.request_id.unwrap_or_default()
        ));
    }

    fn called(&self, call: &CallReport<'_>) {
        self.show(format!("{call:?} {}", call.request_id.unwrap_or_default()));
    }
}

const ORGANIZATION: &str = "org_01h2xcejqtf2nbrexx3vqjhp41";

/// What a server may send that repeats these secrets. The texts are the content of JSON strings.
fn bodies(secrets: &[&str], repeats: &Repeats) -> Vec<String> {
    let mut bodies = Vec::new();
    for secret in secrets {
        let text = repeats.json(secret);
        bodies.extend([
            format!(
                r#"{{"code":"{text}","message":"no {text}!","details":[
                    {{"reason":"{text}","param":"{text}","request_id":"{text}"}}],"{text}":"{text}"}}"#
            ),
            format!(
                r#"{{"error":{{"code":"a{text}","message":"{text}{text}","request_id":"x {text}",
                    "param":"{text}"}},"title":"{text}"}}"#
            ),
            format!("\u{feff}{{\"title\":\"x\",\"detail\":\"{text}\"}}<html>{text}"),
            // No error bodies.
            format!("<html>{}</html>", repeats.encoded(secret)),
            format!(r#"{{"echo":"{text}"}}"#),
            format!(r#"{{"message":"no {text}"#),
            format!(r#"{{"{text}":[5"#),
            // A success.
            format!(
                r#"{{"organization":{{"id":"{ORGANIZATION}","name":"n",
                    "created_at":"2026-01-15T01:30:15Z"}},"x":"{text}"}}"#
            ),
            format!(r#"{{"organization":{{"id":"{text}","name":"{text}"}}}}"#),
        ]);
        // Around the places where a text is cut off.
        for limit in [512, 4096] {
            let filler = "x".repeat(limit - secret.len() / 2);
            bodies.push(format!(r#"{{"message":"{filler}{text}"}}"#));
            bodies.push(format!("{filler}{text}"));
        }
    }
    bodies
}

fn headers(secrets: &[&str], repeats: &Repeats) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for secret in secrets {
        for text in [repeats.encoded(secret), repeats.json(secret)] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                for name in ["x-request-id", "location", "x-echo", "retry-after"] {
                    headers.append(HeaderName::from_static(name), value.clone());
                }
            }
        }
    }
    headers
}

/// One response of a server that repeats the secrets of the request.
#[derive(Debug, Clone)]
struct Case {
    repeats: Repeats,
    body: Index,
    status: u16,
    /// Whether the transport fails, and its error quotes the body.
    fails: bool,
}

fn case() -> impl Strategy<Value = Case> {
    let styles = prop::collection::vec(prop::sample::select(&STYLES[..]), 1..12);
    let encoding = prop::sample::select(&ENCODINGS[..]);
    let repeats = (encoding, styles).prop_map(|(encoding, styles)| Repeats { encoding, styles });
    let status = prop::sample::select(&[200, 302, 400, 404, 409, 429, 500][..]);
    let case = (repeats, any::<Index>(), status, prop::bool::weighted(0.2));
    case.prop_map(|(repeats, body, status, fails)| Case {
        repeats,
        body,
        status,
        fails,
    })
}

impl Case {
    /// Makes a call and searches all output.
    fn check(
        &self,
        secrets: &[&str],
        call: impl FnOnce(&Arc<Output>, Responds),
    ) -> Result<(), TestCaseError> {
        let bodies = bodies(secrets, &self.repeats);
        let body = self.body.get(&bodies).clone();
        let responds = Responds {
            status: self.status,
            headers: headers(secrets, &self.repeats),
            body: body.clone(),
            fails: self.fails.then_some(body.clone()),
        };
        let output = Arc::new(Output::default());
        call(&output, responds);
        for secret in secrets {
            let shown = || output.0.lock().unwrap().clone();
            prop_assert!(!output.has(secret, &self.repeats), "{body}:\n{}", shown());
        }
        Ok(())
    }
}

proptest! {
    #[test]
    fn no_output_shows_a_key_or_a_token(
        key in "[!-~]{8,40}",
        token in "[ -~]{8,40}|[é€😀\"\\\\/\n\t]{8,20}",
        case in case(),
    ) {
        let key = format!("ffy_test_{key}");
        case.check(&[&key, &token], |output, responds| {
            let bearer = BearerToken::new(&key).unwrap();
            let config = ClientConfig::new(bearer).retry(RetryPolicy::never());
            let client = Client::new(responds, config.observer(output.clone()));
            let organization: OrganizationId = ORGANIZATION.parse().unwrap();
            let invitation = InvitationToken::new(token.as_str()).unwrap();
            let accept = client.organization(organization).invites().accept(invitation);
            match accept.send_with_meta() {
                Ok(response) => {
                    output.show(format!("{response:?} {response:#?}"));
                    output.show(response.request_id.unwrap_or_default());
                }
                Err(error) => output.error(&error),
            }
        })?;
    }

}

proptest! {
    #![proptest_config(at_most(128))]

    #[test]
    fn no_output_shows_a_presigned_url(
        path in "[a-z%]{8,20}",
        signature in "[A-Za-z0-9+/=]{16,40}",
        header in "[!-~]{8,40}",
        case in case(),
    ) {
        let path = format!("/{}", path.replace('%', "%2F"));
        let encoded = signature.replace('+', "%2B").replace('/', "%2f").replace('=', "%3D");
        let url = format!("https://files.example.com{path}?x=1&signature={encoded}");
        let name = HeaderName::from_static("x-key");
        let url = PresignedUrl::parse(&url).unwrap();
        let url = url.header(name, HeaderValue::from_str(&header).unwrap()).unwrap();
        case.check(&[&path, &signature, &encoded, &header], |output, responds| {
            let config = ClientConfig::new(BearerToken::new("ffy_test_key").unwrap());
            let config = config.retry(RetryPolicy::never()).observer(output.clone());
            let client = Client::new(responds, config);
            match client.download(url.clone()).send() {
                Ok(mut download) => {
                    output.show(format!("{download:?}"));
                    output.headers(download.headers());
                    output.error(&download.find_map(Result::err).unwrap());
                }
                Err(error) => output.error(&error),
            }
        })?;
    }
}

/// This many cases, or as many as `PROPTEST_CASES` asks for if these are fewer.
fn at_most(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig::with_cases(cases.min(default.cases))
}

/// The error of a request, and the error of the body of a download.
#[test]
fn a_long_cause_is_cut_off() {
    let cause = format!("bad chunk: SIGNATURE12345 {}", "x".repeat(100_000));
    let responds = |fails| Responds {
        status: 200,
        headers: HeaderMap::new(),
        body: cause.clone(),
        fails,
    };
    let key = BearerToken::new("ffy_test_key").unwrap();
    for responds in [responds(Some(cause.clone())), responds(None)] {
        let config = ClientConfig::new(key.clone()).retry(RetryPolicy::never());
        let client = Client::new(responds, config);
        let url = PresignedUrl::parse("https://files.example.com/a?s=SIGNATURE12345").unwrap();
        let downloaded = client.download(url).send();
        let error = downloaded.and_then(|mut download| download.to_writer(std::io::sink()));
        let report = error.unwrap_err().report().to_string();
        assert!(report.contains("bad chunk: … xxx"), "{report}");
        assert!(report.contains("xxx… (cut off)\n"), "{report}");
        assert!(report.len() < 5_000, "{}", report.len());
    }
}

/// A body that breaks off within a secret shows less than eight bytes of it.
#[test]
fn a_body_that_breaks_off_within_a_secret_does_not_show_its_start() {
    let secret = "ffy_test_0123456789ABCDEF\"/\\";
    for styles in [vec![Style::Plain], vec![Style::Lower], STYLES.to_vec()] {
        let repeats = Repeats {
            encoding: Encoding::None,
            styles,
        };
        let body = format!(r#"{{"message":"no {}"}}"#, repeats.json(secret));
        for end in 0..body.len() {
            let output = Output::default();
            let responds = Responds {
                status: 500,
                headers: HeaderMap::new(),
                body: body[..end].to_owned(),
                fails: None,
            };
            let client = Client::new(responds, BearerToken::new(secret).unwrap());
            let organization: OrganizationId = ORGANIZATION.parse().unwrap();
            let invitation = InvitationToken::new("12345678").unwrap();
            let accept = client
                .organization(organization)
                .invites()
                .accept(invitation);
            output.error(&accept.send().unwrap_err());
            assert!(
                !output.has(&secret[..8], &repeats),
                "{}",
                output.0.lock().unwrap()
            );
        }
    }
}

#[test]
fn other_text_stays() {
    let key = BearerToken::new("ffy_test_0123456789ABCDEF").unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("x-request-id", HeaderValue::from_static("req_%41&amp;"));
    let message = r"100% \u00e9 & \\u0066 ffy_test_ 0123456789ABCDEF";
    for (status, shown) in [
        (200, "req_%41&amp;"),
        (404, "100% é & \\u0066 ffy_test_ 0123456789ABCDEF"),
    ] {
        let success = bodies(
            &["12345678"],
            &Repeats {
                encoding: Encoding::None,
                styles: STYLES.to_vec(),
            },
        );
        let body = match status {
            200 => success[7].clone(),
            _ => format!(r#"{{"message":"{message}"}}"#),
        };
        let mut text = String::new();
        let responds = Responds {
            status,
            headers: headers.clone(),
            body,
            fails: None,
        };
        let client = Client::new(responds, key.clone());
        let organization: OrganizationId = ORGANIZATION.parse().unwrap();
        let invitation = InvitationToken::new("not-in-the-text").unwrap();
        match client
            .organization(organization)
            .invites()
            .accept(invitation)
            .send_with_meta()
        {
            Ok(response) => text.push_str(&response.request_id.unwrap()),
            Err(error) => write!(text, "{}", error.api().unwrap().message().unwrap()).unwrap(),
        }
        assert_eq!(text, shown);
    }
}
