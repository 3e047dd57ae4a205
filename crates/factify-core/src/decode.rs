use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::json_path;

/// Why the body of a successful answer could not be read, and where in it.
///
/// It names the place and what was expected there, and never quotes what was found: an answer can
/// hold a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    problem: String,
    line: usize,
    column: usize,
}

impl DecodeError {
    /// The path of the value that did not fit, such as `invite.status`; `.` for the whole body. A key
    /// that the API would not use is shown as `…`, and the path has 16 steps at most.
    pub fn path(&self) -> &str {
        &self.path
    }

    #[cold]
    fn not_json(text: &str, cause: &serde_json::Error) -> Self {
        let (line, column) = (cause.line(), cause.column());
        let before = text.split_inclusive('\n').take(line.saturating_sub(1));
        let mut end = before.map(str::len).sum::<usize>() + column;
        if cause.is_syntax() {
            // The byte that does not fit is counted.
            end = end.saturating_sub(1);
        }
        let phrase = cause.to_string();
        let phrase = phrase
            .rsplit_once(" at line ")
            .map_or(phrase.as_str(), |(phrase, _)| phrase);
        let problem = match cause.classify() {
            Category::Data if quotes_nothing(phrase) => phrase.to_owned(),
            // Everything before the last "expected" may quote the value.
            Category::Data => phrase.rsplit_once(", expected ").map_or_else(
                || "the value is not one that the API documents".to_owned(),
                |(_, expected)| format!("expected {expected}"),
            ),
            Category::Eof if text.is_empty() => "the body is empty".to_owned(),
            Category::Eof => "the JSON ends too early".to_owned(),
            Category::Syntax | Category::Io => "the body is not JSON".to_owned(),
        };
        Self {
            path: json_path::of(text, end),
            problem,
            line,
            column,
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
        let line_start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        Self {
            path: ".".to_owned(),
            problem: "the body is not UTF-8".to_owned(),
            line: before.split(|&byte| byte == b'\n').count(),
            column: before.len() - line_start + 1,
        }
    }
}

/// What is missing or twice, and why a text is not an ID.
fn quotes_nothing(text: &str) -> bool {
    ["missing field `", "duplicate field `", "not a ", "not an "]
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
/// The text is checked as UTF-8 as a whole first, which is faster and leaves no invalid byte in a
/// field that is skipped.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    let text = std::str::from_utf8(body).map_err(|fault| {
        DecodeError::not_utf8(body.get(..fault.valid_up_to()).unwrap_or_default())
    })?;
    serde_json::from_str(text).map_err(|cause| DecodeError::not_json(text, &cause))
}

#[cfg(test)]
mod tests {
    use super::*;
    use factify_types::Pagination;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Page {
        #[allow(dead_code)]
        items: Vec<bool>,
        #[allow(dead_code)]
        pagination: Pagination,
    }

    #[test]
    fn a_fault_is_located_and_not_quoted() {
        for (body, path, problem) in [
            (&b""[..], ".", "the body is empty"),
            (b"<html>", ".", "the body is not JSON"),
            (b"{\"items\":[", "items[0]", "the JSON ends too early"),
            (b"{}", ".", "missing field `items`"),
            (
                b"{\"items\":[true,\"sk_secret\"]}",
                "items[1]",
                "expected a boolean",
            ),
            (
                b"{\"items\":[\"a, expected b\"]}",
                "items[0]",
                "expected a boolean",
            ),
            (
                b"{\"items\":[],\"items\":[]}",
                "items",
                "duplicate field `items`",
            ),
            (b"{\"items\":}", "items", "the body is not JSON"),
            (b"{\"items\":[true,}", "items[1]", "the body is not JSON"),
            (
                b"{\"items\":[],\n\"x\":\"\xff\"}",
                ".",
                "the body is not UTF-8",
            ),
            (
                b"{\"items\":[],\"pagination\":{}} x",
                ".",
                "the body is not JSON",
            ),
        ] {
            let fault = json::<Page>(body).unwrap_err();
            assert_eq!((fault.path(), fault.problem.as_str()), (path, problem));
            assert!(!fault.to_string().contains("secret"));
        }
    }
}
