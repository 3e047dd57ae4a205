//! Removes the secrets of a request from the texts of its response.

mod escapes;

use std::error::Error as StdError;
use std::fmt::{self, Write};

use http::{HeaderMap, HeaderValue};
use zeroize::Zeroizing;

/// A shorter text is not a secret, and it could occur anywhere by chance.
const SHORTEST: usize = 8;

/// The maximum number of bytes of the server's text that an error quotes.
pub(crate) const QUOTED_BYTES: usize = 4 << 10;

const REMOVED: &str = "…";

/// The mark after a text that was cut off.
const CUT: &str = "… (cut off)";

type BoxError = Box<dyn StdError + Send + Sync>;

/// The secrets of a call other than its headers, which an error must not show.
#[derive(Default)]
pub(crate) struct Secret(Vec<Zeroizing<String>>);

impl Secret {
    pub(crate) fn new(parameter: Option<&str>) -> Self {
        Self::of(parameter.map(str::to_owned))
    }

    pub(crate) fn of(secrets: impl IntoIterator<Item = String>) -> Self {
        Self(secrets.into_iter().map(Zeroizing::new).collect())
    }

    /// Removes these secrets, and the sensitive headers of the request.
    pub(crate) fn scrub<'a>(&'a self, sent: Option<&'a HeaderMap>) -> Scrub<'a> {
        Scrub {
            sent,
            secrets: &self.0,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Removes secrets from the texts of a server, also those that the server has escaped.
#[derive(Clone, Copy)]
pub(crate) struct Scrub<'a> {
    sent: Option<&'a HeaderMap>,
    secrets: &'a [Zeroizing<String>],
}

impl<'a> Scrub<'a> {
    /// Has no secrets, so it only limits the length of quotes.
    pub(crate) fn nothing() -> Self {
        Self {
            sent: None,
            secrets: &[],
        }
    }

    fn secrets(self) -> impl Iterator<Item = &'a [u8]> {
        let headers = self.sent.into_iter().flat_map(HeaderMap::values);
        let headers = headers.filter(|value| value.is_sensitive());
        let headers = headers.map(HeaderValue::as_bytes);
        let headers = headers.map(|value| value.strip_prefix(b"Bearer ").unwrap_or(value));
        let parameters = self.secrets.iter().map(|secret| secret.as_bytes());
        let secrets = headers.chain(parameters);
        secrets.filter(is_long)
    }

    /// The start of a text without secrets. Text beyond `limit` bytes is cut off, and the result has a
    /// mark.
    pub(crate) fn quote(self, text: &str, limit: usize) -> String {
        let mut limit = limit.min(text.len());
        while !text.is_char_boundary(limit) {
            limit -= 1;
        }
        let (head, rest) = text.split_at(limit);
        let is_cut = !rest.is_empty();
        let mut quoted = self.text(head, is_cut).unwrap_or_else(|| head.to_owned());
        if is_cut {
            quoted.push_str(CUT);
        }
        quoted
    }

    /// The text without secrets, or `None` if it has none. If the text `is_cut`, it may end within a
    /// secret.
    pub(crate) fn text(self, text: &str, is_cut: bool) -> Option<String> {
        let bytes = text.as_bytes();
        let decoded: Vec<_> = self.secrets().filter_map(escapes::url_decoded).collect();
        let decoded = decoded.iter().map(|secret| secret.as_slice());
        let secrets: Vec<_> = self.secrets().chain(decoded.filter(is_long)).collect();
        let is_plain = !is_cut && !escapes::may_escape(bytes);
        if is_plain && !secrets.iter().any(|secret| contains(bytes, secret)) {
            return None;
        }
        let is_secret = escapes::find(bytes, &secrets, SHORTEST, is_cut);
        let mut scrubbed = String::with_capacity(text.len());
        let mut was_secret = false;
        for (at, char) in text.char_indices() {
            let is_secret = is_secret.get(at).copied().unwrap_or_default();
            if !is_secret {
                scrubbed.push(char);
            } else if !was_secret {
                scrubbed.push_str(REMOVED);
            }
            was_secret = is_secret;
        }
        (scrubbed != text).then_some(scrubbed)
    }

    /// Removes the secrets from the values of the headers.
    pub(crate) fn headers(self, headers: &mut HeaderMap) {
        for value in headers.values_mut() {
            if let Some(text) = self.text(&String::from_utf8_lossy(value.as_bytes()), false) {
                // Removing a part of a value leaves it valid.
                *value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
            }
        }
    }

    /// The cause of an error. It becomes a text if it shows a secret or is long.
    pub(crate) fn source(self, source: BoxError) -> BoxError {
        let mut shown = source.to_string();
        let mut debug = format!("{source:?} {source:#?}");
        let mut cause = source.source();
        while let Some(inner) = cause {
            // Writing to a string cannot fail.
            let _ = write!(shown, ": {inner}");
            let _ = write!(debug, " {inner:?} {inner:#?}");
            cause = inner.source();
        }
        let is_short = shown.len() <= QUOTED_BYTES && debug.len() <= 16 * QUOTED_BYTES;
        let is_clean = |text| self.text(text, false).is_none();
        if is_short && is_clean(&shown) && is_clean(&debug) {
            source
        } else {
            self.quote(&shown, QUOTED_BYTES).into()
        }
    }
}

fn is_long(secret: &&[u8]) -> bool {
    secret.len() >= SHORTEST
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        let secret = Secret::new(Some("CANARY"));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn a_text_of_less_than_eight_bytes_is_not_a_secret() {
        for (secret, text, expected) in [
            ("1234567", "a 1234567", None),
            ("12345678", "a 12345678", Some("a …")),
            // Decoded, it has three bytes.
            ("%41%42%43", "a ABC", None),
            ("%41%42%43DEFGH", "a ABCDEFGH", Some("a …")),
        ] {
            let secret = Secret::new(Some(secret));
            let found = secret.scrub(None).text(text, false);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    /// A cause with these texts for `Display` and `Debug`.
    struct Cause(String, String, Option<Box<Cause>>);

    impl fmt::Display for Cause {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(&self.0)
        }
    }

    impl fmt::Debug for Cause {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(&self.1)
        }
    }

    impl StdError for Cause {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            self.2.as_deref().map(|cause| cause as _)
        }
    }

    #[test]
    fn only_a_short_cause_without_a_secret_is_kept() {
        let secret = Secret::new(Some("12345678"));
        let quoted = "x".repeat(QUOTED_BYTES);
        let cut = format!("{quoted}{CUT}");
        // What `Display` and `Debug` show, and the text instead of the cause.
        for (shown, debug, text) in [
            ("a", "b", None),
            ("1234567", "1234567", None),
            ("a 12345678", "b", Some("a …")),
            ("a", "b 12345678", Some("a")),
            (&quoted, "b", None),
            (&format!("{quoted}x"), "b", Some(&*cut)),
            // `Debug` counts twice: also as `{:#?}`.
            ("a", &"x".repeat(7 * QUOTED_BYTES), None),
            ("a", &"x".repeat(8 * QUOTED_BYTES), Some("a")),
        ] {
            let cause = || Cause(shown.to_owned(), debug.to_owned(), None);
            let scrubbed = secret.scrub(None).source(cause().into());
            assert_eq!(
                scrubbed.is::<Cause>(),
                text.is_none(),
                "{shown:.9} {debug:.9}"
            );
            assert_eq!(scrubbed.to_string(), text.unwrap_or(shown));
            let outer = Cause(String::new(), String::new(), Some(Box::new(cause())));
            let scrubbed = secret.scrub(None).source(outer.into());
            assert_eq!(
                scrubbed.is::<Cause>(),
                text.is_none() && shown.len() < QUOTED_BYTES,
                "{shown:.9} {debug:.9}"
            );
        }
    }
}
