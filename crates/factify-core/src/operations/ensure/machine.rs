use std::time::Duration;

use factify_types::Timestamp;

use super::unread::{Unread, UnreadPage};
use super::{Ensure, Item, Judgement};
use crate::error::{Error, ErrorKind, Outcome};
use crate::operation::{Operation, mismatch};
use crate::page::{PagedOperation, Pager};
use crate::transport::Now;

/// The maximum number of acts, including the first one.
pub(crate) const MAX_ROUNDS: u32 = 4;

/// The maximum number of pages that a call reads: a hundred thousand items.
const MAX_PAGES: u32 = 1_000;

/// The maximum difference between the time in an ID and the creation time.
const CLOCK_SKEW: Duration = Duration::from_secs(24 * 60 * 60);

/// An `ensure_…` call: a state machine without I/O.
///
/// It sends the operation. If the server says that the state does not allow it, or if it is unknown whether
/// an attempt was applied, it searches the list for the item, and sends the operation again if necessary.
/// It returns only states from the server and never guesses. It reserves a quarter of the time for the list.
#[derive(Debug)]
pub(crate) struct Machine<E> {
    ensure: E,
    deadline: Duration,
    /// Whether an attempt may have been applied.
    in_doubt: bool,
    /// Whether the server refused the last act because of the state.
    is_refused: bool,
    /// Whether the server said to the last act that the item does not exist.
    is_missing: bool,
    rounds: u32,
    pages: u32,
    search: Search,
    /// The error that made it necessary to read the list.
    cause: Option<Error>,
}

/// The search in the list.
#[derive(Debug)]
struct Search {
    pager: Pager,
    /// The range around the time in the ID, or `None` for the whole list.
    created: Option<(Timestamp, Timestamp)>,
    pages: u32,
    /// Whether an unreadable item may be the item that the call is about.
    is_incomplete: bool,
}

impl Search {
    fn new(created: Option<(Timestamp, Timestamp)>) -> Self {
        Self {
            pager: Pager::new(None),
            created,
            pages: 0,
            is_incomplete: false,
        }
    }
}

/// What the driver of a [`Machine`] has to do next, within the given time.
#[derive(Debug)]
#[must_use]
pub(crate) enum Step<E: Ensure> {
    /// Send this, then call [`Machine::acted`].
    Act(E::Act, Duration),
    /// Send this, then call [`Machine::listed`].
    List(Box<Unread<E::List>>, Duration),
    /// Return this.
    Done(Result<E::Ensured, Error>),
}

impl<E: Ensure> Machine<E> {
    /// Prepares a call that must end `deadline` after `now`.
    pub(crate) fn new(ensure: E, deadline: Duration, now: Now) -> Self {
        Self {
            ensure,
            deadline: now.monotonic.saturating_add(deadline),
            in_doubt: false,
            is_refused: false,
            is_missing: false,
            rounds: 0,
            pages: 0,
            search: Search::new(None),
            cause: None,
        }
    }

    /// The first step.
    pub(crate) fn start(&mut self, now: Now) -> Step<E> {
        self.act(now)
    }

    /// The step after the response to the act.
    pub(crate) fn acted(
        &mut self,
        now: Now,
        result: Result<<E::Act as Operation>::Output, Error>,
    ) -> Step<E> {
        self.cause = None;
        self.is_refused = false;
        self.is_missing = false;
        match result {
            Ok(output) => match self.ensure.acted(output) {
                Some(ensured) => return Step::Done(Ok(ensured)),
                // This success does not prove the result.
                None => self.in_doubt = true,
            },
            Err(error) if error.outcome() != Outcome::NotApplied => {
                self.in_doubt = true;
                self.cause = Some(error);
            }
            Err(error) if E::NOT_FOUND_IS_A_STATE && error.is_not_found() => {
                self.is_missing = true;
                self.cause = Some(error);
            }
            Err(error) if speaks_of_the_state(&error) => {
                self.is_refused = true;
                self.cause = Some(error);
            }
            Err(error) => return self.fail(error.with_warning(E::RISK)),
        }
        self.search = Search::new(self.created());
        self.list(now)
    }

    /// The step after a page of the list.
    pub(crate) fn listed(&mut self, now: Now, result: Result<UnreadPage, Error>) -> Step<E> {
        let page = match result {
            Ok(page) => page,
            // The narrow search is an optimization, which the API may refuse.
            Err(error) if self.search.created.is_some() && speaks_of_the_state(&error) => {
                return self.search_everywhere(now);
            }
            Err(error) => return self.unreadable(error),
        };
        // Read the whole page, so the result does not depend on the order of its items.
        let mut found = None;
        for item in page.items() {
            match self.ensure.read(item) {
                Item::Found(state) => found = found.or(Some(state)),
                Item::Other => {}
                Item::Foreign(field) => return self.unreadable(mismatch(field)),
                Item::Unreadable => self.search.is_incomplete = true,
            }
        }
        if let Some(state) = found {
            return self.found(now, state);
        }
        let arrived = page
            .pagination()
            .map_err(|cause| Error::new(ErrorKind::Decode, Outcome::NotApplied).with_source(cause));
        if let Err(error) = arrived.and_then(|pagination| self.search.pager.arrived(&pagination)) {
            return self.unreadable(error);
        }
        match (self.search.pager.is_done(), self.search.created) {
            (false, _) => self.list(now),
            (true, Some(_)) => self.search_everywhere(now),
            (true, None) if self.search.is_incomplete => self.unclear(
                "it is not among the items of the list that can be read",
                false,
            ),
            (true, None) => self.absent(now),
        }
    }

    /// Whether an attempt may have been applied.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }

    fn found(&mut self, now: Now, state: E::State) -> Step<E> {
        match self.ensure.judge(state, self.in_doubt) {
            Judgement::Done(ensured) => Step::Done(Ok(ensured)),
            Judgement::Refused(Some(ensured), _) if self.is_refused => Step::Done(Ok(ensured)),
            Judgement::Refused(None, why) if self.is_refused => match self.cause.take() {
                Some(refusal) => self.fail(refusal.with_warning(E::REFUSED)),
                None => self.unclear(why, false),
            },
            Judgement::Again(_) | Judgement::Refused(..) if self.rounds < MAX_ROUNDS => {
                self.act(now)
            }
            Judgement::Again(why) | Judgement::Refused(_, why) => self.unclear(why, true),
            Judgement::Unclear(why) => self.unclear(why, false),
        }
    }

    /// The step after a whole list without the item. Other items may have gone while its pages were read, so
    /// that it was skipped: then the server has to say, too, that the item does not exist.
    fn absent(&mut self, now: Now) -> Step<E> {
        let is_certain = self.is_missing || self.search.pages == 1;
        match self.ensure.absent(self.in_doubt) {
            Some(ensured) if is_certain => Step::Done(Ok(ensured)),
            Some(_) if self.rounds < MAX_ROUNDS => self.act(now),
            _ => self.unclear(E::ABSENT, true),
        }
    }

    fn act(&mut self, now: Now) -> Step<E> {
        match self.left(now) {
            Some(left) => {
                self.rounds += 1;
                Step::Act(self.ensure.act(), left.saturating_sub(left / 4))
            }
            None => self.timed_out(),
        }
    }

    fn search_everywhere(&mut self, now: Now) -> Step<E> {
        self.search = Search::new(None);
        self.list(now)
    }

    fn list(&mut self, now: Now) -> Step<E> {
        let Some(left) = self.left(now) else {
            return self.timed_out();
        };
        if self.pages == MAX_PAGES {
            let detail = format!("the list did not end within {MAX_PAGES} pages");
            let error = Error::new(ErrorKind::Paging, Outcome::NotApplied).with_detail(detail);
            return self.unreadable(error);
        }
        self.pages += 1;
        self.search.pages += 1;
        let mut list = self.ensure.list(self.search.created);
        list.set_page_token(self.search.pager.token().map(Into::into));
        Step::List(Box::new(Unread(list)), left)
    }

    fn created(&self) -> Option<(Timestamp, Timestamp)> {
        let created = self.ensure.created_at()?;
        Some((
            created.checked_sub(CLOCK_SKEW)?,
            created.checked_add(CLOCK_SKEW)?,
        ))
    }

    fn left(&self, now: Now) -> Option<Duration> {
        let left = self.deadline.saturating_sub(now.monotonic);
        (!left.is_zero()).then_some(left)
    }

    fn timed_out(&mut self) -> Step<E> {
        self.unverified("it timed out", true, Some(Unverified::timed_out()))
    }

    fn unreadable(&mut self, error: Error) -> Step<E> {
        let error = error.with_outcome(Outcome::NotApplied);
        let error = match error.operation() {
            "" => error.with_operation(E::List::INFO.id),
            _ => error,
        };
        self.unverified(
            "the list could not be read",
            error.is_retryable(),
            Some(error),
        )
    }

    fn unclear(&mut self, why: &str, may_change: bool) -> Step<E> {
        self.unverified(why, may_change, None)
    }

    /// The error if the result is not certain. `why` is about the list, so the predicates describe the
    /// error of the list. The error of the operation is only an earlier error.
    fn unverified(&mut self, why: &str, retryable: bool, source: Option<Error>) -> Step<E> {
        let unverified = Unverified {
            goal: E::GOAL,
            risk: E::RISK,
        };
        let error = unverified.error(why, retryable, source, self.cause.take());
        self.fail(error)
    }

    fn fail(&self, error: Error) -> Step<E> {
        let error = if self.in_doubt {
            error.with_outcome(Outcome::Unknown)
        } else {
            error
        };
        Step::Done(Err(error))
    }
}

/// What an `ensure_…` call could not verify.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unverified {
    /// It completes the sentence "it could not be verified that".
    pub(crate) goal: &'static str,
    /// The risk, as a sentence.
    pub(crate) risk: &'static str,
}

impl Unverified {
    /// `source` is about what could not be read, `cause` is the error of the operation.
    pub(crate) fn error(
        self,
        why: &str,
        retryable: bool,
        source: Option<Error>,
        cause: Option<Error>,
    ) -> Error {
        let detail = format!("it could not be verified that {}: {why}", self.goal);
        let mut error = Error::new(ErrorKind::Unverified, Outcome::NotApplied)
            .with_detail(detail)
            .with_retryable(retryable)
            .with_warning(self.risk);
        if let Some(source) = source {
            error = error.with_source(source);
        }
        match cause {
            Some(earlier) => error.with_earlier(earlier),
            None => error,
        }
    }

    /// The source if there was no time.
    pub(crate) fn timed_out() -> Error {
        Error::new(ErrorKind::Timeout, Outcome::NotApplied)
            .with_detail("no time was left for another request")
            .with_retryable(true)
    }
}

/// Whether an error response concerns the request, and not the caller, the rate or the time.
pub(crate) fn speaks_of_the_state(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Api | ErrorKind::Refused)
        && error.outcome() == Outcome::NotApplied
        && !error.is_unauthenticated()
        && !error.is_permission_denied()
        && !error.is_not_found()
        && !error.is_quota_exceeded()
        && !error.is_retryable()
}
