//! Several calls in flight at once, until all are done, a failure concerns all, or somebody
//! interrupts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Instant;

use factify_core::{Error, ErrorKind};

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::count;
use crate::pace::Pace;

/// How many calls are in flight. At 1,000 requests a minute it takes no more, unless an answer takes
/// half a second.
const IN_FLIGHT: usize = 8;

/// How many calls in a row may end without an answer of the API before no more are begun.
pub(crate) const MAX_UNANSWERED: usize = 16;

/// What was not carried out, each in the order in which it was given.
pub(crate) struct Ending<T> {
    /// Begun and left behind: nobody knows what becomes of it.
    pub(crate) left_behind: Vec<T>,
    pub(crate) not_begun: Vec<T>,
    pub(crate) interrupted: bool,
    /// Whether no more were begun since [`MAX_UNANSWERED`] had no answer.
    pub(crate) unanswered: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    NotBegun,
    Begun,
    Ended,
}

enum Event<R> {
    Began(usize),
    Ended(usize, Result<R, Error>),
    /// A thread has no more to do.
    Left,
    Interrupted,
}

/// Carries out a call for each item. `ended` is told of each that has ended, as it does.
pub(crate) fn run<T, R>(
    items: Vec<T>,
    verb: &'static str,
    console: &Arc<Console>,
    pace: &Arc<Pace>,
    call: impl Fn(&T) -> Result<R, Error> + Send + Sync + 'static,
    mut ended: impl FnMut(&T, Result<R, Error>),
) -> Result<Ending<T>, Failure>
where
    T: Send + Sync + Clone + 'static,
    R: Send + 'static,
{
    let (events, receiver) = mpsc::channel();
    let interrupts = events.clone();
    let interruptions = AtomicUsize::new(0);
    ctrlc::set_handler(move || {
        // Who listens may be held up by an output that nobody reads, or gone.
        let many = interruptions.fetch_add(1, Ordering::Relaxed) >= 2;
        if interrupts.send(Event::Interrupted).is_err() || many {
            std::process::exit(Exit::Interrupted as i32);
        }
    })
    .map_err(|fault| Failure::local(format!("signals cannot be handled: {fault}")))?;

    let items: Arc<[T]> = items.into();
    let progress = console.progress(verb, items.len());
    let crew = Arc::new(Crew {
        items: Arc::clone(&items),
        next: AtomicUsize::new(0),
        unanswered: AtomicUsize::new(0),
        pace: Arc::clone(pace),
        console: Arc::clone(console),
        call,
    });
    let mut threads = 0;
    for _ in 0..IN_FLIGHT.min(items.len()) {
        let (crew, events) = (Arc::clone(&crew), events.clone());
        let work = move || crew.work(&Leaving(events));
        match thread::Builder::new().spawn(work) {
            Ok(_) => threads += 1,
            Err(fault) if threads == 0 => return Err(Failure::local(fault.to_string())),
            Err(_) => break,
        }
    }
    drop(events);

    let mut states = vec![State::NotBegun; items.len()];
    let mut interrupted = false;
    while threads > 0 {
        let Ok(event) = receiver.recv() else { break };
        match event {
            Event::Began(index) => set(&mut states, index, State::Begun),
            Event::Ended(index, result) => {
                if let Some(item) = items.get(index) {
                    ended(item, result);
                }
                set(&mut states, index, State::Ended);
                progress.advance();
            }
            Event::Left => threads -= 1,
            Event::Interrupted if interrupted => break,
            Event::Interrupted => {
                interrupted = true;
                pace.stop();
                let begun = states.iter().filter(|state| **state == State::Begun);
                let in_flight = begun.count();
                if in_flight > 0 {
                    console.say(format_args!(
                        "Interrupted: {} in flight will be finished, retries included. Interrupt \
                         again to leave it.",
                        count(in_flight, "call")
                    ));
                }
            }
        }
    }
    let of = |state| {
        let of_it = items
            .iter()
            .zip(&states)
            .filter(|(_, found)| **found == state);
        of_it.map(|(item, _)| item.clone()).collect()
    };
    Ok(Ending {
        left_behind: of(State::Begun),
        not_begun: of(State::NotBegun),
        interrupted,
        unanswered: crew.is_unanswered(),
    })
}

fn set(states: &mut [State], index: usize, state: State) {
    if let Some(entry) = states.get_mut(index) {
        *entry = state;
    }
}

/// Whether the other calls would fail in the same way.
fn concerns_all(error: &Error) -> bool {
    let kinds = [
        ErrorKind::Invalid,
        ErrorKind::Certificate,
        ErrorKind::Redirect,
    ];
    error.is_unauthenticated()
        || error.is_permission_denied()
        || error.is_quota_exceeded()
        || kinds.contains(&error.kind())
}

/// What the threads share.
struct Crew<T, F> {
    items: Arc<[T]>,
    next: AtomicUsize,
    /// How many calls in a row have ended without an answer of the API. It stays once it is too many.
    unanswered: AtomicUsize,
    pace: Arc<Pace>,
    console: Arc<Console>,
    call: F,
}

impl<T, F> Crew<T, F> {
    fn work<R>(&self, events: &Leaving<R>)
    where
        F: Fn(&T) -> Result<R, Error>,
    {
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = self.items.get(index) else {
                return;
            };
            let asked = Instant::now();
            let Some(_turn) = self.pace.turn() else {
                return;
            };
            self.console.waited(asked.elapsed());
            events.send(Event::Began(index));
            let result = (self.call)(item);
            if self.is_hopeless(&result) {
                self.pace.stop();
            }
            events.send(Event::Ended(index, result));
        }
    }

    /// Whether to begin no more.
    fn is_hopeless<R>(&self, result: &Result<R, Error>) -> bool {
        match result {
            Err(error) if error.api().is_none() => {
                self.unanswered.fetch_add(1, Ordering::Relaxed);
            }
            _ if self.is_unanswered() => {}
            _ => self.unanswered.store(0, Ordering::Relaxed),
        }
        self.is_unanswered() || result.as_ref().is_err_and(concerns_all)
    }

    fn is_unanswered(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed) >= MAX_UNANSWERED
    }
}

/// Tells that a thread ends, however it does.
struct Leaving<R>(Sender<Event<R>>);

impl<R> Leaving<R> {
    fn send(&self, event: Event<R>) {
        // Nobody listens after a second interruption.
        let _ = self.0.send(event);
    }
}

impl<R> Drop for Leaving<R> {
    fn drop(&mut self) {
        self.send(Event::Left);
    }
}
