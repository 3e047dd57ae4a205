//! Keeps every request within the rate, also those that a call sends after its first one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use factify_core::blocking::HttpTransport;
use factify_core::bytes::Bytes;
use factify_core::http::{Request, Response};
use factify_core::{Limits, Now, RequestBody, TransportError};

use crate::console::Console;
use crate::pace::{Pace, Turn};

/// A transport that waits for a turn before each request. It is for one call at a time.
///
/// Its clock stops during this wait, because the time limit of a call is for the network and the server.
pub(crate) struct Paced<T> {
    inner: T,
    pace: Arc<Pace>,
    console: Arc<Console>,
    /// The turn of the first request.
    turn: Mutex<Option<Turn>>,
    /// The time that requests have waited, in nanoseconds.
    waited: AtomicU64,
}

impl<T> Paced<T> {
    /// `turn` is for the first request.
    pub(crate) fn new(
        inner: T,
        pace: &Arc<Pace>,
        console: &Arc<Console>,
        turn: Option<Turn>,
    ) -> Self {
        Self {
            inner,
            pace: Arc::clone(pace),
            console: Arc::clone(console),
            turn: Mutex::new(turn),
            waited: AtomicU64::new(0),
        }
    }

    fn first_turn(&self) -> Option<Turn> {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        turn.take()
    }
}

impl<T: HttpTransport> HttpTransport for Paced<T> {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        if self.first_turn().is_none() {
            let waited = self.pace.wait();
            self.console.waited(waited);
            let nanos = u64::try_from(waited.as_nanos()).unwrap_or(u64::MAX);
            self.waited.fetch_add(nanos, Ordering::Relaxed);
        }
        self.pace.sending();
        self.inner.send(request, limits)
    }

    fn sleep(&self, duration: Duration) {
        self.inner.sleep(duration);
    }

    fn now(&self) -> Now {
        let waited = Duration::from_nanos(self.waited.load(Ordering::Relaxed));
        let mut now = self.inner.now();
        now.monotonic = now.monotonic.saturating_sub(waited);
        now
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use clap::ColorChoice;
    use factify_sandbox::Sandbox;

    use super::*;

    #[test]
    fn the_clock_stops_while_a_request_waits() {
        let sandbox = Sandbox::new(1);
        let pace = Pace::new(6_000);
        let console = Arc::new(Console::new(ColorChoice::Never, false));
        let transport = Paced::new(sandbox.transport(), &pace, &console, None);
        let limits = Limits::new(Duration::from_secs(30), 1 << 20);
        // The clock of the sandbox begins at 0.
        transport.sleep(Duration::from_secs(60));
        let before = transport.now();
        let pause = Duration::from_millis(50);
        pace.pause(pause);
        let started = Instant::now();
        let request = Request::new(RequestBody::from(Bytes::new()));
        transport.send(request, &limits).unwrap();
        assert!(started.elapsed() >= pause);
        let now = transport.now();
        assert!(now.monotonic + pause <= before.monotonic, "{now:?}");
        assert_eq!(now.unix, before.unix);
    }

    #[test]
    fn only_a_sent_request_counts_as_sent() {
        let sandbox = Sandbox::new(1);
        let pace = Pace::new(6_000);
        let console = Arc::new(Console::new(ColorChoice::Never, false));
        let turn = pace.turn(&console);
        let transport = Paced::new(sandbox.transport(), &pace, &console, turn);
        assert!(!pace.has_sent());
        let limits = Limits::new(Duration::from_secs(30), 1 << 20);
        let request = Request::new(RequestBody::from(Bytes::new()));
        transport.send(request, &limits).unwrap();
        assert!(pace.has_sent());
    }
}
