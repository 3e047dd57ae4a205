use std::fmt;

use http::header::TRANSFER_ENCODING;
use http::{Version, response::Parts};

use super::{TransportError, TransportErrorKind};

/// How many interim responses (1xx) a transport accepts before a response.
pub const MAX_INTERIMS: u32 = 64;

/// The server sent more interim responses than [`MAX_INTERIMS`].
#[derive(Debug)]
pub struct TooManyInterims;

impl fmt::Display for TooManyInterims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the server sent more than {MAX_INTERIMS} interim responses"
        )
    }
}

impl std::error::Error for TooManyInterims {}

/// Checks that the transport can find the end of the body and decode it. The HTTP libraries also accept
/// transfer codings that the SDK never requests, and do not decode them. Some ignore the chunks of an HTTP/1.0
/// response.
///
/// # Errors
/// If the response has a transfer coding other than `chunked`, or any in HTTP/1.0.
pub fn check_framing(head: &Parts) -> Result<(), TransportError> {
    let mut codings = head.headers.get_all(TRANSFER_ENCODING).iter();
    let is_sound = match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => {
            let is_chunked = coding
                .as_bytes()
                .trim_ascii()
                .eq_ignore_ascii_case(b"chunked");
            is_chunked && head.version != Version::HTTP_10
        }
        _ => false,
    };
    if is_sound {
        return Ok(());
    }
    let error = TransportError::sent(
        TransportErrorKind::Malformed,
        "the response has a transfer coding that was not requested",
    );
    Err(error
        .with_status(head.status)
        .with_headers(head.headers.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Response;

    #[test]
    fn the_error_says_how_many_interim_responses_are_accepted() {
        assert_eq!(
            TooManyInterims.to_string(),
            "the server sent more than 64 interim responses"
        );
    }

    #[test]
    fn only_chunked_in_http_1_1_is_accepted() {
        for (version, codings, is_sound) in [
            (Version::HTTP_11, &[][..], true),
            (Version::HTTP_11, &["chunked"], true),
            (Version::HTTP_11, &[" Chunked "], true),
            (Version::HTTP_11, &["gzip, chunked"], false),
            (Version::HTTP_11, &["gzip", "chunked"], false),
            (Version::HTTP_11, &["chunked", "chunked"], false),
            (Version::HTTP_11, &["identity"], false),
            (Version::HTTP_11, &[""], false),
            (Version::HTTP_10, &[], true),
            (Version::HTTP_10, &["chunked"], false),
            (Version::HTTP_2, &[], true),
        ] {
            let mut response = Response::builder().version(version).status(404);
            for coding in codings {
                response = response.header(TRANSFER_ENCODING, *coding);
            }
            let (head, ()) = response.body(()).unwrap().into_parts();
            let result = check_framing(&head);
            assert_eq!(result.is_ok(), is_sound, "{version:?}, {codings:?}");
            if let Err(error) = result {
                assert_eq!(error.status(), Some(head.status));
                assert_eq!(error.headers(), &head.headers);
            }
        }
    }
}
