use std::fmt;

/// Text from the server on one line, without characters that control a terminal.
pub(crate) struct Printable<'a>(pub(crate) &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `escape_debug` escapes these, but they are harmless.
        const QUOTES: [char; 3] = ['\'', '"', '\\'];
        for part in self.0.split_inclusive(QUOTES) {
            let text = part.trim_end_matches(QUOTES);
            let quote = part.strip_prefix(text).unwrap_or_default();
            write!(f, "{}{quote}", text.escape_debug())?;
        }
        Ok(())
    }
}
