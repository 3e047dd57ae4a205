use std::collections::VecDeque;
use std::time::Duration;

/// The time over which the API counts requests.
pub(super) const WINDOW: Duration = Duration::from_secs(60);

/// How long a request counts, with a reserve for different clocks.
const COUNTED: Duration = WINDOW.saturating_add(Duration::from_millis(50));

/// The part of a window over which its requests are spread. The rest is the reserve.
const SPREAD: f64 = 0.75;

/// The quiet windows after which the share grows.
const QUIET_WINDOWS: u32 = 3;

/// The longest time from the turn of a request until the API counts it.
const MAX_DELAY: Duration = Duration::from_secs(5);

/// The requests that count for one limit.
#[derive(Debug)]
pub(super) struct Lane {
    /// The requests that the API allows in a window.
    limit: u32,
    /// The most that these clients use, even if the API allows more.
    most: u32,
    /// The part of the limit that these clients use. It shrinks if others use the same key.
    share: u32,
    /// The latest times at which the API has counted the requests of the last window, in order.
    counted: VecDeque<Duration>,
    /// The time of the next request if requests were spread evenly.
    even: Duration,
    paused_until: Duration,
    /// When the share shrank.
    shrank_at: Duration,
    /// When the share may grow next, and by how much.
    grows_at: Duration,
    step: u32,
}

impl Lane {
    pub(super) fn new(limit: u32, most: u32) -> Self {
        Self {
            limit: limit.max(1),
            most: most.max(1),
            share: limit.max(1),
            counted: VecDeque::new(),
            even: Duration::ZERO,
            paused_until: Duration::ZERO,
            shrank_at: Duration::ZERO,
            grows_at: Duration::ZERO,
            step: 1,
        }
    }

    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    pub(super) fn share(&self) -> u32 {
        self.share
    }

    /// Sets the limit that the API named.
    pub(super) fn set_limit(&mut self, named: u32) {
        let limit = named.min(self.most);
        if limit != self.limit && limit > 0 {
            let share = u64::from(self.share) * u64::from(limit) / u64::from(self.limit);
            self.share = u32::try_from(share).unwrap_or(u32::MAX).clamp(1, limit);
            self.limit = limit;
        }
    }

    /// Forgets the requests that do not count any longer. After quiet windows, the share grows.
    pub(super) fn forget(&mut self, now: Duration) {
        while self.counted.front().is_some_and(|at| ends(*at) <= now) {
            self.counted.pop_front();
        }
        if self.share < self.limit && now >= self.grows_at {
            self.share = self.share.saturating_add(self.step).min(self.limit);
            self.step = self.step.saturating_mul(2);
            self.grows_at = now.saturating_add(WINDOW * QUIET_WINDOWS);
        }
    }

    /// The time for a request with this many others ahead of it. A tenth of the share may be sent at once. If
    /// the others take their turns later, so must this request.
    pub(super) fn next(&self, now: Duration, ahead: u32) -> Duration {
        let start = now.max(self.paused_until);
        // Each full share ahead takes a window, after all that count now.
        let (windows, rest) = (ahead / self.share, ahead % self.share);
        let last = self.counted.back().filter(|_| windows > 0);
        let last = last.map_or(start, |at| {
            at.saturating_add(COUNTED.saturating_mul(windows))
        });
        let before = self.counted.len().saturating_add(as_usize(rest));
        let over = before.checked_sub(as_usize(self.share));
        let free = over.and_then(|over| self.counted.get(over));
        let first = self
            .even(start, rest)
            .max(free.map_or(start, |at| ends(*at)));
        let free = first.saturating_add(COUNTED.saturating_mul(windows));
        free.max(last).max(self.even(start, ahead))
    }

    /// The same if requests are only spread.
    fn even(&self, start: Duration, ahead: u32) -> Duration {
        let at_once = (self.share / 10).max(1);
        let even = self.even.max(start);
        let even = even.saturating_add(self.spacing().saturating_mul(ahead.saturating_add(1)));
        even.saturating_sub(self.spacing() * at_once).max(start)
    }

    /// A request takes its turn.
    pub(super) fn take(&mut self, now: Duration) {
        self.count(now.saturating_add(MAX_DELAY));
        self.even = self.even.max(now).saturating_add(self.spacing());
    }

    /// The request that had its turn at `turn` has a response after this time. So the API has counted it.
    pub(super) fn responded(&mut self, turn: Duration, elapsed: Duration) {
        if self.uncount(turn) {
            self.count(turn.saturating_add(elapsed.min(MAX_DELAY)));
        }
    }

    /// The API refused a request that had its turn at `turn`. It accepts others after `wait`.
    pub(super) fn limited(&mut self, turn: Duration, now: Duration, wait: Duration) {
        self.pause(now, wait);
        // The API does not count it.
        self.uncount(turn);
        // Requests that were under way say nothing new.
        if turn >= self.shrank_at {
            let accepted = u32::try_from(self.counted.len()).unwrap_or(u32::MAX);
            self.share = accepted.clamp((self.share / 2).max(1), self.share);
            self.step = 1;
            self.shrank_at = now;
        }
        self.grows_at = self.paused_until.saturating_add(WINDOW * QUIET_WINDOWS);
    }

    /// There is nothing left until this time.
    pub(super) fn pause(&mut self, now: Duration, wait: Duration) {
        self.paused_until = self.paused_until.max(now.saturating_add(wait));
    }

    fn count(&mut self, at: Duration) {
        let position = self.counted.partition_point(|other| *other <= at);
        self.counted.insert(position, at);
    }

    /// Removes a request without a response.
    fn uncount(&mut self, turn: Duration) -> bool {
        let found = self.counted.binary_search(&turn.saturating_add(MAX_DELAY));
        found.is_ok_and(|position| self.counted.remove(position).is_some())
    }

    fn spacing(&self) -> Duration {
        WINDOW.mul_f64(SPREAD) / self.share
    }
}

/// When a request that was counted at this time stops counting.
fn ends(at: Duration) -> Duration {
    at.saturating_add(COUNTED)
}

fn as_usize(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
