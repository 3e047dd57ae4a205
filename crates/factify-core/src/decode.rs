use std::fmt;

use serde::de::DeserializeOwned;

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
    /// The path of the value that did not fit, such as `invite.status`; `.` for the whole body.
    pub fn path(&self) -> &str {
        &self.path
    }

    fn new(path: String, cause: &serde_json::Error) -> Self {
        let (line, column) = (cause.line(), cause.column());
        let text = cause.to_string();
        let text = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(text, _)| text);
        let problem = match cause.classify() {
            serde_json::error::Category::Data if quotes_nothing(text) => text.to_owned(),
            // Everything before the last "expected" may quote the value.
            serde_json::error::Category::Data => text.rsplit_once(", expected ").map_or_else(
                || "the value is not one that the API documents".to_owned(),
                |(_, expected)| format!("expected {expected}"),
            ),
            serde_json::error::Category::Eof if line <= 1 && column == 0 => {
                "the body is empty".to_owned()
            }
            serde_json::error::Category::Eof => "the JSON ends too early".to_owned(),
            _ => "the body is not JSON".to_owned(),
        };
        Self {
            path,
            problem,
            line,
            column,
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
        write!(f, "{problem} (line {line}, column {column})")
    }
}

impl std::error::Error for DecodeError {}

/// Reads JSON; the path of a fault is looked for only when there is one.
///
/// The text is checked as UTF-8 as a whole first, which is faster and leaves no invalid byte in a
/// field that is skipped.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    let text = std::str::from_utf8(body).map_err(|fault| {
        let before = body.get(..fault.valid_up_to()).unwrap_or_default();
        let line_start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        DecodeError {
            path: ".".to_owned(),
            problem: "the body is not UTF-8".to_owned(),
            line: before.split(|&byte| byte == b'\n').count(),
            column: before.len() - line_start + 1,
        }
    })?;
    serde_json::from_str(text).map_err(|cause| {
        let mut json = serde_json::Deserializer::from_str(text);
        match serde_path_to_error::deserialize::<_, T>(&mut json) {
            Err(located) => DecodeError::new(located.path().to_string(), located.inner()),
            Ok(_) => DecodeError::new(".".to_owned(), &cause),
        }
    })
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
            (b"{\"items\":[", "items", "the JSON ends too early"),
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
                ".",
                "duplicate field `items`",
            ),
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
