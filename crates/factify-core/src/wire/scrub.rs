//! Takes the secrets of a request out of a response that repeats them, before it becomes an error.

use std::fmt;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Response};
use zeroize::Zeroizing;

/// Anything shorter is no secret, and could be found anywhere.
const SHORTEST: usize = 8;

/// The secret parameter of a call, which an error must not show.
#[derive(Default)]
pub(crate) struct Secret(Option<Zeroizing<String>>);

impl Secret {
    pub(crate) fn new(parameter: Option<&str>) -> Self {
        Self(parameter.map(|secret| Zeroizing::new(secret.to_owned())))
    }

    /// The response without it, and without the key among the headers of the request.
    pub(crate) fn scrub(&self, sent: &HeaderMap, response: Response<Bytes>) -> Response<Bytes> {
        let key = sent.get(AUTHORIZATION).map(HeaderValue::as_bytes);
        let key = key.map(|value| value.strip_prefix(b"Bearer ").unwrap_or(value));
        let parameter = self.0.as_ref().map(|secret| secret.as_bytes());
        let secrets = [key, parameter].into_iter().flatten();
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
    fn takes_out_what_is_a_secret_and_leaves_the_rest_as_it_is() {
        for (body, secret, expected) in [
            (&b"no 12345678!"[..], "12345678", "no …!".as_bytes()),
            (b"12345678 12345678", "12345678", "… …".as_bytes()),
            // Too short to be one.
            (b"no 1234567!", "1234567", b"no 1234567!"),
            // Nothing is made of bytes that are no text, unless a secret is among them.
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
