//! Decides when calls begin, and when their requests are sent.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use factify_core::{LocalPace, Now, OperationInfo, Pace, PacedAttempt, PacedRequest};

use crate::console::Console;

const MINUTE: Duration = Duration::from_secs(60);

/// The maximum time that all calls wait if the server asks for it.
pub(crate) const MAX_PAUSE: Duration = MINUTE;

/// The queue of the calls that have not begun. They begin at the pace of their requests.
pub(crate) struct Queue {
    pace: LocalPace,
    operation: OperationInfo,
    per_minute: u32,
    in_flight: usize,
    state: Mutex<State>,
    changed: Condvar,
    has_sent: AtomicBool,
}

#[derive(Default)]
struct State {
    paused_until: Duration,
    is_closed: bool,
}

/// The turn of the first request of a call, with its time on the monotonic clock.
pub(crate) struct Turn(Duration);

impl Queue {
    /// A queue for calls of this operation, with at most this many requests in a minute and calls in flight.
    pub(crate) fn new(operation: OperationInfo, per_minute: u32, in_flight: usize) -> Arc<Self> {
        Arc::new(Self {
            pace: LocalPace::with_limits(per_minute, per_minute),
            operation,
            per_minute,
            in_flight,
            state: Mutex::default(),
            changed: Condvar::new(),
            has_sent: AtomicBool::new(false),
        })
    }

    /// Waits until a call may begin. `None` if no further call may begin.
    pub(crate) fn turn(&self, console: &Console) -> Option<Turn> {
        let mut state = self.state();
        let mut request = PacedRequest::new(&self.operation, Now::system());
        while !state.is_closed {
            let mut wait = state.paused_until.saturating_sub(Now::system().monotonic);
            if wait.is_zero() {
                request.now = Now::system();
                wait = self.pace.turn_blocking(&request);
            }
            if wait.is_zero() {
                return Some(Turn(request.now.monotonic));
            }
            console.waits(wait);
            let waited = self.changed.wait_timeout(state, wait);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        self.pace.gave_up(&request);
        None
    }

    /// Lets no call begin for this time.
    pub(crate) fn pause(&self, time: Duration) {
        let until = Now::system().monotonic + time.min(MAX_PAUSE);
        let mut state = self.state();
        state.paused_until = state.paused_until.max(until);
    }

    /// Lets no further call begin.
    pub(crate) fn close(&self) {
        self.state().is_closed = true;
        self.changed.notify_all();
    }

    /// The time in which each call in flight gets two turns.
    pub(crate) fn round(&self) -> Duration {
        let calls = u32::try_from(2 * self.in_flight).unwrap_or(u32::MAX);
        MINUTE * calls / self.per_minute.max(1)
    }

    /// How many calls are in flight at once.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Whether the calls only read.
    pub(crate) fn is_safe(&self) -> bool {
        self.operation.is_safe()
    }

    /// Whether any request was sent.
    pub(crate) fn has_sent(&self) -> bool {
        self.has_sent.load(Ordering::Relaxed)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }
}

/// The pace of one call. Its first request has its turn from the queue; the others ask for theirs.
pub(crate) struct CallPace {
    queue: Arc<Queue>,
    console: Arc<Console>,
    turn: Mutex<Option<Turn>>,
    /// The first request, and the time of its turn.
    first: Mutex<Option<(u64, Duration)>>,
}

impl CallPace {
    pub(crate) fn new(queue: &Arc<Queue>, console: &Arc<Console>, turn: Option<Turn>) -> Self {
        Self {
            queue: Arc::clone(queue),
            console: Arc::clone(console),
            turn: Mutex::new(turn),
            first: Mutex::default(),
        }
    }
}

impl Pace for CallPace {
    fn turn_blocking(&self, request: &PacedRequest) -> Duration {
        let wait = if let Some(Turn(at)) = locked(&self.turn).take() {
            *locked(&self.first) = Some((request.id, at));
            Duration::ZERO
        } else {
            self.queue.pace.turn_blocking(request)
        };
        if wait.is_zero() {
            self.queue.has_sent.store(true, Ordering::Relaxed);
        } else {
            self.console.waits(wait);
        }
        wait
    }

    fn gave_up(&self, request: &PacedRequest) {
        self.queue.pace.gave_up(request);
    }

    fn attempted(&self, attempt: &PacedAttempt) {
        let mut attempt = *attempt;
        let request = &mut attempt.request;
        if let Some((_, at)) = locked(&self.first).filter(|(id, _)| *id == request.id) {
            attempt.elapsed += request.now.monotonic.saturating_sub(at);
            request.now.monotonic = at;
        }
        self.queue.pace.attempted(&attempt);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use clap::ColorChoice;
    use factify_core::Operation;
    use factify_core::blocking::Client;
    use factify_core::invites::RevokeOrganizationInvite;
    use factify_sandbox::{Persona, Sandbox};

    use super::*;
    use crate::console::ErrorFormat;

    fn console() -> Arc<Console> {
        Arc::new(Console::new(ColorChoice::Never, ErrorFormat::Text))
    }

    fn queue(per_minute: u32) -> Arc<Queue> {
        Queue::new(RevokeOrganizationInvite::INFO, per_minute, 8)
    }

    #[test]
    fn a_closed_queue_begins_no_call_and_interrupts_none() {
        let (queue, console) = (queue(1), console());
        let turn = queue.turn(&console).unwrap();
        let other = Arc::clone(&queue);
        let next = std::thread::spawn(move || other.turn(&self::console()).is_some());
        queue.close();
        assert!(!next.join().unwrap(), "it waited for a turn");
        // A call that has begun sends its first request. Its next request has to wait.
        let pace = CallPace::new(&queue, &console, Some(turn));
        let request = PacedRequest::new(&RevokeOrganizationInvite::INFO, Now::system());
        assert_eq!(pace.turn_blocking(&request), Duration::ZERO);
        assert!(pace.turn_blocking(&request) > Duration::from_secs(30));
    }

    #[test]
    fn a_pause_delays_the_next_call() {
        let (queue, console) = (queue(60_000), console());
        let pause = Duration::from_millis(50);
        let started = std::time::Instant::now();
        queue.pause(pause);
        assert!(queue.turn(&console).is_some());
        assert!(started.elapsed() >= pause);
    }

    #[test]
    fn only_a_sent_request_counts_as_sent() {
        let sandbox = Sandbox::builder().invites(1).build();
        let (queue, console) = (queue(1_000), console());
        let turn = queue.turn(&console);
        assert!(!queue.has_sent());
        let pace = Arc::new(CallPace::new(&queue, &console, turn));
        let config = sandbox.config(Persona::Admin).pace(pace);
        let client = Client::new(sandbox.transport(), config);
        let invites = client.organization(sandbox.organization_id()).invites();
        invites.revoke(sandbox.invites()[0].id).send().unwrap();
        assert!(queue.has_sent());
    }
}
