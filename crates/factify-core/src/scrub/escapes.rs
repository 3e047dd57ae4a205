//! Finds a text that another text repeats, also escaped.

use std::ops::Range;

use zeroize::Zeroizing;

/// How many escapes can be inside of each other, for example JSON in a URL in HTML.
const DEPTH: u32 = 3;

/// No escape that is decoded is longer. HTML allows any number of zeros, but nobody writes more of them.
const LONGEST: usize = "&#x000000000;".len();

/// Half of a surrogate pair in JSON.
const UNIT: usize = r"\ud83d".len();

/// A text whose escapes are decoded, and where each byte comes from.
struct Decoded {
    /// Zeroed when dropped, because they may be a secret.
    bytes: Zeroizing<Vec<u8>>,
    /// The place of each byte in the text that was not decoded.
    places: Vec<Range<usize>>,
    /// The length of that text.
    length: usize,
}

/// The ways in which a server escapes a text.
#[derive(Debug, Clone, Copy)]
enum Language {
    Json,
    Url,
    Html,
}

/// Marks each byte of the text that belongs to one of the secrets, also escaped for JSON, a URL or HTML.
/// If the text `is_cut`, its end may be the first `shortest` bytes or more of a secret.
pub(super) fn find(text: &[u8], secrets: &[&[u8]], shortest: usize, is_cut: bool) -> Vec<bool> {
    let mut is_secret = vec![false; text.len()];
    let mut waiting = vec![(Decoded::of(text), 0)];
    while let Some((decoded, depth)) = waiting.pop() {
        for secret in secrets {
            for place in decoded.find(secret, shortest, is_cut) {
                if let Some(bytes) = is_secret.get_mut(place) {
                    bytes.fill(true);
                }
            }
        }
        if depth < DEPTH {
            let languages = [Language::Json, Language::Url, Language::Html];
            let decoded = languages.map(|language| decoded.decode(language, is_cut));
            waiting.extend(
                decoded
                    .into_iter()
                    .flatten()
                    .map(|layer| (layer, depth + 1)),
            );
        }
    }
    is_secret
}

/// The text as a server may have decoded it if it is a part of a URL.
pub(super) fn url_decoded(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let decoded = Decoded::of(text).decode(Language::Url, false)?;
    Some(decoded.bytes)
}

/// Whether the text can have an escape.
pub(super) fn may_escape(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'\\' | b'%' | b'&'))
}

impl Decoded {
    fn of(text: &[u8]) -> Self {
        Self {
            bytes: Zeroizing::new(text.to_vec()),
            places: (0..text.len()).map(|at| at..at + 1).collect(),
            length: text.len(),
        }
    }

    /// Decodes the escapes once. If the text `is_cut`, an escape that is cut off at its end is left out.
    fn decode(&self, language: Language, is_cut: bool) -> Option<Self> {
        // Decoding makes no text longer, so the buffer does not move and leaves no copy behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.bytes.len()));
        let mut places = Vec::with_capacity(self.bytes.len());
        let mut is_changed = false;
        let (mut rest, mut rest_places) = (self.bytes.as_slice(), &*self.places);
        while let Some(&byte) = rest.first() {
            let length = match language.escape(rest) {
                Some((escaped, length)) => {
                    is_changed = true;
                    escaped.write(&mut bytes);
                    length
                }
                None if is_cut && byte == language.mark() && rest.len() < LONGEST => {
                    is_changed = true;
                    break;
                }
                None => {
                    bytes.push(byte);
                    1
                }
            };
            let (escape, after) = rest_places.split_at_checked(length)?;
            let (start, end) = (escape.first()?.start, escape.last()?.end);
            places.resize(bytes.len(), start..end);
            (rest, rest_places) = (rest.get(length..)?, after);
        }
        is_changed.then_some(Self {
            bytes,
            places,
            length: self.length,
        })
    }

    /// The places of a secret in the text that was not decoded.
    fn find(
        &self,
        secret: &[u8],
        shortest: usize,
        is_cut: bool,
    ) -> impl Iterator<Item = Range<usize>> {
        (0..self.bytes.len()).filter_map(move |at| {
            let (rest, places) = (self.bytes.get(at..)?, self.places.get(at..)?);
            let same = rest.iter().zip(secret).take_while(|(a, b)| a == b).count();
            let first = places.first()?;
            if same == secret.len() {
                Some(first.start..places.get(same - 1)?.end)
            } else if is_cut && same == rest.len() && same >= shortest {
                Some(first.start..self.length)
            } else {
                None
            }
        })
    }
}

enum Escaped {
    Char(char),
    Byte(u8),
}

impl Escaped {
    fn write(self, bytes: &mut Vec<u8>) {
        match self {
            Self::Char(char) => bytes.extend(char.encode_utf8(&mut [0; 4]).as_bytes()),
            Self::Byte(byte) => bytes.push(byte),
        }
    }
}

impl Language {
    /// The byte at the start of each escape.
    fn mark(self) -> u8 {
        match self {
            Self::Json => b'\\',
            Self::Url => b'%',
            Self::Html => b'&',
        }
    }

    /// What the escape at the start of the text means, and its length.
    fn escape(self, text: &[u8]) -> Option<(Escaped, usize)> {
        match (self, text) {
            (Self::Json, [b'\\', b'u', rest @ ..]) => {
                let first = code_unit(rest)?;
                let second = match rest.get(4..) {
                    // The text may be cut within a pair.
                    Some(end) if end.len() < UNIT && is_high(first) => return None,
                    Some([b'\\', b'u', rest @ ..]) => code_unit(rest),
                    _ => None,
                };
                let mut pair = char::decode_utf16([first].into_iter().chain(second));
                let char = pair.next()?.unwrap_or(char::REPLACEMENT_CHARACTER);
                Some((Escaped::Char(char), UNIT * char.len_utf16()))
            }
            (Self::Json, [b'\\', byte, ..]) => {
                let meant = match byte {
                    b'"' | b'\\' | b'/' => *byte,
                    b'b' => 8,
                    b'f' => 12,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    _ => return None,
                };
                Some((Escaped::Byte(meant), 2))
            }
            (Self::Url, [b'%', high, low, ..]) => {
                let byte = number(&[*high, *low], 16)?;
                Some((Escaped::Byte(u8::try_from(byte).ok()?), 3))
            }
            (Self::Html, [b'&', rest @ ..]) => {
                let end = rest
                    .iter()
                    .take(LONGEST - 1)
                    .position(|byte| *byte == b';')?;
                let char = match rest.get(..end)? {
                    b"amp" => '&',
                    b"lt" => '<',
                    b"gt" => '>',
                    b"quot" => '"',
                    b"apos" => '\'',
                    [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
                    [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
                    _ => return None,
                };
                Some((Escaped::Char(char), end + 2))
            }
            _ => None,
        }
    }
}

/// Whether this is the first half of a surrogate pair.
fn is_high(unit: u16) -> bool {
    (0xd800..=0xdbff).contains(&unit)
}

fn code_unit(text: &[u8]) -> Option<u16> {
    u16::try_from(number(text.get(..4)?, 16)?).ok()
}

/// Reads digits, without a sign.
fn number(digits: &[u8], radix: u32) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        number.checked_mul(radix)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_escape_is_decoded_once() {
        use Language::{Html, Json, Url};
        for (language, text, expected) in [
            (Json, r"\u0066\u00E9\u20aC", Some("fé€")),
            (Json, r"\uD83D\uDE00\ud83d\ude00", Some("😀😀")),
            // Halves of surrogate pairs.
            (Json, r"\ud83d......", Some("\u{fffd}......")),
            (Json, r"\ud83dx\ude00", Some("\u{fffd}x\u{fffd}")),
            (Json, r"\ud83d\u0041", Some("\u{fffd}A")),
            (Json, r"\ude00", Some("\u{fffd}")),
            (Json, r#"\"\\\/\b\f\n\r\t"#, Some("\"\\/\u{8}\u{c}\n\r\t")),
            (Json, r"\\u0066%41&lt;", Some(r"\u0066%41&lt;")),
            (Url, r"%66%C3%a9%%41\n&lt;", Some(r"fé%A\n&lt;")),
            (Html, "&amp;&lt;&gt;&quot;&apos;", Some("&<>\"'")),
            (Html, "&#102;&#x66;&#X1F600;", Some("ff😀")),
            (Html, "&#x000000030;", Some("0")),
            (Html, r"&amp;amp;\n%41", Some(r"&amp;\n%41")),
            // No escapes.
            (Json, r"\ud83d", None),
            (Json, r"\u006", None),
            (Json, r"\u+066", None),
            (Json, r"\ug066", None),
            (Json, r"\x66 \' \", None),
            (Url, "%6 %+6 %g6 %", None),
            (
                Html,
                "&am &amp &; &#x110000; &#xd800; &#99999999999; &",
                None,
            ),
            (Html, "&nothing-is-so-long;", None),
            (Html, "&#x0000000030;", None),
            (Html, "abc", None),
            (Html, "", None),
        ] {
            let found = Decoded::of(text.as_bytes()).decode(language, false);
            let found = found.map(|found| String::from_utf8(found.bytes.to_vec()).unwrap());
            assert_eq!(found.as_deref(), expected, "{text}");
            assert!(found.is_none() || may_escape(text.as_bytes()));
        }
        assert_eq!(url_decoded(b"%61\\u0062").unwrap()[..], b"a\\u0062"[..]);
        assert_eq!(url_decoded(b"a"), None);
    }

    /// The text with stars in place of the secret.
    fn starred(text: &str, is_cut: bool) -> String {
        let is_secret = find(text.as_bytes(), &[b"12345678"], 4, is_cut);
        let chars = text.chars().zip(is_secret);
        chars
            .map(|(char, is_secret)| if is_secret { '*' } else { char })
            .collect()
    }

    #[test]
    fn a_secret_is_found_in_the_text_that_was_not_decoded() {
        for (text, expected) in [
            ("12345678", "********"),
            ("a12345678b12345678", "a********b********"),
            ("1212345678", "12********"),
            (r"a\u003112345678", r"a\u0031********"),
            (r"a\u00312345678b", "a*************b"),
            (r"%5Cu00312345678 ", "*************** "),
            ("%255cu00312345678 ", "***************** "),
            ("&amp;#x31;2345678", "*****************"),
            ("1234567 8", "1234567 8"),
            ("1234567", "1234567"),
        ] {
            assert_eq!(starred(text, false), expected);
        }
    }

    #[test]
    fn the_end_of_a_text_that_is_cut_may_be_the_start_of_a_secret() {
        for (text, expected) in [
            ("a1234", "a****"),
            ("a123", "a123"),
            ("1234 ", "1234 "),
            ("a12345678", "a********"),
            (r"a\u003123", r"a\u003123"),
            (r"a\u0031234", "a*********"),
            (r"a1234\u00", "a********"),
            ("a1234&#", "a******"),
            (r"a\u00311234\", r"a\u0031*****"),
            // All but the last byte of the longest escape of each language.
            (r"a1234\ud83d\ude0", "a***************"),
            ("a1234%3", "a******"),
            ("a1234&#x000000035", "a****************"),
        ] {
            assert_eq!(starred(text, true), expected);
        }
    }
}
