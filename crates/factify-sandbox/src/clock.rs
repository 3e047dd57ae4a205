use std::time::{Duration, Instant};

use factify_core::Timestamp;

/// The sandbox's clock. It stands still until it is moved, or it runs, at real time or faster.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    start: Timestamp,
    moved: Duration,
    running: Option<Running>,
}

#[derive(Debug, Clone, Copy)]
struct Running {
    since: Instant,
    speed: u32,
}

impl Clock {
    pub(crate) fn still(start: Timestamp) -> Self {
        Self {
            start,
            moved: Duration::ZERO,
            running: None,
        }
    }

    /// A clock that runs this many times as fast as real time. 0 counts as 1.
    pub(crate) fn running(start: Timestamp, speed: u32) -> Self {
        let running = Some(Running {
            since: Instant::now(),
            speed: speed.max(1),
        });
        Self {
            running,
            ..Self::still(start)
        }
    }

    /// The time since the sandbox was created.
    pub(crate) fn elapsed(&self) -> Duration {
        let run = self.running.map_or(Duration::ZERO, |running| {
            running.since.elapsed().saturating_mul(running.speed)
        });
        self.moved.saturating_add(run)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.start
            .checked_add(self.elapsed())
            .unwrap_or(Timestamp::MAX)
    }

    pub(crate) fn unix(&self) -> Duration {
        since_epoch(self.now())
    }

    pub(crate) fn advance(&mut self, time: Duration) {
        self.moved = self.moved.saturating_add(time);
    }

    pub(crate) fn set_back(&mut self, time: Duration) {
        self.start = self.start.checked_sub(time).unwrap_or(self.start);
    }

    /// Converts a time of this clock to the time of a client's clock at the same moment, in seconds
    /// since the epoch, rounded up. A client's clock runs in real time.
    pub(crate) fn client_unix(&self, unix: u64) -> u64 {
        let Some(speed) = self.running.map(|running| running.speed) else {
            return unix;
        };
        let start = since_epoch(self.start).saturating_add(self.moved);
        let ahead = Duration::from_secs(unix).saturating_sub(start);
        let real = since_epoch(self.start).saturating_add(ahead / speed);
        real.as_secs() + u64::from(real.subsec_nanos() > 0)
    }
}

fn since_epoch(time: Timestamp) -> Duration {
    time.duration_since(Timestamp::UNIX_EPOCH)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_clock_shortens_the_waits_of_a_client() {
        let start = Timestamp::from_unix(1_000, 0).unwrap();
        assert_eq!(Clock::still(start).client_unix(1_060), 1_060);
        let mut clock = Clock::running(start, 60);
        assert_eq!(clock.client_unix(1_060), 1_001);
        assert_eq!(clock.client_unix(1_061), 1_002);
        clock.advance(Duration::from_secs(3_600));
        assert_eq!(clock.client_unix(4_660), 1_001);
        let mut clock = Clock::running(start, 0);
        assert_eq!(clock.client_unix(1_060), 1_060);
        clock.advance(Duration::from_secs(3_600));
        assert_eq!(clock.client_unix(4_660), 1_060);
    }
}
