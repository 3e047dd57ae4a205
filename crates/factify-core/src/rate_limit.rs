use std::time::{Duration, UNIX_EPOCH};

use http::header::{HeaderMap, HeaderName, RETRY_AFTER};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// What the `X-RateLimit-*` headers of a response say.
///
/// The v1beta document lists them for status 429. It documents 1,000 requests a minute for each API
/// key, and 100 a minute for requests that create something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests allowed in a minute.
    pub limit: Option<u64>,
    /// Requests left in this minute.
    pub remaining: Option<u64>,
    /// When the count restarts, in seconds since 1970-01-01T00:00:00Z.
    pub reset: Option<u64>,
}

impl RateLimit {
    /// Reads the headers. A header that is missing or not a whole number is `None`.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let read = |name| headers.get(name)?.to_str().ok()?.trim().parse().ok();
        Self {
            limit: read(LIMIT),
            remaining: read(REMAINING),
            reset: read(RESET),
        }
    }

    /// The time until the count restarts, from `unix` since the epoch. `None` if it is unknown or over.
    pub(crate) fn reset_in(&self, unix: Duration) -> Option<Duration> {
        Duration::from_secs(self.reset?)
            .checked_sub(unix)
            .filter(|wait| !wait.is_zero())
    }
}

/// Reads `Retry-After` in seconds, or as an HTTP date if the current time is known.
pub(crate) fn retry_after(headers: &HeaderMap, unix: Option<Duration>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that does not fit means a very long wait, not an absent header.
        return (!text.is_empty()).then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    let date = date.duration_since(UNIX_EPOCH).ok()?;
    Some(date.saturating_sub(unix?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let unix = Duration::from_secs(784_111_777);
        for (text, expected) in [
            ("2", Some(2)),
            (" 120 ", Some(120)),
            ("0", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            ("Sun, 06 Nov 1994 08:49:30 GMT", Some(0)),
            ("Sunday, 06-Nov-94 08:49:40 GMT", Some(3)),
            ("Sun Nov  6 08:49:40 1994", Some(3)),
            ("Mon, 06 Nov 1994 08:49:40 GMT", None),
            ("Sun, 06 Nov 1994 08:49:40 CET", None),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(text));
            let wait = retry_after(&headers, Some(unix)).map(|wait| wait.as_secs());
            assert_eq!(wait, expected, "{text}");
        }
    }

    #[test]
    fn rate_limit_headers_are_read_leniently() {
        let mut headers = HeaderMap::new();
        headers.insert("X-RateLimit-Limit", HeaderValue::from_static("1000"));
        headers.insert("X-RateLimit-Remaining", HeaderValue::from_static("many"));
        headers.insert("X-RateLimit-Reset", HeaderValue::from_static("110"));
        let limit = RateLimit::from_headers(&headers);
        assert_eq!((limit.limit, limit.remaining), (Some(1000), None));
        let at = |seconds| limit.reset_in(Duration::from_secs(seconds));
        assert_eq!(at(100), Some(Duration::from_secs(10)));
        assert_eq!(at(110), None);
        assert_eq!(at(200), None);
    }
}
