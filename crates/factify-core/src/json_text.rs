//! Reads JSON that `serde_json` refuses, but that other programs write.

/// The body without the byte order mark before it.
pub(crate) fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// The text with U+FFFD in place of each escaped half of a surrogate pair that has no other half, or
/// `None` if there is no such half.
///
/// The length stays the same, so positions do too. Few texts have such a half. So call it after a parser has
/// refused the text, or if the parser does not read all texts.
#[cold]
pub(crate) fn without_lone_surrogates(text: &str) -> Option<String> {
    const ESCAPE: usize = r"\ud83d".len();
    const PAIR: usize = r"\ud83d\ude00".len();
    let mut mended = String::new();
    let mut is_mended = false;
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        let next = escape.get(ESCAPE..);
        let (length, is_lone) = match (code_unit(escape), next.and_then(code_unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (PAIR, false),
            (Some(unit), _) => (ESCAPE, (0xd800..=0xdfff).contains(&unit)),
            (None, _) => (r"\\".len(), false),
        };
        let (escape, after) = escape.split_at_checked(length)?;
        mended.push_str(before);
        mended.push_str(if is_lone { r"\ufffd" } else { escape });
        is_mended |= is_lone;
        rest = after;
    }
    mended.push_str(rest);
    is_mended.then_some(mended)
}

/// The text with `null` in place of each number that is too large for an `f64`. Call it after a parser has
/// refused the text.
#[cold]
pub(crate) fn without_large_numbers(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => end_of_string(&mut rest.bytes().enumerate().skip(1)).map(|end| end + 1),
            '-' | '0'..='9' => rest.find(|char| !is_of_number(char)),
            _ => Some(first.len_utf8()),
        };
        let parts = length.and_then(|length| rest.split_at_checked(length));
        let (token, after) = parts.unwrap_or((rest, ""));
        let is_too_large = token.parse().is_ok_and(f64::is_infinite);
        mended.push_str(if is_too_large { "null" } else { token });
        rest = after;
    }
    mended
}

fn is_of_number(char: char) -> bool {
    matches!(char, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')
}

/// Skips the rest of a string and returns its end.
pub(crate) fn end_of_string(bytes: &mut impl Iterator<Item = (usize, u8)>) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in bytes {
        match byte {
            b'"' if !escaped => return Some(at),
            _ => escaped = byte == b'\\' && !escaped,
        }
    }
    None
}

/// The UTF-16 code unit of an escape `\u….` at the start of the text.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix(r"\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lone_surrogates_are_replaced_and_nothing_else() {
        for (text, mended) in [
            (r#""\ud83d""#, Some(r#""\ufffd""#)),
            (r#""\uDE00 \uD83D.""#, Some(r#""\ufffd \ufffd.""#)),
            (r#""\ud83d\ud83d\ude00""#, Some(r#""\ufffd\ud83d\ude00""#)),
            (r#""\ud83d\ude00\ude00""#, Some(r#""\ud83d\ude00\ufffd""#)),
            (r#""\ud83d\n""#, Some(r#""\ufffd\n""#)),
            (r#""\ud83d\u0041""#, Some(r#""\ufffd\u0041""#)),
            (r#""\\\ud83dé""#, Some(r#""\\\ufffdé""#)),
            (r#"{"\udfff":["\ud800"]}"#, Some(r#"{"\ufffd":["\ufffd"]}"#)),
            // Pairs, and other text.
            (r#""\ud83d\ude00""#, None),
            (r#""\\ud83d""#, None),
            (r#""\ud7ff\ue000\u0000""#, None),
            (r#""ud83d""#, None),
            ("", None),
            // Not JSON.
            (r"\ud8", None),
            (r"\u+d80", None),
            (r"\", None),
            ("\\é", None),
        ] {
            let found = without_lone_surrogates(text);
            assert_eq!(found.as_deref(), mended, "{text}");
        }
    }

    #[test]
    fn numbers_that_are_too_large_become_null_and_nothing_else() {
        for (text, mended) in [
            ("1e999", "null"),
            ("[-1.5E+999,1e308,-0e999,12]", "[null,1e308,-0e999,12]"),
            (r#"{"1e999":1e999}<1e999"#, r#"{"1e999":null}<null"#),
            (r#"["\"1e999","\\",1e999]"#, r#"["\"1e999","\\",null]"#),
            ("é[1e999,\"1e999é", "é[null,\"1e999é"),
            ("inf nan 1e 1-2e999 .", "inf nan 1e 1-2e999 ."),
            ("", ""),
        ] {
            assert_eq!(without_large_numbers(text), mended, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_code_units_become_a_text_of_the_same_length(units in prop::collection::vec(
            prop_oneof![any::<u16>(), 0xd7ff..=0xe000_u16], 0..12,
        )) {
            let escapes: Vec<_> = units.iter().map(|unit| format!(r"\u{unit:04x}")).collect();
            let text = format!("\"{}\"", escapes.concat());
            let mended = without_lone_surrogates(&text);
            let is_text = serde_json::from_str::<String>(&text).is_ok();
            prop_assert_eq!(mended.is_none(), is_text);
            let mended = mended.unwrap_or(text.clone());
            prop_assert_eq!(mended.len(), text.len());
            let read: String = serde_json::from_str(&mended).unwrap();
            prop_assert_eq!(read, String::from_utf16_lossy(&units));
        }
    }
}
