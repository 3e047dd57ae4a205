use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

use crate::environment::{self, InvalidVariable};
use crate::error::from_invalid;
use crate::from_text::deserialize_from_text;

/// The text before the token in the header.
const BEARER: &str = "Bearer ";

/// The maximum length of a token in bytes. API keys have about 80, and user tokens fit too.
const MAX_BYTES: usize = 8 * 1024;

/// A secret that authenticates every call: an API key (`ffy_prod_…`, `ffy_test_…`) or a user token.
///
/// It is never printed: `Debug` shows at most the documented prefix. If the server repeats it, errors show
/// `…` instead, unless it has fewer than eight bytes: a shorter token cannot be told apart from ordinary text.
///
/// It is kept in memory once, as the
/// header of all requests, marked sensitive. This memory is zeroed when the last copy is dropped.
///
/// You can read it from a configuration file. Its own errors do not contain the text, but the error of a
/// format may: that of TOML quotes the wrong line in `Display`, and the **whole file** in `Debug`, which
/// `unwrap` and a `main` that returns the error print. Print only its message:
///
/// ```ignore
/// let settings: Settings = toml::from_str(&text).map_err(|error| error.message().to_owned())?;
/// ```
///
/// ```
/// # extern crate factify_core as factify;
/// let key = factify::BearerToken::new("ffy_test_secret")?;
/// assert_eq!(format!("{key:?}"), "BearerToken(ffy_test_…)");
/// # Ok::<(), factify::InvalidBearerToken>(())
/// ```
#[derive(Clone)]
#[doc(alias = "bearerAuth")]
pub struct BearerToken(HeaderValue);

impl BearerToken {
    /// The name of the environment variable that [`from_env`](Self::from_env) reads.
    pub const VARIABLE: &'static str = "FACTIFY_KEY";

    /// Creates a token from its text, without the white space around it.
    ///
    /// # Errors
    /// If the token is empty, longer than 8 KiB, or has characters other than visible ASCII. The error
    /// does not repeat the token.
    pub fn new(key: impl Into<String>) -> Result<Self, InvalidBearerToken> {
        let key = Zeroizing::new(key.into());
        let trimmed = key.trim();
        let problem = if trimmed.is_empty() {
            "it is empty"
        } else if trimmed.len() > MAX_BYTES {
            "it is longer than 8 KiB"
        } else if !trimmed.bytes().all(|byte| byte.is_ascii_graphic()) {
            "it has a space, a control character or a character outside of ASCII"
        } else if let Some(header) = bearer(trimmed) {
            return Ok(Self(header));
        } else {
            // Visible ASCII is always valid.
            "it cannot be sent in a header"
        };
        Err(InvalidBearerToken { problem })
    }

    /// Reads the token from the environment variable `FACTIFY_KEY`.
    ///
    /// A program usually needs [`ClientConfig::from_env`](crate::ClientConfig::from_env), which also reads
    /// the URL of the API.
    ///
    /// # Errors
    /// If the variable is [not set, or empty](InvalidVariable::is_missing), or not a valid token.
    pub fn from_env() -> Result<Self, InvalidVariable> {
        environment::read(Self::VARIABLE)?.ok_or(InvalidVariable::missing(Self::VARIABLE))
    }

    /// The `Authorization` header, marked sensitive. It shares the token's memory.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

fn bearer(key: &str) -> Option<HeaderValue> {
    // Allocated with its final length, because a growing buffer would leave copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(BEARER.len() + key.len()));
    text.extend_from_slice(BEARER.as_bytes());
    text.extend_from_slice(key.as_bytes());
    let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(text)).ok()?;
    header.set_sensitive(true);
    Some(header)
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = ["ffy_prod_", "ffy_test_"].into_iter().find(|prefix| {
            let key = self.0.as_bytes().get(BEARER.len()..);
            key.is_some_and(|key| key.starts_with(prefix.as_bytes()))
        });
        write!(f, "BearerToken({}…)", prefix.unwrap_or_default())
    }
}

impl std::str::FromStr for BearerToken {
    type Err = InvalidBearerToken;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        Self::new(key)
    }
}

/// Why a text is not a [`BearerToken`]. It does not contain the text. Copy the whole key again, without the text around
/// it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidBearerToken {
    problem: &'static str,
}

impl fmt::Display for InvalidBearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a usable bearer token: {}", self.problem)
    }
}

impl std::error::Error for InvalidBearerToken {}

from_invalid!(InvalidBearerToken);
deserialize_from_text!(BearerToken, "a bearer token");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_visible_ascii_only() {
        let (longest, too_long) = ("k".repeat(8_192), "k".repeat(8_193));
        for (key, valid) in [
            ("ffy_test_abc", true),
            ("  ffy_prod_abc\n", true),
            ("eyJhbGciOi.J9.sig-_", true),
            ("", false),
            (" \n", false),
            ("ffy_test_a\nb", false),
            ("ffy_test_a b", false),
            ("ffy_test_ä", false),
            (longest.as_str(), true),
            (too_long.as_str(), false),
        ] {
            assert_eq!(BearerToken::new(key).is_ok(), valid, "{key:?}");
        }
    }

    #[test]
    fn never_prints_the_key() {
        let key = BearerToken::new("ffy_prod_CANARY").unwrap();
        let header = key.header();
        assert!(header.is_sensitive());
        assert_eq!(header.as_bytes(), b"Bearer ffy_prod_CANARY");
        for shown in [
            format!("{key:?}"),
            format!("{key:#?}"),
            format!("{header:?}"),
        ] {
            assert!(!shown.contains("CANARY"), "{shown}");
        }
        let other = BearerToken::new("CANARY").unwrap();
        assert_eq!(format!("{other:?}"), "BearerToken(…)");
        let refused = BearerToken::new("CANARY\n!").unwrap_err();
        assert!(!format!("{refused} {refused:?}").contains("CANARY"));
    }
}
