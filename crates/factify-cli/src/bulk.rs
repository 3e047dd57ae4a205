//! Keeps several calls in flight, until all are done, one fails for a reason that concerns all, or the
//! user interrupts.

use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use factify_core::{Error, ErrorKind};

use crate::console::Console;
use crate::failure::Failure;
use crate::interrupt::{self, Interrupts};
use crate::output::count;
use crate::queue::{MAX_PAUSE, Queue, Turn};

/// How many calls are in flight, unless the command says otherwise. This is enough for 1,000 requests a minute if a response takes less
/// than half a second.
pub(crate) const IN_FLIGHT: usize = 8;

/// After how many calls in a row without a usable response of the API no further calls begin.
const MAX_UNUSABLE: usize = 16;

/// How long to wait for the results of ended calls after a second interruption.
const SETTLING: Duration = Duration::from_millis(100);

/// The items that were not carried out, in the order of the input.
#[derive(Default)]
pub(crate) struct Ending<T> {
    /// Begun but abandoned: the outcome is unknown.
    pub(crate) left_behind: Vec<T>,
    /// Not begun, or abandoned without an effect.
    pub(crate) not_begun: Vec<T>,
    pub(crate) interrupted: bool,
    /// Why no further calls began, except for an interruption.
    pub(crate) obstacle: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    NotBegun,
    InFlight,
    /// Its result is not reported yet.
    Ended,
    Told,
}

enum Event<R> {
    Ended(usize, Result<R, Error>),
    /// A thread has nothing left to do.
    Left,
    Interrupted,
}

/// Carries out a call for each item, and passes each result to `ended` as it arrives. While `ended`
/// blocks, for example on an output that nobody reads, the calls wait.
pub(crate) fn run<T, R>(
    items: Vec<T>,
    verb: &'static str,
    console: &Arc<Console>,
    queue: &Arc<Queue>,
    interrupts: &Interrupts,
    call: impl Fn(&T, Turn) -> Result<R, Error> + Send + Sync + 'static,
    mut ended: impl FnMut(&T, Result<R, Error>),
) -> Result<Ending<T>, Failure>
where
    T: Send + Sync + Clone + 'static,
    R: Send + 'static,
{
    let items: Arc<[T]> = items.into();
    let progress = console.progress(verb, items.len());
    let calls = Arc::new(Calls::new(&items, queue, console, call));
    let (events, receiver) = mpsc::sync_channel(queue.in_flight());
    let interruptions = Arc::new(AtomicUsize::new(0));
    {
        let (calls, events) = (Arc::clone(&calls), events.clone());
        let interruptions = Arc::clone(&interruptions);
        interrupts.on(move || {
            let times = interruptions.fetch_add(1, Ordering::SeqCst);
            calls.close();
            if times >= 2 {
                // The receiver is blocked.
                interrupt::end_with(&calls.console, calls.last_word());
            }
            // If the channel is full, the receiver wakes up anyway.
            let _ = events.try_send(Event::Interrupted);
        });
    }
    let mut threads = 0;
    for _ in 0..queue.in_flight().min(items.len()) {
        let (calls, events) = (Arc::clone(&calls), events.clone());
        let work = move || calls.carry_out(&Reporter(events));
        match thread::Builder::new().spawn(work) {
            Ok(_) => threads += 1,
            Err(error) if threads == 0 => return Err(Failure::local(error.to_string())),
            Err(_) => break,
        }
    }

    let mut heard = 0;
    while threads > 0 {
        // After a second interruption, report the calls that have ended and do not wait for the others.
        let event = if heard > 1 {
            receiver.recv_timeout(SETTLING).ok()
        } else {
            receiver.recv().ok()
        };
        match event {
            Some(Event::Ended(index, result)) => {
                if let Some(item) = items.get(index) {
                    ended(item, result);
                }
                calls.set(index, State::Told);
                progress.advance();
            }
            Some(Event::Left) => threads -= 1,
            Some(Event::Interrupted) => {}
            None => break,
        }
        let times = interruptions.load(Ordering::SeqCst);
        if heard == 0 && times == 1 {
            calls.announce_interruption();
        }
        heard = times;
    }
    // First, so that no call begins between the two queries.
    calls.close();
    // An abandoned call that only reads has changed nothing.
    let (unknown, not_done) = if queue.is_safe() {
        (&[State::Ended][..], &[State::NotBegun, State::InFlight][..])
    } else {
        (&[State::InFlight, State::Ended][..], &[State::NotBegun][..])
    };
    Ok(Ending {
        left_behind: calls.items_in(unknown),
        not_begun: calls.items_in(not_done),
        interrupted: heard > 0,
        obstacle: calls.obstacle(),
    })
}

/// The state that the threads share.
struct Calls<T, F> {
    items: Arc<[T]>,
    next: AtomicUsize,
    ledger: Mutex<Ledger>,
    queue: Arc<Queue>,
    console: Arc<Console>,
    call: F,
}

struct Ledger {
    states: Vec<State>,
    closed: bool,
    /// How many calls in a row had no usable response of the API.
    unusable: usize,
    obstacle: Option<String>,
}

impl<T: Clone, F> Calls<T, F> {
    fn new(items: &Arc<[T]>, queue: &Arc<Queue>, console: &Arc<Console>, call: F) -> Self {
        Self {
            items: Arc::clone(items),
            next: AtomicUsize::new(0),
            ledger: Mutex::new(Ledger {
                states: vec![State::NotBegun; items.len()],
                closed: false,
                unusable: 0,
                obstacle: None,
            }),
            queue: Arc::clone(queue),
            console: Arc::clone(console),
            call,
        }
    }

    fn carry_out<R>(&self, reporter: &Reporter<R>)
    where
        F: Fn(&T, Turn) -> Result<R, Error>,
    {
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = self.items.get(index) else {
                return;
            };
            let Some(turn) = self.queue.turn(&self.console) else {
                return;
            };
            if !self.begin(index) {
                return;
            }
            let result = (self.call)(item, turn);
            self.end(index, result.as_ref().err());
            reporter.send(Event::Ended(index, result));
        }
    }

    /// Marks a call as begun, unless no further call may begin.
    fn begin(&self, index: usize) -> bool {
        let mut ledger = self.ledger();
        if ledger.closed {
            return false;
        }
        ledger.set(index, State::InFlight);
        true
    }

    /// Marks a call as ended, and decides from its result whether further calls may begin.
    fn end(&self, index: usize, error: Option<&Error>) {
        let mut ledger = self.ledger();
        ledger.set(index, State::Ended);
        ledger.unusable = match error {
            Some(error) if is_unusable(error) => ledger.unusable + 1,
            _ => 0,
        };
        let asked = error.and_then(pause_asked_for);
        let obstacle = if let Some(error) = error.filter(|error| concerns_all(error)) {
            Some(error.to_string())
        } else if asked.is_some_and(|pause| pause > MAX_PAUSE) {
            error.map(ToString::to_string)
        } else if ledger.unusable >= MAX_UNUSABLE {
            Some(format!(
                "{MAX_UNUSABLE} calls in a row had no usable response of the API"
            ))
        } else {
            None
        };
        if obstacle.is_some() && ledger.obstacle.is_none() {
            ledger.obstacle = obstacle;
            drop(ledger);
            self.close();
        } else if let Some(pause) = asked {
            self.queue.pause(pause);
        }
    }

    /// Lets no further call begin.
    fn close(&self) {
        self.ledger().closed = true;
        self.queue.close();
    }

    fn set(&self, index: usize, state: State) {
        self.ledger().set(index, state);
    }

    fn items_in(&self, wanted: &[State]) -> Vec<T> {
        let ledger = self.ledger();
        let states = self.items.iter().zip(&ledger.states);
        let found = states.filter(|(_, state)| wanted.contains(state));
        found.map(|(item, _)| item.clone()).collect()
    }

    fn announce_interruption(&self) {
        let in_flight = self.items_in(&[State::InFlight]).len();
        if in_flight > 0 {
            self.console.say(format_args!(
                "Interrupted: {} in flight will be finished, including retries. Interrupt again \
                 to abandon them.",
                count(in_flight, "call")
            ));
        }
    }

    fn last_word(&self) -> String {
        let begun = self.items.len() - self.items_in(&[State::NotBegun]).len();
        format!(
            "Interrupted while the results could not be written: {begun} of {} had begun.",
            count(self.items.len(), "call")
        )
    }

    fn obstacle(&self) -> Option<String> {
        self.ledger().obstacle.clone()
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger {
    fn set(&mut self, index: usize, state: State) {
        if let Some(entry) = self.states.get_mut(index) {
            *entry = state;
        }
    }
}

/// Whether all other calls, and a retry, would fail in the same way.
pub(crate) fn concerns_all(error: &Error) -> bool {
    let kinds = [
        ErrorKind::Invalid,
        ErrorKind::Certificate,
        ErrorKind::Redirect,
    ];
    error.is_unauthenticated()
        || error.is_permission_denied()
        || error.is_quota_exceeded()
        || kinds.contains(&error.kind())
        || causes(error).any(concerns_all)
}

/// The errors of a call that sends several requests.
fn causes(error: &Error) -> impl Iterator<Item = &Error> {
    let source = error.source().and_then(|source| source.downcast_ref());
    source.into_iter().chain(error.earlier())
}

/// No response, an unreadable response, or a server error.
fn is_unusable(error: &Error) -> bool {
    // A state that is not certain, although the list could be read.
    let is_read = error.kind() == ErrorKind::Unverified && error.source().is_none();
    // They say nothing about the API.
    let is_of_file = matches!(
        error.kind(),
        ErrorKind::RequestBody | ErrorKind::Write | ErrorKind::Processing
    );
    !is_read && !is_of_file && error.api().is_none_or(|api| api.status().is_server_error())
}

/// How long the API asks to wait, if the call itself has not waited.
fn pause_asked_for(error: &Error) -> Option<Duration> {
    error.retry_after()
}

/// Sends the results of a thread, and when the thread ends, for whatever reason, that it has left.
struct Reporter<R>(SyncSender<Event<R>>);

impl<R> Reporter<R> {
    fn send(&self, event: Event<R>) {
        // Nobody listens after a second interruption.
        let _ = self.0.send(event);
    }
}

impl<R> Drop for Reporter<R> {
    fn drop(&mut self) {
        self.send(Event::Left);
    }
}
