use std::io::{self, Write};

use super::text::is_hidden;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// Writes JSON without any raw control character, even those that JSON allows, because a terminal would
/// obey them.
pub(crate) fn write(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Escaping);
    value.serialize(&mut serializer).map_err(io::Error::from)
}

struct Escaping;

impl Formatter for Escaping {
    /// JSON that is already written has such characters only in texts.
    fn write_raw_fragment<W>(&mut self, out: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        self.write_string_fragment(out, fragment)
    }

    fn write_string_fragment<W>(&mut self, out: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_hidden) {
            let (plain, control) = rest.split_at(at);
            CompactFormatter.write_string_fragment(out, plain)?;
            let mut symbols = control.chars();
            if let Some(symbol) = symbols.next() {
                for unit in symbol.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            }
            rest = symbols.as_str();
        }
        CompactFormatter.write_string_fragment(out, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_escaped_without_changing_the_value() {
        for text in [
            "plain Zoë",
            "a\u{7f}b\u{9b}2J\u{85}",
            "\u{1b}[0m\n\"",
            "\u{7f}",
            "\u{202e}a\u{feff}b\u{e0041}",
            "",
        ] {
            let mut json = Vec::new();
            write(&mut json, &text).unwrap();
            let json = String::from_utf8(json).unwrap();
            assert!(!json.contains(is_hidden), "{json}");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
