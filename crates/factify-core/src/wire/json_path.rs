//! Finds where in a JSON text an error is. It runs only after an error, so decoding stays simple and is
//! compiled once for each type.

use crate::json_text;

/// All models are less deep. Deeper levels are not tracked.
const MAX_DEPTH: usize = 16;

/// The API has no longer key.
const MAX_KEY: usize = 24;

enum Step<'a> {
    Object(Option<&'a str>),
    Array(usize),
}

/// The path of the value at which reading stopped after `end` bytes, for example `items[1].status`, or
/// `.` for the whole text.
pub(crate) fn of(text: &str, end: usize) -> String {
    let mut bytes = text.bytes().enumerate().take(end);
    let mut steps = Vec::new();
    let mut deeper = 0_usize;
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => {
                let end = json_text::end_of_string(&mut bytes);
                if let (0, Some(Step::Object(key @ None))) = (deeper, steps.last_mut()) {
                    *key = end.and_then(|end| text.get(at + 1..end));
                }
            }
            b'{' | b'[' if steps.len() == MAX_DEPTH => deeper += 1,
            b'{' => steps.push(Step::Object(None)),
            b'[' => steps.push(Step::Array(0)),
            b'}' | b']' if deeper > 0 => deeper -= 1,
            b'}' | b']' => {
                steps.pop();
            }
            b',' if deeper == 0 => match steps.last_mut() {
                Some(Step::Object(key)) => *key = None,
                Some(Step::Array(index)) => *index += 1,
                None => {}
            },
            _ => {}
        }
    }
    shown(&steps)
}

fn shown(steps: &[Step<'_>]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Object(None) => {}
            Step::Object(Some(key)) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(if is_name(key) { key } else { "…" });
            }
            Step::Array(index) => path.extend(["[", &index.to_string(), "]"]),
        }
    }
    if path.is_empty() {
        path.push('.');
    }
    path
}

/// Whether a key looks like a key of the API. Any other key may hold data that the client sent.
fn is_name(key: &str) -> bool {
    key.len() <= MAX_KEY
        && !key.starts_with("ffy_")
        && key
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_path_leads_to_the_value_where_reading_stopped() {
        let deep = "[".repeat(100_000);
        let after_deep = format!("{{\"x\":{deep}{},\"status\":5", "]".repeat(100_000));
        for (text, path) in [
            ("", "."),
            ("5", "."),
            ("{", "."),
            ("{}", "."),
            ("{\"invite\":5", "invite"),
            ("{\"invite\":{}", "invite"),
            ("{\"invite\":{\"id\":\"a\",\"status\":5", "invite.status"),
            ("{\"invite\":{\"id\":\"a\",", "invite"),
            ("{\"a\":{\"b\":1},\"c\":[{},{\"d\":\"x", "c[1].d"),
            ("{\"a\":\"}],\\\"\\\\\",\"b\":1", "b"),
            ("[[1,2],[3", "[1][0]"),
            ("{\"a key\":1", "…"),
            ("{\"ffy_test_CANARY\":1", "…"),
            ("{\"ffy_test_canary\":1", "…"),
            ("{\"äöü\":1", "…"),
            // Cut off within a key.
            ("{\"invite\":{\"sta", "invite"),
            (&after_deep, "status"),
            ("}]}],", "."),
        ] {
            assert_eq!(super::of(text, text.len()), path, "{text:.80}");
        }
        assert_eq!(super::of("{\"a\":5,\"b\":6}", 6), "a");
        assert_eq!(super::of(&deep, deep.len()), "[0]".repeat(super::MAX_DEPTH));
    }
}
