use std::time::{Duration, UNIX_EPOCH};

use http::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

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
    /// When the count restarts, in seconds since 1970-01-01T00:00:00Z on the server's clock. Compare it
    /// with the header `Date` of the response: the local clock may differ.
    pub reset: Option<u64>,
}

impl RateLimit {
    /// Reads the headers. A header that is missing or not a number is `None`. The fraction of `reset` is
    /// rounded up.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let read = |name| text(headers, &name)?.parse().ok();
        Self {
            limit: read(LIMIT),
            remaining: read(REMAINING),
            reset: text(headers, &RESET).and_then(seconds),
        }
    }

    /// The time until the count restarts: zero if it has restarted, `None` if it is unknown.
    pub(crate) fn reset_in(&self, now: ServerTime) -> Option<Duration> {
        Some(now.until(Duration::from_secs(self.reset?)))
    }
}

/// The time on the server's clock when it sent a response, or a little earlier.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServerTime(Duration);

impl ServerTime {
    /// Reads the header `Date`, or uses the local clock if there is none. Both count from the Unix epoch.
    pub(crate) fn of(headers: &HeaderMap, local: Option<Duration>) -> Option<Self> {
        text(headers, &DATE).and_then(date).or(local).map(Self)
    }

    /// The wait until a time since the Unix epoch, in whole seconds, rounded up.
    fn until(self, time: Duration) -> Duration {
        let wait = time.saturating_sub(self.0);
        let up = u64::from(wait.subsec_nanos() > 0);
        Duration::from_secs(wait.as_secs().saturating_add(up))
    }
}

/// Reads `Retry-After`: seconds, rounded up, or an HTTP date if the server's time is known.
pub(crate) fn retry_after(headers: &HeaderMap, now: Option<ServerTime>) -> Option<Duration> {
    let text = text(headers, &RETRY_AFTER)?;
    match seconds(text) {
        Some(seconds) => Some(Duration::from_secs(seconds)),
        None => Some(now?.until(date(text)?)),
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

/// Reads seconds, and rounds a fraction up.
fn seconds(text: &str) -> Option<u64> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let up = u64::from(fraction.bytes().any(|digit| digit != b'0'));
    // A number that does not fit means a very long wait, not an absent header.
    Some(whole.parse().unwrap_or(u64::MAX).saturating_add(up))
}

/// Reads an HTTP date as the time since the Unix epoch. Many servers write another name of UTC than `GMT`.
fn date(text: &str) -> Option<Duration> {
    let utc = ["UTC", "+0000", "-0000"];
    let date = match utc.iter().find_map(|name| text.strip_suffix(name)) {
        Some(rest) => httpdate::parse_http_date(&format!("{rest}GMT")),
        None => httpdate::parse_http_date(text),
    };
    date.ok()?.duration_since(UNIX_EPOCH).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = ServerTime(Duration::from_millis(784_111_777_001));
        for (text, expected) in [
            ("2", Some(2)),
            (" 120 ", Some(120)),
            ("0", Some(0)),
            ("0.0", Some(0)),
            ("0.001", Some(1)),
            ("1.5", Some(2)),
            ("2.000", Some(2)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("18446744073709551615.5", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:49:30 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:49:40 UTC", Some(3)),
            ("Sunday, 06-Nov-94 08:49:40 GMT", Some(3)),
            ("Sun Nov  6 08:49:40 1994", Some(3)),
            ("Mon, 06 Nov 1994 08:49:40 GMT", None),
            ("Sun, 06 Nov 1994 08:49:40 CET", None),
            ("Sun, 06 Nov 1994 08:49:40 +0100", None),
            ("UTC", None),
            ("", None),
            (".", None),
            (".5", None),
            ("1.", None),
            ("1.5.0", None),
            ("1,5", None),
            ("-1", None),
            ("+1", None),
            ("1e3", None),
            ("soon", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(text));
            let wait = retry_after(&headers, Some(now)).map(|wait| wait.as_secs());
            assert_eq!(wait, expected, "{text}");
        }
    }

    #[test]
    fn rate_limit_headers_are_read_leniently() {
        let mut headers = HeaderMap::new();
        headers.insert("X-RateLimit-Limit", HeaderValue::from_static("1000"));
        headers.insert("X-RateLimit-Remaining", HeaderValue::from_static("many"));
        headers.insert("X-RateLimit-Reset", HeaderValue::from_static("109.1"));
        let limit = RateLimit::from_headers(&headers);
        assert_eq!((limit.limit, limit.remaining), (Some(1000), None));
        assert_eq!(limit.reset, Some(110));
        let at = |millis| limit.reset_in(ServerTime(Duration::from_millis(millis)));
        assert_eq!(at(100_000), Some(Duration::from_secs(10)));
        assert_eq!(at(109_999), Some(Duration::from_secs(1)));
        assert_eq!(at(110_000), Some(Duration::ZERO));
        assert_eq!(at(200_000), Some(Duration::ZERO));
    }
}
