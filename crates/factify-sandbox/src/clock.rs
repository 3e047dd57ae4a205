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

    /// How many times as fast as a client's clock it runs.
    pub(crate) fn speed(&self) -> u32 {
        self.running.map_or(1, |running| running.speed)
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

    /// Converts a time of this clock, since the epoch, to the time of a client's clock at the same moment.
    /// A client's clock runs in real time.
    pub(crate) fn client_unix(&self, unix: Duration) -> Duration {
        let Some(speed) = self.running.map(|running| running.speed) else {
            return unix;
        };
        let start = since_epoch(self.start).saturating_add(self.moved);
        let ahead = unix.saturating_sub(start);
        since_epoch(self.start).saturating_add(ahead / speed)
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
        let hour = Duration::from_secs(3_600);
        for (mut clock, moved, unix, expected) in [
            (Clock::still(start), Duration::ZERO, 1_060, 1_060_000),
            (Clock::running(start, 60), Duration::ZERO, 1_060, 1_001_000),
            (Clock::running(start, 60), Duration::ZERO, 1_090, 1_001_500),
            (Clock::running(start, 60), hour, 4_660, 1_001_000),
            (Clock::running(start, 0), Duration::ZERO, 1_060, 1_060_000),
            (Clock::running(start, 0), hour, 4_660, 1_060_000),
        ] {
            clock.advance(moved);
            let found = clock.client_unix(Duration::from_secs(unix));
            assert_eq!(found, Duration::from_millis(expected), "{clock:?} {unix}");
        }
    }
}
