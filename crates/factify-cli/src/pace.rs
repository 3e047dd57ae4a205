//! Spreads requests over time, within the API's rate limit.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use factify_core::http::StatusCode;
use factify_core::{AttemptReport, Observer};

use crate::console::Console;

/// The maximum number of requests that may be sent at once after a pause.
const MAX_BURST: f64 = 100.0;

const MINUTE: Duration = Duration::from_secs(60);

/// The maximum time that all requests wait if the server asks for it.
pub(crate) const MAX_PAUSE: Duration = MINUTE;

/// Limits the requests in any minute, and sends none while the server asks to wait.
///
/// A tenth of the limit may be sent at once; the rest is spread over the minute.
pub(crate) struct Pace {
    /// Requests per second.
    rate: f64,
    burst: f64,
    state: Mutex<State>,
    changed: Condvar,
    sent: AtomicBool,
}

struct State {
    /// How many requests may be sent now.
    left: f64,
    at: Instant,
    paused_until: Instant,
    stopped: bool,
}

/// The permission to send one request.
pub(crate) struct Turn(());

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
                paused_until: now,
                stopped: false,
            }),
            changed: Condvar::new(),
            sent: AtomicBool::new(false),
        })
    }

    /// Waits until the first request of a call may be sent, and reports the wait. `None` if no further
    /// call may begin.
    pub(crate) fn turn(&self, console: &Console) -> Option<Turn> {
        let asked = Instant::now();
        let turn = self.take(|state| !state.stopped);
        console.waited(asked.elapsed());
        turn
    }

    /// Waits until another request of a call may be sent, and returns for how long. A call that has
    /// begun is always finished.
    pub(crate) fn wait(&self) -> Duration {
        let asked = Instant::now();
        self.take(|_| true);
        asked.elapsed()
    }

    fn take(&self, may_go_on: impl Fn(&State) -> bool) -> Option<Turn> {
        let mut state = self.state();
        while may_go_on(&state) {
            let now = Instant::now();
            state.refill(now, self.rate, self.burst);
            let wait = if state.paused_until > now {
                state.paused_until - now
            } else if state.left < 1.0 {
                Duration::from_secs_f64((1.0 - state.left) / self.rate).min(MINUTE)
            } else {
                state.left -= 1.0;
                return Some(Turn(()));
            };
            let waited = self.changed.wait_timeout(state, wait);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        None
    }

    /// Delays all requests for this time.
    pub(crate) fn pause(&self, time: Duration) {
        let mut state = self.state();
        state.paused_until = state.paused_until.max(Instant::now() + time.min(MAX_PAUSE));
    }

    /// Lets no further call begin.
    pub(crate) fn stop(&self) {
        self.state().stopped = true;
        self.changed.notify_all();
    }

    /// Notes that a request is being sent.
    pub(crate) fn sending(&self) {
        self.sent.store(true, Ordering::Relaxed);
    }

    /// Whether any request was sent.
    pub(crate) fn has_sent(&self) -> bool {
        self.sent.load(Ordering::Relaxed)
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

/// Delays all requests if the server asks one request to wait.
impl Observer for Pace {
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        // Other errors may concern only this request.
        if let (Some(StatusCode::TOO_MANY_REQUESTS), Some(wait)) = (attempt.status, attempt.wait) {
            self.pause(wait);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(pace: &Pace, wait: Duration) {
        let mut attempt = AttemptReport::new("revokeOrganizationInvite", 1);
        attempt.status = Some(StatusCode::TOO_MANY_REQUESTS);
        attempt.wait = Some(wait);
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
    fn turns_are_limited_by_the_burst_and_the_rate() {
        let pace = Pace::new(6_000);
        let started = Instant::now();
        for _ in 0..120 {
            pace.wait();
        }
        let most = pace.burst + pace.rate * started.elapsed().as_secs_f64();
        assert!(most >= 120.0, "{most}");
    }

    #[test]
    fn a_stop_starts_no_call_and_interrupts_none() {
        let pace = Pace::new(6_000);
        let console = Console::new(clap::ColorChoice::Never, false);
        assert!(pace.turn(&console).is_some());
        let waiting = Pace::new(1);
        waiting.wait();
        let other = Arc::clone(&waiting);
        let next = std::thread::spawn(move || {
            other
                .turn(&Console::new(clap::ColorChoice::Never, false))
                .is_some()
        });
        waiting.stop();
        assert!(!next.join().unwrap(), "it waited for a turn");
        pace.stop();
        assert!(pace.turn(&console).is_none());
        pace.wait();
    }

    #[test]
    fn all_requests_wait_when_the_server_asks_for_it() {
        let pace = Pace::new(60_000);
        let wait = Duration::from_millis(50);
        let before = Instant::now();
        limited(&pace, wait);
        pace.wait();
        assert!(before.elapsed() >= wait);
    }
}
