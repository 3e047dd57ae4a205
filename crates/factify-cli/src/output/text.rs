use std::borrow::Cow;
use std::fmt::Write;

/// Makes text from others safe for a terminal: escapes what would move the cursor, change colors,
/// change the text direction or be invisible.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len());
    for symbol in text.chars() {
        if is_hidden(symbol) {
            // Writing to a string does not fail.
            let _ = write!(escaped, "{}", symbol.escape_unicode());
        } else {
            escaped.push(symbol);
        }
    }
    escaped.into()
}

/// A number and a noun, such as "2 invites".
pub(crate) fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {}", plural(noun)),
    }
}

/// "invites", "policies".
pub(crate) fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}

/// Whether the symbol must be escaped. The selector that turns the symbol before it into an emoji is
/// allowed.
pub(crate) fn is_hidden(symbol: char) -> bool {
    symbol.is_control()
        || matches!(symbol, '\u{2028}' | '\u{2029}')
        || is_invisible(symbol) && symbol != '\u{fe0f}'
}

/// Whether a character is invisible, or only changes how others look: those that Unicode calls
/// `Default_Ignorable_Code_Point`. Not the joiners U+200C and U+200D, which some scripts need.
fn is_invisible(symbol: char) -> bool {
    matches!(
        symbol,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_controls_are_escaped() {
        for (text, expected) in [
            ("Dwight K. Schrute", "Dwight K. Schrute"),
            ("Zoë 山田", "Zoë 山田"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\tb\nc", "a\\u{9}b\\u{a}c"),
            ("\u{202e}moc.live", "\\u{202e}moc.live"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("\u{feff}a\u{200b}", "\\u{feff}a\\u{200b}"),
            ("\u{61c}\u{e0041}", "\\u{61c}\\u{e0041}"),
            ("❤\u{fe0f}", "❤\u{fe0f}"),
            ("\u{3164}", "\\u{3164}"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ] {
            assert_eq!(printable(text), expected);
        }
    }
}
