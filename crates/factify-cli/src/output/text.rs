use std::borrow::Cow;
use std::fmt::Write;

/// Text of others as a terminal may show it: what would move its cursor, change its colors or turn
/// the direction of writing is escaped.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len());
    for symbol in text.chars() {
        if is_control(symbol) {
            // Writing to a string does not fail.
            let _ = write!(escaped, "{}", symbol.escape_unicode());
        } else {
            escaped.push(symbol);
        }
    }
    escaped.into()
}

/// A number and what it is a number of.
pub(crate) fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

fn is_control(symbol: char) -> bool {
    symbol.is_control()
        || matches!(symbol, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_escaped_and_all_else_is_kept() {
        for (text, expected) in [
            ("Dwight K. Schrute", "Dwight K. Schrute"),
            ("Zoë 山田", "Zoë 山田"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\tb\nc", "a\\u{9}b\\u{a}c"),
            ("\u{202e}moc.live", "\\u{202e}moc.live"),
            ("\u{9b}2J", "\\u{9b}2J"),
        ] {
            assert_eq!(printable(text), expected);
        }
    }
}
