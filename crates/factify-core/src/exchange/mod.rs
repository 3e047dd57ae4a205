//! One call, from the first attempt to its end, without I/O.

mod policy;

use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::Response;

use crate::error::{ApiError, Error, ErrorKind, Outcome, Retry, Verdict};
use crate::operation::{OperationBrief, OperationInfo};
use crate::scrub::Scrub;
use crate::transport::{Delivery, Limits, Now, TransportError, TransportErrorKind};

pub use policy::RetryPolicy;

/// One call, from the first attempt to its end: a state machine without I/O and without a clock.
///
/// A driver carries out each [`Action`] and reports the result:
///
/// ```
/// # extern crate factify_core as factify;
/// use std::time::Duration;
/// use factify::{
///     Action, Exchange, Limits, Now, Operation, RetryPolicy, invites::RevokeOrganizationInvite,
/// };
///
/// let limits = Limits::new(Duration::from_secs(30), 8 << 20);
/// let now = Now::default();
/// let deadline = Duration::from_secs(120);
/// let mut exchange = Exchange::new(
///     &RevokeOrganizationInvite::INFO, RetryPolicy::standard(), limits, deadline, now, None,
/// );
/// let Action::Send(limits) = exchange.start(now) else { unreachable!() };
/// assert_eq!(limits.timeout, Duration::from_secs(30));
///
/// let mut unavailable = factify::http::Response::new(factify::bytes::Bytes::new());
/// *unavailable.status_mut() = factify::http::StatusCode::SERVICE_UNAVAILABLE;
/// assert!(matches!(exchange.attempted(now, Ok(unavailable)), Action::Sleep(_)));
/// assert!(matches!(exchange.woke(now), Action::Send(_)));
/// ```
#[derive(Debug)]
pub struct Exchange {
    operation: OperationBrief,
    policy: RetryPolicy,
    limits: Limits,
    started: Duration,
    deadline: Duration,
    /// Whether the time of transfers counts.
    is_strict: bool,
    /// Made at the first wait if there is no seed.
    random: Option<Rng>,
    attempts: u32,
    elapsed: Duration,
    /// The time limit of the current attempt.
    attempt_limit: Duration,
    attempt_started: Duration,
    /// Whether an attempt was sent whose result is not known.
    is_sent: bool,
    /// The error of an earlier attempt that may have been applied.
    doubt: Option<Error>,
    last: Option<Error>,
}

/// The next step for the driver of an [`Exchange`].
#[derive(Debug)]
#[must_use]
pub enum Action {
    /// Send the request within these limits, then call [`Exchange::attempted`].
    Send(Limits),
    /// Wait, then call [`Exchange::woke`].
    Sleep(Duration),
    /// Return this: a response with status 2xx, or the error.
    Done(Result<Response<Bytes>, Error>),
}

impl Exchange {
    /// Prepares a call that must end `deadline` after `now`. A `seed` makes the random waits
    /// repeatable.
    pub fn new(
        operation: &OperationInfo,
        policy: RetryPolicy,
        limits: Limits,
        deadline: Duration,
        now: Now,
        seed: Option<u64>,
    ) -> Self {
        Self {
            operation: operation.brief(),
            policy,
            limits,
            started: now.monotonic,
            deadline: now.monotonic.saturating_add(deadline),
            is_strict: false,
            random: seed.map(Rng::with_seed),
            attempts: 0,
            elapsed: Duration::ZERO,
            attempt_limit: limits.timeout,
            attempt_started: now.monotonic,
            is_sent: false,
            doubt: None,
            last: None,
        }
    }

    /// Counts the time of transfers against the deadline too.
    #[must_use]
    pub fn strict_deadline(mut self) -> Self {
        self.is_strict = true;
        self
    }

    /// The first action.
    pub fn start(&mut self, now: Now) -> Action {
        self.woke(now)
    }

    /// The action after a wait.
    pub fn woke(&mut self, now: Now) -> Action {
        let left = self.deadline.saturating_sub(now.monotonic);
        self.attempt_limit = self.limits.timeout.min(left);
        if self.attempt_limit.is_zero() {
            let error = self.last.take().unwrap_or_else(|| {
                Error::new(ErrorKind::Timeout, Outcome::NotApplied)
                    .with_detail("no time was left to send the request")
                    .with_retryable(true)
            });
            return self.fail(now, error);
        }
        self.attempts = self.attempts.saturating_add(1);
        self.attempt_started = now.monotonic;
        self.is_sent = true;
        let mut limits = self.limits;
        limits.timeout = self.attempt_limit;
        if let Some(transfer) = limits.transfer.filter(|_| self.is_strict) {
            limits.transfer = Some(transfer.total(transfer.total.min(left)));
        }
        Action::Send(limits)
    }

    /// The time until the deadline.
    pub(crate) fn left(&self, now: Now) -> Duration {
        self.deadline.saturating_sub(now.monotonic)
    }

    /// Ends the call, because the turn of its next request would come too late.
    pub(crate) fn has_no_turn(&mut self, now: Now, wait: Duration) -> Action {
        let later = wait.saturating_sub(self.left(now));
        let wait = rounded(wait);
        let error = Error::new(ErrorKind::Timeout, Outcome::NotApplied)
            .with_retry_after(later)
            .with_detail(format!(
                "the pace allows no request for {wait:?}, which is after the deadline"
            ))
            .with_retryable(true);
        match self.last.take() {
            Some(last) => self.fail(now, last),
            None => self.fail(now, error),
        }
    }

    /// The action after an attempt.
    pub fn attempted(
        &mut self,
        now: Now,
        result: Result<Response<Bytes>, TransportError>,
    ) -> Action {
        self.attempted_with(now, result, Scrub::nothing())
    }

    /// Like [`attempted`](Self::attempted), and removes secrets from the error.
    pub(crate) fn attempted_with(
        &mut self,
        now: Now,
        result: Result<Response<Bytes>, TransportError>,
        scrub: Scrub<'_>,
    ) -> Action {
        self.elapsed = self.elapsed(now);
        if self.limits.transfer.is_some() && !self.is_strict {
            // The time of a transfer does not count, only the waits between its attempts.
            let took = now.monotonic.saturating_sub(self.attempt_started);
            self.deadline = self.deadline.saturating_add(took);
        }
        if let Some(last) = self.last.take().filter(in_doubt) {
            self.doubt.get_or_insert(last);
        }
        let (error, verdict, named) = match result {
            Ok(response) if response.status().is_success() => return Action::Done(Ok(response)),
            Ok(response) => judge_response(ApiError::at(&response, Some(now.unix), scrub)),
            Err(cause) => {
                let mut limits = self.limits;
                limits.timeout = self.attempt_limit;
                judge_failure(cause, now, &limits)
            }
        };
        if self.repeats(verdict) {
            let wait = named.unwrap_or_default().max(self.backoff());
            let ends = now.monotonic.saturating_add(wait);
            if wait <= self.policy.max_wait && ends < self.deadline {
                self.last = Some(error);
                self.is_sent = false;
                return Action::Sleep(wait);
            }
        }
        self.fail(now, error)
    }

    /// The number of requests that were passed to the transport.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The largest response body in bytes.
    #[cfg(feature = "gzip")]
    pub(crate) fn max_response_bytes(&self) -> usize {
        self.limits.max_response_bytes
    }

    /// The operation of the call.
    pub(crate) fn operation(&self) -> OperationBrief {
        self.operation
    }

    /// Time since the start of the call.
    pub(crate) fn elapsed(&self, now: Now) -> Duration {
        now.monotonic.saturating_sub(self.started)
    }

    /// The error of the last attempt while a retry is pending.
    pub(crate) fn last_error(&self) -> Option<&Error> {
        self.last.as_ref()
    }

    /// Adds the facts about the call to the error with which it ends. If an earlier attempt may have been applied, the
    /// outcome cannot be that nothing was.
    pub(crate) fn settle(&mut self, error: Error) -> Error {
        let error = match self.doubt.take() {
            Some(doubt) if error.outcome() == Outcome::NotApplied && !self.operation.is_safe => {
                error.with_outcome(Outcome::Unknown).with_earlier(doubt)
            }
            _ => error,
        };
        self.complete(error)
    }

    /// Adds the facts about the call to an error.
    fn complete(&self, error: Error) -> Error {
        let error = self.operation.complete(error);
        error.with_exchange(self.attempts, self.elapsed)
    }

    /// The error of a call that ends here, without its result.
    pub(crate) fn cancelled(&mut self, now: Now) -> Error {
        self.elapsed = self.elapsed(now);
        let was_in_doubt = self.last.as_ref().is_some_and(in_doubt) || self.doubt.is_some();
        let outcome = if self.is_sent || was_in_doubt {
            Outcome::Unknown
        } else {
            Outcome::NotApplied
        };
        self.complete(Error::new(ErrorKind::Cancelled, outcome).with_retryable(true))
    }

    fn repeats(&self, verdict: Verdict) -> bool {
        self.attempts < self.policy.max_attempts
            && match verdict.retry {
                Retry::Never => false,
                Retry::IfIdempotent => self.operation.is_idempotent,
                Retry::Always => true,
            }
    }

    fn backoff(&mut self) -> Duration {
        let random = self.random.get_or_insert_with(Rng::new);
        self.policy.wait_after(self.attempts, random)
    }

    fn fail(&mut self, now: Now, error: Error) -> Action {
        self.elapsed = self.elapsed(now);
        Action::Done(Err(self.settle(error)))
    }
}

fn in_doubt(error: &Error) -> bool {
    error.outcome() == Outcome::Unknown
}

fn judge_response(api: ApiError) -> (Error, Verdict, Option<Duration>) {
    let (verdict, named) = (Verdict::of(&api), api.retry_after());
    (api.into(), verdict, named)
}

fn judge_failure(
    cause: TransportError,
    now: Now,
    limits: &Limits,
) -> (Error, Verdict, Option<Duration>) {
    // If the body of an error response was cut off, the head decides. An empty body makes no outcome more
    // certain.
    if let Some(status) = cause.status().filter(|status| status.as_u16() >= 300) {
        let mut head = Response::new(Bytes::new());
        *head.status_mut() = status;
        head.headers_mut().clone_from(cause.headers());
        let (error, verdict, named) =
            judge_response(ApiError::at(&head, Some(now.unix), Scrub::nothing()));
        return (error.with_source(cause), verdict, named);
    }
    let retry = match (cause.delivery(), cause.kind()) {
        (
            _,
            TransportErrorKind::Certificate
            | TransportErrorKind::InsecureUrl
            // The next response would be too large again.
            | TransportErrorKind::TooLarge
            | TransportErrorKind::RequestBody,
        ) => Retry::Never,
        (Delivery::NotSent | Delivery::Unprocessed, _) => Retry::Always,
        (Delivery::Sent, _) => Retry::IfIdempotent,
    };
    let error = transport_error(cause).with_retryable(retry != Retry::Never);
    let error = match error.kind() {
        // A transfer has other limits, and the transport describes them.
        _ if limits.transfer.is_some() => error,
        ErrorKind::Timeout => {
            let limit = rounded(limits.timeout);
            error.with_detail(format!("no complete response within {limit:?}"))
        }
        ErrorKind::TooLarge => {
            let limit = limits.max_response_bytes;
            error.with_detail(format!(
                "the response is larger than the limit of {limit} bytes"
            ))
        }
        _ => error,
    };
    let verdict = Verdict {
        outcome: error.outcome(),
        retry,
    };
    (error, verdict, None)
}

/// For messages: rounded down to tenths of a second, or to milliseconds.
fn rounded(time: Duration) -> Duration {
    let unit = match time {
        _ if time >= Duration::from_secs(1) => 100_000_000,
        _ if time >= Duration::from_millis(1) => 1_000_000,
        _ => 1,
    };
    time.saturating_sub(Duration::from_nanos((time.subsec_nanos() % unit).into()))
}

/// Converts an error of the transport to an error of the call.
pub(crate) fn transport_error(cause: TransportError) -> Error {
    let kind = match cause.kind() {
        TransportErrorKind::Lookup | TransportErrorKind::Connect | TransportErrorKind::Tls => {
            ErrorKind::Connect
        }
        TransportErrorKind::Certificate => ErrorKind::Certificate,
        TransportErrorKind::InsecureUrl => ErrorKind::Invalid,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::Interrupted => ErrorKind::Interrupted,
        TransportErrorKind::TooLarge => ErrorKind::TooLarge,
        TransportErrorKind::Malformed => ErrorKind::Malformed,
        TransportErrorKind::RequestBody => ErrorKind::RequestBody,
        TransportErrorKind::Other => ErrorKind::Transport,
    };
    let outcome = match cause.delivery() {
        Delivery::NotSent | Delivery::Unprocessed => Outcome::NotApplied,
        Delivery::Sent => Outcome::Unknown,
    };
    let status = cause.status();
    Error::new(kind, outcome)
        .with_source(cause)
        .with_status(status)
}
