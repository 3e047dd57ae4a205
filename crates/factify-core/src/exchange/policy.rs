use std::time::Duration;

/// When and how often a failed attempt is followed by another.
///
/// | what happened | was it applied? | sent again |
/// |---|---|---|
/// | never sent: name lookup, connection, TLS handshake | no | always |
/// | never sent: certificate refused | no | never |
/// | sent, no complete response | unknown | if it is [idempotent](crate::OperationInfo::idempotent) |
/// | sent, a success over the limit of size | unknown | never |
/// | 429 | no | always, after the wait that the server names; never for `quota_exceeded` |
/// | 408, 500, 502, 503, 504 | unknown | if it is idempotent |
/// | 499, another 5xx | unknown | never |
/// | another 4xx | no | never |
/// | 3xx | unknown | never, and never followed |
/// | 2xx that cannot be read | yes; unknown when it says that it is not JSON | never |
/// | 2xx about something else than the call | unknown | never |
///
/// The error `code` of a response counts before its status.
///
/// "Applied" is about operations that change something: one that only reads was not applied in any
/// case.
///
/// The wait is a random time up to a bound that doubles with each attempt, and at least what the
/// server names: by `Retry-After`, else by `X-RateLimit-Reset`, else by the body's `retry_after`. A
/// wait that is longer than [`max_wait`](RetryPolicy::max_wait), or would end after the deadline of the
/// call, is not begun: the error is returned at once, with the wait that the server asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) base: Duration,
    pub(crate) max_backoff: Duration,
    pub(crate) max_wait: Duration,
}

impl RetryPolicy {
    /// Four attempts; backoff from 250 milliseconds up to 8 seconds; waits of at most 60 seconds.
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

    /// The largest number of attempts, the first included. 0 counts as 1.
    #[must_use]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// The bound of the first random wait, and of all of them.
    #[must_use]
    pub const fn backoff(mut self, first: Duration, max: Duration) -> Self {
        self.base = first;
        self.max_backoff = max;
        self
    }

    /// The longest wait that a server may ask for.
    #[must_use]
    pub const fn max_wait(mut self, max: Duration) -> Self {
        self.max_wait = max;
        self
    }

    /// The bound of the wait after the given number of attempts.
    pub(crate) fn backoff_bound(&self, attempts: u32) -> Duration {
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
