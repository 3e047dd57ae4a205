//! Prints a response as it arrived, except for what could control a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};

use factify_core::bytes::Bytes;
use factify_core::http::Response;
use serde::de::IgnoredAny;

use crate::failure::Failure;
use crate::output::printable;

pub(super) fn response(response: &Response<Bytes>, with_head: bool) -> Result<(), Failure> {
    let out = io::stdout();
    let is_terminal = out.is_terminal();
    let mut text = Vec::new();
    if with_head {
        text.extend_from_slice(head(response).as_bytes());
    }
    let body = response.body();
    if is_terminal {
        text.extend_from_slice(for_terminal(body).as_bytes());
    } else {
        text.extend_from_slice(body);
    }
    written(
        out.lock()
            .write_all(&text)
            .and_then(|()| out.lock().flush()),
    )
}

/// The result of a write. A closed pipe is no error.
pub(super) fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result.err().as_ref().and_then(Failure::output) {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

/// The status line and the headers, and an empty line. Writing to a string does not fail.
fn head<B>(response: &Response<B>) -> String {
    let mut text = format!("{:?} {}\n", response.version(), response.status());
    for (name, value) in response.headers() {
        let value = String::from_utf8_lossy(value.as_bytes());
        let _ = writeln!(text, "{name}: {}", printable(&value));
    }
    text.push('\n');
    text
}

fn for_terminal(body: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(body) else {
        let length = body.len();
        return format!("({length} bytes that are not text: redirect the output to a file)\n");
    };
    let mut shown = if serde_json::from_str::<IgnoredAny>(text).is_ok() {
        escaped(text)
    } else {
        let lines: Vec<_> = text.lines().map(printable).collect();
        lines.join("\n")
    };
    if !shown.is_empty() && !shown.ends_with('\n') {
        shown.push('\n');
    }
    shown
}

/// A JSON text with the same value, and without characters that could control a terminal.
pub(super) fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for symbol in json.chars() {
        // In JSON these are only between the tokens, and others that are hidden only in strings.
        let is_space = matches!(symbol, '\n' | '\r' | '\t');
        let hidden = matches!(printable(symbol.encode_utf8(&mut [0; 4])), Cow::Owned(_));
        if hidden && !is_space {
            for unit in symbol.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(symbol);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_body_controls_a_terminal() {
        for (body, expected) in [
            (&b"{\n\t\"a\": 1.0 }"[..], "{\n\t\"a\": 1.0 }\n"),
            (b"{}\n", "{}\n"),
            (b"", ""),
            (
                "{\"a\":\"\u{9b}2J\u{202e}Zo\u{eb}\u{e0041}\"}".as_bytes(),
                "{\"a\":\"\\u009b2J\\u202eZo\u{eb}\\udb40\\udc41\"}\n",
            ),
            (b"<h1>\x1b[2J\r\n</h1>", "<h1>\\u{1b}[2J\n</h1>\n"),
            (
                b"\xff\xfe",
                "(2 bytes that are not text: redirect the output to a file)\n",
            ),
        ] {
            let shown = for_terminal(body);
            assert_eq!(shown, expected);
            if let Ok(before) = serde_json::from_slice::<serde_json::Value>(body) {
                assert_eq!(
                    serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
                    before
                );
            }
        }
    }
}
