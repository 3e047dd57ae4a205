//! Removes the secrets of a request from a response that repeats them, before it becomes an error.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response};
use zeroize::Zeroizing;

/// A shorter text is not a secret, and it could occur anywhere by chance.
const SHORTEST: usize = 8;

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

    /// Removes the secrets and the sensitive headers of the request from the response.
    pub(crate) fn scrub(&self, sent: &HeaderMap, response: Response<Bytes>) -> Response<Bytes> {
        let headers = sent.values().filter(|value| value.is_sensitive());
        let headers = headers.map(HeaderValue::as_bytes);
        let headers = headers.map(|value| value.strip_prefix(b"Bearer ").unwrap_or(value));
        let secrets = headers.chain(self.0.iter().map(|secret| secret.as_bytes()));
        secrets.fold(response, |response, secret| {
            response.map(|body| without(body, secret))
        })
    }
}

fn without(body: Bytes, secret: &[u8]) -> Bytes {
    if secret.len() < SHORTEST || !body.windows(secret.len()).any(|part| part == secret) {
        return body;
    }
    let secret = Zeroizing::new(String::from_utf8_lossy(secret).into_owned());
    String::from_utf8_lossy(&body)
        .replace(&**secret, "…")
        .into()
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_removed_and_the_rest_is_unchanged() {
        for (body, secret, expected) in [
            (&b"no 12345678!"[..], "12345678", "no …!".as_bytes()),
            (b"12345678 12345678", "12345678", "… …".as_bytes()),
            // Too short to be a secret.
            (b"no 1234567!", "1234567", b"no 1234567!"),
            // Bytes that are not text stay unchanged unless they contain a secret.
            (b"\xff 1234", "12345678", b"\xff 1234"),
            (b"\xff 123456799", "12345678", b"\xff 123456799"),
            (b"", "12345678", b""),
        ] {
            let found = without(Bytes::copy_from_slice(body), secret.as_bytes());
            assert_eq!(&found[..], expected);
        }
        let secret = Secret::new(Some("12345678"));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
