//! Keeps calls within the API's rate limit.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use factify_core::http::StatusCode;
use factify_core::{AttemptReport, Observer};

use crate::console::Console;

/// The maximum number of requests that may be sent at once after a pause.
const MAX_BURST: f64 = 100.0;

const MINUTE: Duration = Duration::from_secs(60);

/// The maximum time for which all calls wait when the server asks for it.
pub(crate) const MAX_PAUSE: Duration = MINUTE;

/// Limits the requests in any minute, including retries, and sends none while the server asks to wait.
///
/// A tenth of the limit may be sent at once; the rest is spread over the minute.
pub(crate) struct Pace {
    /// Requests per second.
    rate: f64,
    burst: f64,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// How many requests may be sent now. Retries do not wait for a turn, so it may be negative.
    left: f64,
    at: Instant,
    /// Calls that have begun, but whose first request may not be sent yet.
    begun: u32,
    paused_until: Instant,
    stopped: bool,
}

impl Pace {
    pub(crate) fn new(per_minute: u32) -> Arc<Self> {
        let per_minute = f64::from(per_minute.max(1));
        let burst = (per_minute / 10.0).clamp(1.0, MAX_BURST);
        let now = Instant::now();
        Arc::new(Self {
            rate: (per_minute * 0.9) / MINUTE.as_secs_f64(),
            burst,
            state: Mutex::new(State {
                left: burst,
                at: now,
                begun: 0,
                paused_until: now,
                stopped: false,
            }),
            changed: Condvar::new(),
        })
    }

    /// Waits until a request may be sent, reports the wait, and begins a call. `None` if no further
    /// call may begin.
    pub(crate) fn turn(&self, console: &Console) -> Option<Turn<'_>> {
        let asked = Instant::now();
        let turn = self.wait();
        console.waited(asked.elapsed());
        turn
    }

    fn wait(&self) -> Option<Turn<'_>> {
        let mut state = self.state();
        loop {
            if state.stopped {
                return None;
            }
            let now = Instant::now();
            state.refill(now, self.rate, self.burst);
            let missing = 1.0 + f64::from(state.begun) - state.left;
            let wait = if state.paused_until > now {
                state.paused_until - now
            } else if missing > 0.0 {
                Duration::from_secs_f64(missing / self.rate).min(MINUTE)
            } else {
                state.begun += 1;
                return Some(Turn(self));
            };
            let waited = self.changed.wait_timeout(state, wait);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Lets no call begin for this time.
    pub(crate) fn pause(&self, time: Duration) {
        let mut state = self.state();
        state.paused_until = state.paused_until.max(Instant::now() + time.min(MAX_PAUSE));
    }

    /// Lets no further call begin.
    pub(crate) fn stop(&self) {
        self.state().stopped = true;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn refill(&mut self, now: Instant, rate: f64, burst: f64) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.left = (self.left + passed * rate).min(burst);
        self.at = now;
    }
}

/// A call that has begun.
pub(crate) struct Turn<'a>(&'a Pace);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.begun = state.begun.saturating_sub(1);
        drop(state);
        self.0.changed.notify_all();
    }
}

/// Counts the requests.
impl Observer for Pace {
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        let mut state = self.state();
        state.refill(Instant::now(), self.rate, self.burst);
        state.left -= 1.0;
        drop(state);
        // Other failures may concern only this request.
        if let (Some(StatusCode::TOO_MANY_REQUESTS), Some(wait)) = (attempt.status, attempt.wait) {
            self.pause(wait);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pace: &Pace, status: u16, wait: Option<Duration>) {
        let mut attempt = AttemptReport::new("revokeOrganizationInvite", 1);
        attempt.status = StatusCode::from_u16(status).ok();
        attempt.wait = wait;
        pace.attempted(&attempt);
    }

    #[test]
    fn burst_and_spread_stay_within_the_rate() {
        for (per_minute, burst) in [(1_000, 100.0), (100, 10.0), (1, 1.0), (60_000, 100.0)] {
            let pace = Pace::new(per_minute);
            assert!((pace.burst - burst).abs() < 1e-9, "{per_minute}");
            let spread = pace.rate * 60.0;
            assert!(per_minute == 1 || spread + burst <= f64::from(per_minute) + 1e-9);
        }
    }

    #[test]
    fn calls_in_flight_and_retries_count() {
        let pace = Pace::new(40);
        let turns: Vec<_> = (0..4).map(|_| pace.wait()).collect();
        assert!(turns.iter().all(Option::is_some));
        assert_eq!(pace.state().begun, 4);
        let other = Arc::clone(&pace);
        let fifth = std::thread::spawn(move || other.wait().is_some());
        std::thread::sleep(Duration::from_millis(50));
        pace.stop();
        assert!(!fifth.join().unwrap(), "the burst is used up");
        for _ in 0..6 {
            sent(&pace, 200, None);
        }
        drop(turns);
        let state = pace.state();
        assert_eq!(state.begun, 0);
        assert!(state.left < -1.0, "{}", state.left);
    }

    #[test]
    fn all_calls_wait_when_the_server_asks_for_it() {
        let pace = Pace::new(60_000);
        let wait = Duration::from_millis(50);
        let before = Instant::now();
        sent(&pace, 429, Some(wait));
        assert!(pace.wait().is_some());
        assert!(before.elapsed() >= wait);
        sent(&pace, 429, Some(MINUTE));
        pace.stop();
        assert!(pace.wait().is_none());
    }
}
