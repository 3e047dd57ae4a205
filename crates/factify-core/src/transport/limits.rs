use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The limits of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The longest time from the start of the attempt to the last byte of its response. With
    /// [`transfer`](Self::transfer) limits, it does not include the time of the transfer.
    pub timeout: Duration,
    /// The largest accepted response body in bytes.
    pub max_response_bytes: usize,
    /// The limits for the transfer of a large body, or `None` for any other attempt.
    pub transfer: Option<TransferLimits>,
}

impl Limits {
    /// Limits without a transfer.
    pub const fn new(timeout: Duration, max_response_bytes: usize) -> Self {
        Self {
            timeout,
            max_response_bytes,
            transfer: None,
        }
    }

    /// Sets the limits of a transfer.
    #[must_use]
    pub const fn with_transfer(mut self, transfer: TransferLimits) -> Self {
        self.transfer = Some(transfer);
        self
    }

    /// How long the response to an upload of `length` bytes may take after the last byte was passed to
    /// the operating system. It is [`timeout`](Self::timeout) plus the time to send the system's buffer.
    pub fn response_timeout(&self, length: u64) -> Duration {
        let held_back = self
            .transfer
            .map(|transfer| transfer.time(length.min(HELD_BACK)));
        self.timeout.saturating_add(held_back.unwrap_or_default())
    }

    /// The limits of the body of a [`fetch`](crate::HttpTransport::fetch). Without limits of a transfer,
    /// [`timeout`](Self::timeout) limits all of it.
    pub fn body_limits(&self) -> TransferLimits {
        self.transfer.unwrap_or_else(|| {
            let transfer = TransferLimits::standard().least_rate(0);
            transfer.idle(self.timeout).total(self.timeout)
        })
    }

    /// The longest time of an attempt with a request body of `length` bytes, for a transport that cannot
    /// watch the progress of a transfer.
    pub fn longest(&self, length: u64) -> Duration {
        self.transfer.map_or(self.timeout, |transfer| {
            let time = self.timeout.saturating_add(transfer.time(length));
            time.min(transfer.total)
        })
    }
}

/// The most bytes that the operating system may buffer on a slow connection.
const HELD_BACK: u64 = 512 << 10;

/// Limits that stop a slow transfer.
///
/// ```
/// # extern crate factify_core as factify;
/// use std::time::Duration;
///
/// use factify::{BearerToken, ClientConfig, TransferLimits};
///
/// let limits = TransferLimits::standard().idle(Duration::from_secs(60)).least_rate(1_024);
/// let config = ClientConfig::new(BearerToken::new("ffy_test_example")?).transfer(limits);
/// # let _ = config;
/// # Ok::<(), factify::InvalidBearerToken>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransferLimits {
    /// The longest time without any byte.
    pub idle: Duration,
    /// The minimum bytes per second, averaged over each period of [`idle`](Self::idle).
    pub least_rate: u64,
    /// The longest total time, from the start of the attempt. [`Duration::MAX`] means no limit.
    pub total: Duration,
}

impl TransferLimits {
    /// At most 30 seconds idle, at least 8 KiB per second, no limit on the total time.
    pub const fn standard() -> Self {
        Self {
            idle: Duration::from_secs(30),
            least_rate: 8 << 10,
            total: Duration::MAX,
        }
    }

    /// The longest time without any byte.
    #[must_use]
    pub const fn idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// The minimum bytes per second, averaged over each period of `idle`. 0 means no minimum.
    #[must_use]
    pub const fn least_rate(mut self, bytes_per_second: u64) -> Self {
        self.least_rate = bytes_per_second;
        self
    }

    /// The longest total time.
    #[must_use]
    pub const fn total(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// How long `bytes` take at the minimum rate.
    fn time(&self, bytes: u64) -> Duration {
        let millis = bytes.saturating_mul(1_000).checked_div(self.least_rate);
        millis.map_or(self.idle, Duration::from_millis)
    }

    /// The minimum bytes in a period of `idle`.
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

/// The time on two clocks: a monotonic one, and the local clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// Time since a fixed instant that the transport chooses. It never goes back.
    pub monotonic: Duration,
    /// Time since 1970-01-01T00:00:00Z. It matters only for a response without the header `Date`, whose
    /// `X-RateLimit-Reset` or date in `Retry-After` is compared with it.
    pub unix: Duration,
}

impl Now {
    /// Reads the system's clocks. The monotonic time counts from the first call of this function in the process,
    /// so that all transports that use it can share a [`Pace`](crate::Pace).
    pub fn system() -> Self {
        static ORIGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
        Self::since(*ORIGIN)
    }

    /// Reads the system's clocks. The monotonic time counts from `origin`.
    pub fn since(origin: Instant) -> Self {
        Self {
            monotonic: origin.elapsed(),
            unix: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        }
    }
}
