use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What one attempt may cost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The longest time from the start of the attempt to the last byte of its response.
    pub timeout: Duration,
    /// The largest response body accepted, in bytes. A body of exactly this size is accepted.
    pub max_response_bytes: usize,
}

impl Limits {
    /// Limits of one attempt: its time and the size of its response body in bytes.
    pub const fn new(timeout: Duration, max_response_bytes: usize) -> Self {
        Self {
            timeout,
            max_response_bytes,
        }
    }
}

/// The time on two clocks: one to measure with, one to compare with a server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// Time since a fixed instant of the transport's choice; never goes back.
    pub monotonic: Duration,
    /// Time since 1970-01-01T00:00:00Z; `X-RateLimit-Reset` and HTTP dates are on this clock.
    pub unix: Duration,
}

impl Now {
    /// Reads the system's clocks, with `origin` as the zero of the monotonic one.
    pub fn since(origin: Instant) -> Self {
        Self {
            monotonic: origin.elapsed(),
            unix: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        }
    }
}
