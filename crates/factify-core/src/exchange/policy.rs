use std::time::Duration;

use fastrand::Rng;

/// When and how often to retry a failed attempt.
///
/// | what happened | was it applied? | retried |
/// |---|---|---|
/// | not sent: name lookup, connection, TLS handshake | no | always |
/// | not sent: certificate refused | no | never |
/// | sent, but the server said over HTTP/2 that it did not process the request | no | always |
/// | sent, no complete response | unknown | if it is [idempotent](crate::OperationInfo::idempotent) |
/// | sent, a success over the size limit | unknown | never |
/// | 429 | no | always, after the wait that the server requests; never for `quota_exceeded` |
/// | 408, 500, 502, 503, 504 | unknown | if it is idempotent |
/// | 409, 499, another 5xx, 400 without an error body of the API | unknown | never |
/// | another 4xx | no | never |
/// | 3xx | unknown | never; redirects are not followed |
/// | 2xx that cannot be read | yes; unknown if its content type is not JSON | never |
/// | 2xx that does not match the request | unknown | never |
///
/// The error `code` of a response takes precedence over its status. But a 4xx other than 400, 408, 409
/// and 499 was never applied, whatever its body says. If the body was cut off, only the status counts.
///
/// "Applied" refers to operations that change something. An operation that only reads is never applied.
///
/// The wait is a random time up to a bound that doubles with each attempt. It is at least as long as the
/// server requests in `Retry-After`, else in `X-RateLimit-Reset`, else in the body's `retry_after`. A time
/// in a header is compared with the `Date` of the same response, so the local clock may be wrong. The wait
/// is rounded up to whole seconds. If it would be longer than [`max_wait`](RetryPolicy::max_wait) or end
/// after the deadline of the call, the call fails at once. The error contains the wait that the server
/// requested.
///
/// ```
/// # extern crate factify_core as factify;
/// use std::time::Duration;
///
/// use factify::{BearerToken, ClientConfig, RetryPolicy};
///
/// let patient = RetryPolicy::standard()
///     .max_attempts(8)
///     .backoff(Duration::from_secs(1), Duration::from_secs(30));
/// // For all calls of a client. `Call::retry` is for one call.
/// let config = ClientConfig::new(BearerToken::new("ffy_test_example")?)
///     .deadline(Duration::from_secs(600))
///     .retry(patient);
/// # let _ = config;
/// # Ok::<(), factify::InvalidBearerToken>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) base: Duration,
    pub(crate) max_backoff: Duration,
    pub(crate) max_wait: Duration,
}

impl RetryPolicy {
    /// Four attempts, backoff from 250 milliseconds to 8 seconds, and waits of at most 60 seconds.
    pub const fn standard() -> Self {
        Self {
            max_attempts: 4,
            base: Duration::from_millis(250),
            max_backoff: Duration::from_secs(8),
            max_wait: Duration::from_secs(60),
        }
    }

    /// One attempt.
    pub const fn never() -> Self {
        Self::standard().max_attempts(1)
    }

    /// The largest number of attempts, including the first. 0 counts as 1.
    #[must_use]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// The bound of the first random wait, and the bound of all random waits.
    #[must_use]
    pub const fn backoff(mut self, first: Duration, max: Duration) -> Self {
        self.base = first;
        self.max_backoff = max;
        self
    }

    /// The longest wait that a server may request.
    #[must_use]
    pub const fn max_wait(mut self, max: Duration) -> Self {
        self.max_wait = max;
        self
    }

    /// The wait after this number of attempts. Full jitter: a random time from zero to the bound.
    pub(crate) fn wait_after(&self, attempts: u32, random: &mut Rng) -> Duration {
        let bound = self.backoff_bound(attempts);
        let nanos = u64::try_from(bound.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(random.u64(..=nanos))
    }

    /// The bound of the random wait after this number of attempts.
    fn backoff_bound(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        self.base
            .saturating_mul(1 << doublings)
            .min(self.max_backoff)
            .min(self.max_wait)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::standard()
    }
}
