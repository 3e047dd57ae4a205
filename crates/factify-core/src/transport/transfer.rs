use std::time::Duration;

use super::limits::TransferLimits;

/// Decides without a clock whether a transfer is too slow: it says how long the next byte may take.
///
/// All times count from the same instant.
///
/// ```
/// # extern crate factify_core as factify;
/// use std::time::Duration;
/// use factify::{TransferLimits, TransferWatch};
///
/// let second = Duration::from_secs(1);
/// let limits = TransferLimits::standard().idle(10 * second).least_rate(100);
/// let mut watch = TransferWatch::new(limits, Duration::ZERO);
/// assert_eq!(watch.left(4 * second), 6 * second);
/// watch.moved(4 * second, 2_000);
/// assert_eq!(watch.left(4 * second), 10 * second);
/// assert!(watch.left(14 * second).is_zero(), "it has been idle for too long");
/// ```
#[derive(Debug, Clone)]
pub struct TransferWatch {
    limits: TransferLimits,
    started: Duration,
    last: Duration,
    period: Duration,
    bytes: u64,
}

impl TransferWatch {
    /// Starts to monitor.
    pub fn new(limits: TransferLimits, now: Duration) -> Self {
        Self {
            limits,
            started: now,
            last: now,
            period: now,
            bytes: 0,
        }
    }

    /// Records that bytes have moved.
    pub fn moved(&mut self, now: Duration, bytes: u64) {
        if bytes == 0 {
            return;
        }
        self.last = now;
        self.bytes = self.bytes.saturating_add(bytes);
        let is_over = now.saturating_sub(self.period) >= self.limits.idle;
        if is_over && self.is_fast_enough() {
            self.period = now;
            self.bytes = 0;
        }
    }

    /// Records that the transfer waited for you from `since` to `now`. This time does not count.
    pub fn resumed(&mut self, since: Duration, now: Duration) {
        let pause = now.saturating_sub(since);
        self.last = self.last.saturating_add(pause);
        self.period = self.period.saturating_add(pause);
    }

    /// How long the next byte may take. It is zero if the transfer is too slow.
    pub fn left(&self, now: Duration) -> Duration {
        let idle = self.last.saturating_add(self.limits.idle);
        let slow = if self.is_fast_enough() {
            Duration::MAX
        } else {
            self.period.saturating_add(self.limits.idle)
        };
        let end = self.started.saturating_add(self.limits.total);
        idle.min(slow).min(end).saturating_sub(now)
    }

    /// Why the transfer is too slow, for the error.
    pub fn reason(&self, now: Duration) -> String {
        let TransferLimits {
            idle,
            least_rate,
            total,
        } = self.limits;
        if now.saturating_sub(self.last) >= idle {
            format!("no byte moved for {idle:?}")
        } else if now.saturating_sub(self.started) >= total {
            format!("the transfer took longer than {total:?}")
        } else {
            format!("fewer than {least_rate} bytes per second moved in {idle:?}")
        }
    }

    fn is_fast_enough(&self) -> bool {
        self.bytes >= self.limits.least_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// Moves `bytes` every `step` for at most an hour. Returns when the transfer was too slow.
    fn stops(limits: TransferLimits, step: u64, bytes: u64) -> Option<Duration> {
        let mut watch = TransferWatch::new(limits, at(0));
        let mut now = at(0);
        while now < at(3_600_000) {
            let next = now + at(step);
            let left = watch.left(now);
            if left < at(step) {
                return Some(now + left);
            }
            now = next;
            watch.moved(now, bytes);
        }
        None
    }

    #[test]
    fn a_steady_transfer_continues_and_a_slow_one_ends() {
        let limits = TransferLimits::standard()
            .idle(at(10_000))
            .least_rate(1_000);
        for (limits, step, bytes, expected) in [
            (limits, 1_000, 1_000, None),
            (limits, 100, 100, None),
            (limits, 9_999, 20_000, None),
            // Bytes move, but too few.
            (limits, 1_000, 999, Some(at(10_000))),
            (limits, 1_000, 0, Some(at(10_000))),
            // No byte moves for too long.
            (limits, 10_001, 1_000_000, Some(at(10_000))),
            (limits.least_rate(0), 9_000, 1, None),
            (limits.total(at(5_000)), 1_000, 9_000, Some(at(5_000))),
        ] {
            let found = stops(limits, step, bytes);
            assert_eq!(found, expected, "{bytes} bytes each {step} ms");
        }
    }

    #[test]
    fn time_between_your_reads_does_not_count() {
        let limits = TransferLimits::standard().idle(at(10_000)).least_rate(1);
        let mut watch = TransferWatch::new(limits, at(0));
        watch.resumed(at(1_000), at(61_000));
        assert_eq!(watch.left(at(61_000)), at(9_000));
    }

    #[test]
    fn a_fast_start_does_not_excuse_a_slow_end() {
        let limits = TransferLimits::standard().idle(at(10_000));
        let mut watch = TransferWatch::new(limits.least_rate(1_000), at(0));
        watch.moved(at(1_000), 1_000_000);
        for second in 2..=19 {
            watch.moved(at(1_000 * second), 1);
            assert!(!watch.left(at(1_000 * second)).is_zero(), "{second} s");
        }
        assert!(watch.left(at(20_000)).is_zero());
    }

    #[test]
    fn the_reason_says_which_limit_it_was() {
        let limits = TransferLimits::standard().idle(at(10_000)).least_rate(7);
        let limits = limits.total(at(15_000));
        let mut watch = TransferWatch::new(limits, at(0));
        assert_eq!(watch.reason(at(10_000)), "no byte moved for 10s");
        watch.moved(at(9_000), 1);
        let slow = "fewer than 7 bytes per second moved in 10s";
        assert_eq!(watch.reason(at(10_000)), slow);
        assert_eq!(watch.reason(at(14_999)), slow);
        assert_eq!(
            watch.reason(at(15_000)),
            "the transfer took longer than 15s"
        );
        assert_eq!(watch.reason(at(19_000)), "no byte moved for 10s");
    }
}
