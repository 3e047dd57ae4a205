use std::fmt;

/// Text of the server, on one line and without what would steer a terminal.
pub(super) struct Printable<'a>(pub(super) &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Harmless, though `escape_debug` escapes them.
        const QUOTES: [char; 3] = ['\'', '"', '\\'];
        for part in self.0.split_inclusive(QUOTES) {
            let text = part.trim_end_matches(QUOTES);
            let quote = part.strip_prefix(text).unwrap_or_default();
            write!(f, "{}{quote}", text.escape_debug())?;
        }
        Ok(())
    }
}
