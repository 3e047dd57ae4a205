use std::fmt;
use std::marker::PhantomData;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::de::{self, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;

use super::json_path;
use crate::error::{Error, ErrorKind, Outcome};
use crate::json_text;

/// Why the body of a successful response could not be read. If the response is from the API, report the error to
/// Factify's support.
///
/// It shows where the error is and what was expected there. It never quotes the response, because the
/// response can hold a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    problem: String,
    line: usize,
    column: usize,
}

impl DecodeError {
    /// An error of an operation of your own. The problem must not quote the body, which may contain a
    /// secret.
    pub fn new(problem: impl Into<String>) -> Self {
        Self {
            path: ".".to_owned(),
            problem: problem.into(),
            line: 0,
            column: 0,
        }
    }

    /// The path of the wrong value, for example `invite.status`, or `.` for the whole body. A key that
    /// cannot be from the API is shown as `…`. Deep levels are left out.
    pub fn path(&self) -> &str {
        &self.path
    }

    #[cold]
    pub(crate) fn not_json(text: &str, cause: &serde_json::Error) -> Self {
        let (line, column) = (cause.line(), cause.column());
        let before = text.split_inclusive('\n').take(line.saturating_sub(1));
        let mut end = before.map(str::len).sum::<usize>() + column;
        if cause.is_syntax() {
            // The position includes the wrong byte.
            end = end.saturating_sub(1);
        }
        let phrase = cause.to_string();
        let phrase = phrase
            .rsplit_once(" at line ")
            .map_or(phrase.as_str(), |(phrase, _)| phrase);
        let problem = match cause.classify() {
            Category::Data if quotes_nothing(phrase) => phrase.to_owned(),
            // The text before the last "expected" may quote the value.
            Category::Data => phrase.rsplit_once(", expected ").map_or_else(
                || "the value is not one that the API documents".to_owned(),
                |(_, expected)| format!("expected {expected}"),
            ),
            Category::Eof if text.is_empty() => "the body is empty".to_owned(),
            Category::Eof => "the JSON ends too early".to_owned(),
            Category::Syntax if phrase == "recursion limit exceeded" => {
                "the JSON is nested too deeply".to_owned()
            }
            Category::Syntax | Category::Io => "the body is not JSON".to_owned(),
        };
        Self {
            path: json_path::of(text, end),
            problem,
            line,
            column,
        }
    }

    /// The error in a part of a text, as an error in the text: `place` is the path of the part, and
    /// `before` is the text before it.
    #[cold]
    pub(crate) fn within(self, place: &str, before: &str) -> Self {
        let (line, column) = position(before.as_bytes());
        Self {
            path: match self.path.as_str() {
                "." => place.to_owned(),
                path if path.starts_with('[') => format!("{place}{path}"),
                path => format!("{place}.{path}"),
            },
            problem: self.problem,
            column: match self.line {
                1 => column + self.column,
                _ => self.column,
            },
            line: line + self.line - 1,
        }
    }

    #[cfg(feature = "gzip")]
    #[cold]
    pub(crate) fn not_gzip() -> Self {
        Self {
            path: ".".to_owned(),
            problem: "the body cannot be inflated".to_owned(),
            line: 0,
            column: 0,
        }
    }

    #[cold]
    fn not_utf8(before: &[u8]) -> Self {
        let (line, column) = position(before);
        Self {
            path: ".".to_owned(),
            problem: "the body is not UTF-8".to_owned(),
            line,
            column: column + 1,
        }
    }
}

/// The line at the end of a text, and the number of bytes in it.
fn position(text: &[u8]) -> (usize, usize) {
    let mut lines = text.rsplit(|&byte| byte == b'\n');
    let last = lines.next().map_or(0, <[u8]>::len);
    (1 + lines.count(), last)
}

/// Whether the text is a message about a missing or duplicate field, about an invalid ID, or about a record with two
/// kinds or too many levels.
fn quotes_nothing(text: &str) -> bool {
    [
        "missing field `",
        "duplicate field `",
        "not a ",
        "not an ",
        "both `",
        "nested more than ",
    ]
    .iter()
    .any(|start| text.starts_with(start))
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            problem,
            line,
            column,
        } = self;
        if path != "." {
            write!(f, "{path}: ")?;
        }
        f.write_str(problem)?;
        if *line > 0 {
            write!(f, " (line {line}, column {column})")?;
        }
        Ok(())
    }
}

impl std::error::Error for DecodeError {}

/// Reads JSON.
///
/// It skips a byte order mark. It reads an escaped half of a surrogate pair as U+FFFD: other languages
/// write such halves when they cut a text.
///
/// It checks the whole text as UTF-8 first. This is faster, and it finds invalid bytes in skipped
/// fields.
///
/// # Errors
/// With the path of the value that cannot be read, and without quoting it.
pub fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    read(body, |text| serde_json::from_str(text), unreadable)
}

/// Reads JSON with `parse`. If that fails, reads it again with `fallback`.
pub(crate) fn json_or<T>(
    body: &[u8],
    parse: fn(&str) -> serde_json::Result<T>,
    fallback: fn(&str) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    read(body, parse, |text, _| fallback(text))
}

/// Reads JSON that contains a `RawValue`. It repairs the text first, because a `RawValue` accepts a half of a
/// surrogate pair, which then cannot be read.
pub(crate) fn json_with_raw<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    let text = utf8(json_text::without_byte_order_mark(body))?;
    let mended = json_text::without_lone_surrogates(text);
    let text = mended.as_deref().unwrap_or(text);
    serde_json::from_str(text).or_else(|cause| unreadable(text, &cause))
}

/// Reads one field of a JSON object and ignores the others. The object is the envelope of the value.
pub(crate) fn field<T: DeserializeOwned>(
    body: &[u8],
    name: &'static str,
) -> Result<T, DecodeError> {
    let parse = |text: &str| {
        let mut json = serde_json::Deserializer::from_str(text);
        let value = json.deserialize_map(Envelope(name, PhantomData))?;
        json.end()?;
        Ok(value)
    };
    read(body, parse, unreadable)
}

/// Reads one field of a JSON object. An absent list is empty, an absent flag is false.
pub(crate) fn field_or_default<T: DeserializeOwned + Default>(
    body: &[u8],
    name: &'static str,
) -> Result<T, DecodeError> {
    let parse = |text: &str| {
        let mut json = serde_json::Deserializer::from_str(text);
        let value = json.deserialize_map(OptionalEnvelope(name, PhantomData))?;
        json.end()?;
        Ok(value.flatten().unwrap_or_default())
    };
    read(body, parse, unreadable)
}

/// Parses the text of a body. If that fails, repairs the text and parses it again. If that fails too, the
/// result is that of `failed`.
fn read<T>(
    body: &[u8],
    parse: impl Fn(&str) -> serde_json::Result<T>,
    failed: impl Fn(&str, &serde_json::Error) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    let text = utf8(json_text::without_byte_order_mark(body))?;
    parse(text).or_else(|cause| match json_text::without_lone_surrogates(text) {
        Some(mended) => parse(&mended).or_else(|cause| failed(&mended, &cause)),
        None => failed(text, &cause),
    })
}

fn unreadable<T>(text: &str, cause: &serde_json::Error) -> Result<T, DecodeError> {
    Err(DecodeError::not_json(text, cause))
}

/// Checks that the body is a JSON object.
#[allow(dead_code)] // Not every set of operations uses it.
pub(crate) fn empty(body: &[u8]) -> Result<(), DecodeError> {
    struct Object;

    impl<'de> Visitor<'de> for Object {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(())
        }
    }

    let parse = |text: &str| {
        let mut json = serde_json::Deserializer::from_str(text);
        json.deserialize_map(Object)?;
        json.end()
    };
    read(body, parse, unreadable)
}

fn utf8(body: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(body)
        .map_err(|error| DecodeError::not_utf8(body.get(..error.valid_up_to()).unwrap_or_default()))
}

/// Reads the field of this name.
struct Envelope<T>(&'static str, PhantomData<T>);

impl<'de, T: de::Deserialize<'de>> Visitor<'de> for Envelope<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let value = OptionalEnvelope(self.0, PhantomData).visit_map(map)?;
        value.ok_or_else(|| de::Error::missing_field(self.0))
    }
}

/// Reads the field of this name, if there is one.
struct OptionalEnvelope<T>(&'static str, PhantomData<T>);

impl<'de, T: de::Deserialize<'de>> Visitor<'de> for OptionalEnvelope<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let mut value = None;
        while let Some(found) = map.next_key_seed(IsKey(self.0))? {
            if !found {
                map.next_value::<IgnoredAny>()?;
            } else if value.is_some() {
                return Err(de::Error::duplicate_field(self.0));
            } else {
                value = Some(map.next_value()?);
            }
        }
        Ok(value)
    }
}

/// Compares a key with this one without copying it.
struct IsKey(&'static str);

impl<'de> de::DeserializeSeed<'de> for IsKey {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for IsKey {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<bool, E> {
        Ok(key == self.0)
    }
}

/// A success that cannot be read. It is from the API unless its content type is not JSON: for example,
/// it may be the login page of a proxy.
pub(crate) fn undecodable(status: StatusCode, headers: &HeaderMap, cause: DecodeError) -> Error {
    let foreign = headers.get(CONTENT_TYPE).is_some_and(|kind| !is_json(kind));
    let outcome = if foreign {
        Outcome::Unknown
    } else {
        Outcome::Applied
    };
    Error::new(ErrorKind::Decode, outcome)
        .with_source(cause)
        .with_status(Some(status))
        .with_foreign(foreign)
}

/// JSON, or a type based on it, for example `application/problem+json`.
fn is_json(content_type: &HeaderValue) -> bool {
    let essence = content_type.as_bytes().split(|byte| *byte == b';').next();
    let ending = essence.and_then(|essence| essence.trim_ascii_end().last_chunk::<4>());
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case(b"json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use factify_types::Pagination;
    use serde::Deserialize;
    use serde_json::value::RawValue;

    #[derive(Debug, Deserialize)]
    struct Page {
        #[allow(dead_code)]
        items: Vec<bool>,
        #[allow(dead_code)]
        pagination: Pagination,
    }

    #[test]
    fn an_error_shows_the_place_but_not_the_value() {
        for (body, path, shown) in [
            (&b""[..], ".", "the body is empty (line 1, column 0)"),
            (b"<html>", ".", "the body is not JSON (line 1, column 1)"),
            (
                b"{\"items\":[",
                "items[0]",
                "items[0]: the JSON ends too early (line 1, column 10)",
            ),
            (b"{}", ".", "missing field `items` (line 1, column 2)"),
            (
                b"{\"items\":[true,\"sk_secret\"]}",
                "items[1]",
                "items[1]: expected a boolean (line 1, column 26)",
            ),
            (
                b"{\n\"items\":\n[\"a, expected b\"]}",
                "items[0]",
                "items[0]: expected a boolean (line 3, column 16)",
            ),
            (
                b"{\"items\":[],\"items\":[]}",
                "items",
                "items: duplicate field `items` (line 1, column 19)",
            ),
            (
                b"{\"items\":}",
                "items",
                "items: the body is not JSON (line 1, column 10)",
            ),
            (
                b"{\"items\":[true,\n\n}",
                "items[1]",
                "items[1]: the body is not JSON (line 3, column 1)",
            ),
            (b"\xff", ".", "the body is not UTF-8 (line 1, column 1)"),
            (
                b"{\"items\":[],\n\"x\":\"\xff\"}",
                ".",
                "the body is not UTF-8 (line 2, column 6)",
            ),
            (
                b"{\"items\":[],\"pagination\":{}} x",
                ".",
                "the body is not JSON (line 1, column 30)",
            ),
            // A byte order mark does not count.
            (
                b"\xef\xbb\xbf{\"items\":[7]}",
                "items[0]",
                "items[0]: expected a boolean (line 1, column 11)",
            ),
            // After a half of a surrogate pair, which is read.
            (
                b"{\"\\ud83d\":\"\\ud83d\",\n\"items\":[7]}",
                "items[0]",
                "items[0]: expected a boolean (line 2, column 10)",
            ),
        ] {
            let error = json::<Page>(body).unwrap_err();
            assert_eq!((error.path(), error.to_string().as_str()), (path, shown));
        }
        let error = empty(b"[]").unwrap_err().to_string();
        assert_eq!(error, "expected an object (line 1, column 0)");
        let of_an_operation = DecodeError::new("no entry page");
        assert_eq!(of_an_operation.to_string(), "no entry page");
    }

    /// Without a type, the API may have sent it.
    #[test]
    fn an_unreadable_response_that_is_not_json_is_foreign() {
        for (content_type, outcome) in [
            (None, Outcome::Applied),
            (Some("application/json"), Outcome::Applied),
            (Some("APPLICATION/JSON ; charset=utf-8"), Outcome::Applied),
            (Some("application/problem+json"), Outcome::Applied),
            (Some("text/html; x=json"), Outcome::Unknown),
            (Some("json; text/html"), Outcome::Applied),
            (Some(""), Outcome::Unknown),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(content_type) = content_type {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            }
            let cause = DecodeError::new("unreadable");
            let error = undecodable(StatusCode::OK, &headers, cause);
            assert_eq!(error.outcome(), outcome, "{content_type:?}");
        }
    }

    #[test]
    fn an_error_in_a_part_is_shown_in_the_whole() {
        for (before, part, shown) in [
            ("", "7", "a[0]: expected a boolean (line 1, column 1)"),
            (
                "12\n345",
                "7",
                "a[0]: expected a boolean (line 2, column 4)",
            ),
            (
                "12\n345",
                "\n\n 7",
                "a[0]: expected a boolean (line 4, column 2)",
            ),
            ("é\n", "  7", "a[0]: expected a boolean (line 2, column 3)"),
        ] {
            let error = json::<bool>(part.as_bytes()).unwrap_err();
            assert_eq!(error.within("a[0]", before).to_string(), shown);
        }
        for (error, path) in [
            (field::<bool>(b"{\"b\":7}", "b").unwrap_err(), "a.b"),
            (json::<Vec<bool>>(b"[7]").unwrap_err(), "a[0]"),
            (json::<bool>(b"7").unwrap_err(), "a"),
        ] {
            assert_eq!(error.within("a", "").path(), path);
        }
    }

    #[test]
    fn every_reader_skips_a_byte_order_mark_and_reads_lone_surrogates() {
        for mark in ["", "\u{feff}"] {
            let body = |json: &str| format!("{mark}{json}").into_bytes();
            let cut = r#"{"\udc00":0,"text":"a\ud83d \ud83d\ude00"}"#;
            let text = "a\u{fffd} \u{1f600}";
            assert_eq!(field::<String>(&body(cut), "text").unwrap(), text);
            let read: std::collections::BTreeMap<String, serde_json::Value> =
                json(&body(cut)).unwrap();
            assert_eq!(
                (&read["text"], &read["\u{fffd}"]),
                (&text.into(), &0.into())
            );
            let raw: std::collections::BTreeMap<String, Box<RawValue>> =
                json_with_raw(&body(cut)).unwrap();
            assert_eq!(raw["text"].get(), r#""a\ufffd \ud83d\ude00""#);
            assert_eq!(raw["\u{fffd}"].get(), "0");
            assert_eq!(empty(&body(cut)), Ok(()));
        }
        // Only one mark, and only at the start.
        for body in ["\u{feff}\u{feff}true", "true\u{feff}"] {
            assert!(json::<bool>(body.as_bytes()).is_err());
        }
    }

    #[test]
    fn one_field_is_read_and_the_others_are_skipped() {
        let read = |text: &str| field::<bool>(text.as_bytes(), "ok");
        assert_eq!(read(r#"{"a":[{"ok":7}],"ok":true,"b":null}"#), Ok(true));
        for (text, path, problem) in [
            ("{}", ".", "missing field `ok`"),
            ("[]", ".", "expected an object"),
            (r#"{"ok":true,"ok":true}"#, "ok", "duplicate field `ok`"),
            (r#"{"ok":7}"#, "ok", "expected a boolean"),
            (r#"{"ok":true} x"#, ".", "the body is not JSON"),
            (r#"{"ok":true"#, "ok", "the JSON ends too early"),
            ("", ".", "the body is empty"),
        ] {
            let error = read(text).unwrap_err();
            let found = (error.path(), error.problem.as_str());
            assert_eq!(found, (path, problem), "{text}");
        }
    }
}
