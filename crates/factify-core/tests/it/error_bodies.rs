//! An error does not depend on the form of its body. A missing part makes no outcome more certain.

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport};
use factify_core::types::ErrorCode;
use factify_core::{
    ApiError, BearerToken, ClientConfig, Error, ErrorReason, InviteId, Limits, Now, OrganizationId,
    Outcome, RequestBody, RetryPolicy, TransportError,
};
use http::{Request, Response, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(status: u16, body: impl Into<Bytes>) -> ApiError {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    ApiError::from_response(&response)
}

fn outcome(status: u16, body: &[u8]) -> Outcome {
    Error::from(read(status, body.to_vec())).outcome()
}

/// An object with its members in this order.
fn object(members: &[(&str, Value)]) -> String {
    let members = members
        .iter()
        .map(|(key, value)| format!("\"{key}\":{value}"));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn status() -> impl Strategy<Value = u16> {
    prop_oneof![
        Just(400_u16),
        Just(404),
        Just(409),
        Just(429),
        Just(500),
        300..600_u16
    ]
}

fn code() -> impl Strategy<Value = Value> {
    let known = prop::sample::select(ErrorCode::KNOWN).prop_map(|code| json!(code));
    prop_oneof![8 => known, 1 => Just(json!("new")), 1 => Just(json!(7))]
}

/// Members of an error body, each key once.
fn members() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    let reason = || prop::sample::select(ErrorReason::KNOWN).prop_map(|reason| json!(reason));
    let text = || prop_oneof![Just(json!("a")), Just(json!("b")), Just(Value::Null)];
    let inner = (code(), text(), reason()).prop_map(|(code, text, reason)| {
        json!({"code": code, "message": text, "reason": reason, "retry_after": 3, "title": "t"})
    });
    let all = (
        (code(), text(), text(), text(), reason()),
        (reason(), text(), 0..9_u32, inner),
    );
    let all = all.prop_map(
        |((code, message, detail, title, reason), (other, param, wait, inner))| {
            vec![
                ("code", code),
                ("message", message),
                ("detail", detail),
                ("title", title),
                (
                    "details",
                    json!([{"reason": reason, "request_id": "r"}, {"param": "p"}]),
                ),
                ("reason", other),
                ("param", param),
                ("retry_after", json!(wait)),
                ("error", inner),
                ("more", json!({"code": "internal"})),
            ]
        },
    );
    all.prop_flat_map(|all| prop::sample::subsequence(all, 0..=10))
}

proptest! {
    #[test]
    fn the_order_of_the_keys_does_not_matter(
        (one, other) in members().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        status in status(),
    ) {
        let (one, other) = (read(status, object(&one)), read(status, object(&other)));
        // An excerpt has the keys in their order.
        if one.excerpt().is_none() {
            prop_assert_eq!(&one, &other);
        }
        prop_assert_eq!(Error::from(one).outcome(), Error::from(other).outcome());
    }

    #[test]
    fn bytes_around_the_json_do_not_matter(
        members in members(),
        status in status(),
        before in prop::sample::select(&["", "\u{feff}", "\u{feff} \n", " "][..]),
        after in prop::sample::select(&["\n", "\0", " x", "<html>", "}", "{\"code\":\"internal\"}"][..]),
    ) {
        let body = object(&members);
        let around = read(status, format!("{before}{body}{after}"));
        let error = read(status, body);
        // The excerpt of a body without any known field differs.
        if error.excerpt().is_none() {
            prop_assert_eq!(&around, &error);
        }
        prop_assert_eq!(Error::from(around).outcome(), Error::from(error).outcome());
    }

    #[test]
    fn an_error_quotes_at_most_4_kib(
        texts in prop::collection::vec(("[aé😀\\\\\"]{0,3}", 0..3_000_usize), 5),
        status in status(),
    ) {
        let texts: Vec<_> = texts.iter().map(|(text, times)| text.repeat(*times)).collect();
        let body = json!({"code": texts[0], "message": texts[1], "details": [
            {"reason": texts[2], "param": texts[3], "request_id": texts[4]}, {"reason": texts[0]}
        ]});
        let error = read(status, body.to_string());
        let quoted: Vec<_> = error.code().map(ErrorCode::as_str).into_iter()
            .chain(error.message())
            .chain(error.reasons().map(ErrorReason::as_str))
            .chain(error.param())
            .chain(error.request_id())
            .collect();
        let total: usize = quoted.iter().map(|text| text.trim_end_matches(CUT).len()).sum();
        prop_assert!(total <= 4096, "{total}");
        for text in quoted {
            let start = text.trim_end_matches(CUT);
            let whole = texts.iter().any(|whole| whole == text);
            let cut = start != text && texts.iter().any(|whole| whole.starts_with(start));
            prop_assert!(whole || cut, "{text}");
        }
    }
}

const CUT: &str = "… (cut off)";

#[test]
fn a_long_text_of_the_server_is_cut_off_and_the_error_says_so() {
    let long = "é".repeat(4 << 20);
    let cut = format!("{}{CUT}", "é".repeat(2048));
    let error = read(
        400,
        json!({"code": "not_found", "message": long}).to_string(),
    );
    assert_eq!(error.message(), Some(&*cut));
    assert_eq!(error.code(), Some(&ErrorCode::NotFound));
    assert_eq!(error.to_string(), format!("status 400 not_found: {cut}"));
    // What comes before a long message stays whole.
    let details = json!([{"request_id": "req_1", "reason": "x".repeat(5_000)}]);
    let error = read(400, json!({"message": "m", "details": details}).to_string());
    let reason = format!("{}{CUT}", "x".repeat(4096));
    assert_eq!(error.reasons().next().unwrap().as_str(), reason);
    for (bytes, whole) in [(512, true), (513, false), (8 << 20, false)] {
        let error = read(500, "x".repeat(bytes));
        let excerpt = error.excerpt().unwrap();
        assert_eq!(excerpt.len(), if whole { 512 } else { 512 + CUT.len() });
        assert_eq!(excerpt.ends_with(CUT), !whole);
    }
}

/// Each status with each code, cut off after each byte, as a body that ends with its connection.
#[test]
fn a_body_that_is_cut_off_never_makes_the_outcome_more_certain() {
    let codes = ErrorCode::KNOWN
        .iter()
        .map(ErrorCode::as_str)
        .chain(["new"]);
    let bodies: Vec<_> = codes
        .flat_map(|code| {
            [
                object(&[("message", json!("}")), ("code", json!(code))]),
                object(&[("error", json!({"code": code})), ("message", json!("m"))]),
            ]
        })
        .chain([object(&[("title", json!("t"))]), "<html>".to_owned()])
        .collect();
    let refusals = (400..=431).chain([451, 460, 498, 499]);
    let statuses = refusals.chain(500..=505).chain([302, 304, 599]);
    for status in statuses {
        for body in &bodies {
            let whole = outcome(status, body.as_bytes());
            for end in 0..body.len() {
                let cut = outcome(status, &body.as_bytes()[..end]);
                assert!(
                    cut == Outcome::Unknown || cut == whole,
                    "{status} {body} after {end} bytes: {cut:?}, but {whole:?}"
                );
            }
        }
    }
}

#[test]
fn an_unreadable_part_does_not_decide() {
    use Outcome::{NotApplied, Unknown};
    let refused = r#"{"code":"already_exists"}"#;
    let twice = r#"{"code":"already_exists","code":"aborted"}"#;
    let reversed = r#"{"code":"aborted","code":"already_exists"}"#;
    let nested = r#"{"code":"aborted","error":{"code":"already_exists"}}"#;
    let before = r#"{"error":{"code":"already_exists"},"code":"aborted"}"#;
    for (body, conflict, bad, missing) in [
        (refused, NotApplied, NotApplied, NotApplied),
        (nested, Unknown, Unknown, NotApplied),
        (before, Unknown, Unknown, NotApplied),
        // The same key twice.
        (twice, Unknown, Unknown, NotApplied),
        (reversed, Unknown, Unknown, NotApplied),
        (
            r#"{"error":{"code":"aborted"},"error":{}}"#,
            Unknown,
            Unknown,
            NotApplied,
        ),
        // A body of the API without a code.
        (r#"{"detail":"no"}"#, Unknown, NotApplied, NotApplied),
        (r#"{"code":"new"}"#, Unknown, NotApplied, NotApplied),
        // Any other body.
        ("{}", Unknown, Unknown, NotApplied),
        ("", Unknown, Unknown, NotApplied),
        ("<html>", Unknown, Unknown, NotApplied),
        (&refused[..refused.len() - 1], Unknown, Unknown, NotApplied),
        // A status that is a refusal decides alone.
        (r#"{"code":"internal"}"#, Unknown, Unknown, NotApplied),
    ] {
        let outcomes = [409, 400, 404].map(|status| outcome(status, body.as_bytes()));
        assert_eq!(outcomes, [conflict, bad, missing], "{body}");
    }
    let compressed = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00";
    assert_eq!(outcome(409, compressed), Unknown);
}

/// Responds with a compressed body, even if the request does not allow it.
#[cfg(feature = "gzip")]
struct Compressed(Bytes);

#[cfg(feature = "gzip")]
impl HttpTransport for Compressed {
    fn send(&self, _: Request<RequestBody>, _: &Limits) -> Result<Response<Bytes>, TransportError> {
        let response = Response::builder().status(409);
        let response = response.header("content-encoding", "gzip");
        Ok(response.body(self.0.clone()).unwrap())
    }

    fn now(&self) -> Now {
        Now::default()
    }
}

#[cfg(feature = "gzip")]
#[test]
fn compression_does_not_matter() {
    use Outcome::{NotApplied, Unknown};
    for (code, expected) in [("already_exists", NotApplied), ("aborted", Unknown)] {
        let body = object(&[("code", json!(code))]);
        let mut gzip = flate2::read::GzEncoder::new(body.as_bytes(), flate2::Compression::fast());
        let mut body = Vec::new();
        std::io::Read::read_to_end(&mut gzip, &mut body).unwrap();
        for (body, expected) in [(&body[..], expected), (&body[..body.len() - 9], Unknown)] {
            for is_accepted in [true, false] {
                let config = ClientConfig::new(BearerToken::new("ffy_test_x").unwrap());
                let config = config.gzip(is_accepted).retry(RetryPolicy::never());
                let client = Client::new(Compressed(Bytes::copy_from_slice(body)), config);
                let organization = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
                let invite = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");
                let revoke = client.organization(organization).invites().revoke(invite);
                assert_eq!(revoke.send().unwrap_err().outcome(), expected, "{code}");
            }
        }
    }
}

#[test]
fn a_text_that_is_not_valid_unicode_does_not_hide_the_code() {
    for message in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80"] {
        let body = [&br#"{"message":""#[..], message, br#"","code":"aborted"}"#].concat();
        let error = read(400, body);
        assert_eq!(error.code(), Some(&ErrorCode::Aborted), "{message:?}");
    }
}
