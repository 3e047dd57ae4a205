use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The most that one attempt may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The longest time from the start of the attempt to the last byte of its response. Where there are
    /// limits of a [`transfer`](Self::transfer), it does not count the time of the transfer.
    pub timeout: Duration,
    /// The largest response body that is accepted, in bytes. A body of exactly this size is accepted.
    pub max_response_bytes: usize,
    /// The limits of a transfer, for a large body: it may take as long as it moves. `None` for any other
    /// attempt.
    pub transfer: Option<TransferLimits>,
}

impl Limits {
    /// Limits of one attempt: its time and the size of its response body in bytes.
    pub const fn new(timeout: Duration, max_response_bytes: usize) -> Self {
        Self {
            timeout,
            max_response_bytes,
            transfer: None,
        }
    }

    /// The same with limits of a transfer.
    #[must_use]
    pub const fn with_transfer(mut self, transfer: TransferLimits) -> Self {
        self.transfer = Some(transfer);
        self
    }

    /// How long the response to an upload of `length` bytes may take after the last byte was handed to
    /// the system: [`timeout`](Self::timeout), and the time for what the system may still hold back.
    pub fn response_timeout(&self, length: u64) -> Duration {
        let held_back = self
            .transfer
            .map(|transfer| transfer.time(length.min(HELD_BACK)));
        self.timeout.saturating_add(held_back.unwrap_or_default())
    }

    /// The longest time of an attempt with a request body of `length` bytes, for a transport that cannot
    /// see how far a transfer is.
    pub fn longest(&self, length: u64) -> Duration {
        self.transfer.map_or(self.timeout, |transfer| {
            let time = self.timeout.saturating_add(transfer.time(length));
            time.min(transfer.total)
        })
    }
}

/// What the system may hold back of a body that was handed to it, over a slow line.
const HELD_BACK: u64 = 512 << 10;

/// How slow a transfer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransferLimits {
    /// The longest time in which not a byte moves.
    pub idle: Duration,
    /// The least bytes a second, on the average of each period of [`idle`](Self::idle).
    pub least_rate: u64,
    /// The longest time in all. [`Duration::MAX`] when only the rate counts.
    pub total: Duration,
}

impl TransferLimits {
    /// Idle for at most 30 seconds, at least 8 KiB a second, and as long as it takes.
    pub const fn standard() -> Self {
        Self {
            idle: Duration::from_secs(30),
            least_rate: 8 << 10,
            total: Duration::MAX,
        }
    }

    /// The longest time in which not a byte moves.
    #[must_use]
    pub const fn idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// The least bytes a second, on the average of each period of `idle`. With 0 only `idle` counts.
    #[must_use]
    pub const fn least_rate(mut self, bytes_per_second: u64) -> Self {
        self.least_rate = bytes_per_second;
        self
    }

    /// The longest time in all.
    #[must_use]
    pub const fn total(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// The time of so many bytes at the least rate.
    fn time(&self, bytes: u64) -> Duration {
        let millis = bytes.saturating_mul(1_000).checked_div(self.least_rate);
        millis.map_or(self.idle, Duration::from_millis)
    }

    /// The bytes that must move in a period of `idle`.
    pub(super) fn least_bytes(&self) -> u64 {
        let millis = u64::try_from(self.idle.as_millis()).unwrap_or(u64::MAX);
        millis.saturating_mul(self.least_rate) / 1_000
    }
}

impl Default for TransferLimits {
    fn default() -> Self {
        Self::standard()
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
