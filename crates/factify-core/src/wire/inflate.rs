//! Inflates compressed responses for all transports.

use std::io::Read;

use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue};
use http::{HeaderMap, Response};

use crate::transport::{TransportError, TransportErrorKind};

/// The value of `Accept-Encoding`.
pub(crate) const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// The start of every gzip file.
const MAGIC: &[u8] = &[0x1f, 0x8b];

/// The highest compression ratio of gzip.
const MAX_RATIO: usize = 1_032;

/// Marks a response whose body cannot be inflated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NotGzip;

/// Inflates the body to at most `cap` bytes.
///
/// A body that is not really compressed is unchanged, because a transport may have inflated it.
pub(crate) fn inflated(
    mut response: Response<Bytes>,
    cap: usize,
) -> Result<Response<Bytes>, TransportError> {
    if !is_gzip(response.headers()) || !response.body().starts_with(MAGIC) {
        return Ok(response);
    }
    let largest = response.body().len().saturating_mul(MAX_RATIO);
    let mut body = Vec::with_capacity(announced(response.body()).min(largest).min(cap));
    let one_more = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
    let mut source = MultiGzDecoder::new(response.body().as_ref()).take(one_more);
    let read = source.read_to_end(&mut body);
    if body.len() > cap {
        let cause = format!("the inflated body is larger than {cap} bytes");
        return Err(TransportError::sent(TransportErrorKind::TooLarge, cause)
            .with_status(response.status())
            .with_headers(std::mem::take(response.headers_mut())));
    }
    if read.is_err() {
        // The head is still a valid response.
        body.clear();
        response.extensions_mut().insert(NotGzip);
    }
    response.headers_mut().remove(CONTENT_ENCODING);
    response.headers_mut().remove(CONTENT_LENGTH);
    Ok(response.map(|_| body.into()))
}

fn is_gzip(headers: &HeaderMap) -> bool {
    let encoding = headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes);
    encoding.is_some_and(|name| {
        name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip")
    })
}

/// The length in the last four bytes.
fn announced(gzip: &[u8]) -> usize {
    let length = gzip.last_chunk().copied().map(u32::from_le_bytes);
    length
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    const CAP: usize = 1_000;

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::default());
        out.write_all(body).unwrap();
        out.finish().unwrap()
    }

    fn response(encoding: Option<&'static str>, body: Vec<u8>) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(body));
        if let Some(encoding) = encoding {
            let encoding = HeaderValue::from_static(encoding);
            response.headers_mut().insert(CONTENT_ENCODING, encoding);
        }
        response
    }

    #[test]
    fn gzip_is_inflated_and_anything_else_is_unchanged() {
        let two_members = [gzip(b"{\"a\":"), gzip(b"1}")].concat();
        for (encoding, body, expected) in [
            (Some("gzip"), gzip(b"{}"), &b"{}"[..]),
            (Some("X-GZIP"), gzip(b"{}"), b"{}"),
            (Some("gzip"), two_members, b"{\"a\":1}"),
            (Some("gzip"), gzip(b""), b""),
            (Some("gzip"), gzip(&[b' '; CAP]), &[b' '; CAP]),
            // Already inflated.
            (Some("gzip"), b"{}".to_vec(), b"{}"),
            (Some("gzip"), vec![], b""),
            (Some("identity"), b"{}".to_vec(), b"{}"),
            (None, b"{}".to_vec(), b"{}"),
            (None, MAGIC.to_vec(), MAGIC),
        ] {
            let response = inflated(response(encoding, body), CAP).unwrap();
            assert_eq!(response.body(), expected, "{encoding:?}");
            assert!(response.extensions().get::<NotGzip>().is_none());
        }
    }

    #[test]
    fn a_gzip_bomb_is_refused_at_the_limit() {
        let megabytes = gzip(&vec![b' '; 1 << 20]).repeat(100);
        for bomb in [gzip(&[b' '; CAP + 1]), megabytes] {
            let error = inflated(response(Some("gzip"), bomb), CAP).unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::TooLarge);
            assert_eq!(error.status(), Some(http::StatusCode::OK));
        }
    }

    #[test]
    fn damaged_gzip_is_marked() {
        let whole = gzip(b"{\"status\":\"revoked\"}");
        let mut damaged: Vec<Vec<u8>> = (2..whole.len()).map(|end| whole[..end].to_vec()).collect();
        damaged.push([whole.as_slice(), b"more"].concat());
        let mut checksum = whole.clone();
        checksum[whole.len() - 8] ^= 1;
        damaged.push(checksum);
        for body in damaged {
            let response = inflated(response(Some("gzip"), body), CAP).unwrap();
            assert!(response.extensions().get::<NotGzip>().is_some());
            assert!(response.body().is_empty());
        }
    }
}
