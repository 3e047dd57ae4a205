//! `ensure_…` calls: several requests that are one call for their observers.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;

use super::config::ClientConfig;
use super::observe::{AttemptReport, CallReport, Observer, Watch};
use super::options::{Options, option_setters};
use super::run::{Cancel, Running};
use super::{Call, Client, blocking};
use crate::error::{Error, ErrorKind, Outcome};
use crate::operation::Operation;
use crate::operations::ensure::{Ensure, Machine, Step};
use crate::transport::{self, HttpTransport, Now};

/// A call that changes something and verifies the result, with its options, such as
/// [`EnsureRevokedCall`](crate::invites::EnsureRevokedCall).
///
/// Nothing happens before `send`. It sends as many requests as necessary within its deadline. The other
/// options apply to each request.
#[derive(Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct EnsureCall<'c, C, E> {
    client: &'c C,
    config: &'c ClientConfig,
    ensure: E,
    options: Options,
}

impl<'c, C, E> EnsureCall<'c, C, E> {
    pub(crate) fn new(client: &'c C, config: &'c ClientConfig, ensure: E) -> Self {
        let options = Options::default();
        Self {
            client,
            config,
            ensure,
            options,
        }
    }

    /// Changes what the call makes sure of.
    pub(crate) fn change(mut self, change: impl FnOnce(&mut E)) -> Self {
        change(&mut self.ensure);
        self
    }

    option_setters!();
}

/// The code of both drivers, which differ only in how they wait.
macro_rules! drive {
    ($call:ident, $run:ident, $transport:ident $(, $await:tt)?) => {{
        let mut step = $run.machine.start($transport.now());
        loop {
            step = match step {
                Step::Act(act, left) => {
                    let result = $run.part($call.client, act, left).send()$(.$await)?;
                    $run.machine.acted($transport.now(), result)
                }
                Step::List(list, left) => {
                    let result = $run.part($call.client, *list, left).send()$(.$await)?;
                    $run.machine.listed($transport.now(), result)
                }
                Step::Done(result) => break $run.finish($transport.now(), result),
            };
        }
    }};
}

impl<T: HttpTransport, E: Ensure> EnsureCall<'_, Client<T>, E> {
    /// Makes the change, verifies it and returns the state. You can call it again at any time.
    ///
    /// Dropping the future ends the call; whether it was applied is then unknown.
    ///
    /// # Errors
    /// [`ErrorKind::Unverified`] if the state could not be verified, and the errors of the operation, such
    /// as a wrong token or ID. After an error nothing is certain, even if its outcome is
    /// [`Outcome::NotApplied`].
    pub async fn send(self) -> Result<E::Ensured, Error> {
        let transport = self.client.transport();
        let run = EnsureRun::new(self.config, self.ensure, self.options, transport.now());
        let mut run = Running::new(run, || transport.now());
        #[cfg(feature = "tracing")]
        {
            let span = run.span.clone();
            let driven = async { drive!(self, run, transport, await) };
            tracing::Instrument::instrument(driven, span).await
        }
        #[cfg(not(feature = "tracing"))]
        drive!(self, run, transport, await)
    }
}

impl<T: transport::blocking::HttpTransport, E: Ensure> EnsureCall<'_, blocking::Client<T>, E> {
    /// Makes the change, verifies it and returns the state. You can call it again at any time.
    ///
    /// # Errors
    /// [`ErrorKind::Unverified`] if the state could not be verified, and the errors of the operation, such
    /// as a wrong token or ID. After an error nothing is certain, even if its outcome is
    /// [`Outcome::NotApplied`].
    pub fn send(self) -> Result<E::Ensured, Error> {
        let transport = self.client.transport();
        let run = EnsureRun::new(self.config, self.ensure, self.options, transport.now());
        let mut run = Running::new(run, || transport.now());
        #[cfg(feature = "tracing")]
        let span = run.span.clone();
        #[cfg(feature = "tracing")]
        let _entered = span.enter();
        drive!(self, run, transport)
    }
}

/// The requests of a call, and its observers.
struct EnsureRun<'c, E> {
    machine: Machine<E>,
    config: &'c ClientConfig,
    options: Options,
    parts: Arc<Parts>,
    started: Duration,
    has_ended: bool,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl<'c, E: Ensure> EnsureRun<'c, E> {
    fn new(config: &'c ClientConfig, ensure: E, mut options: Options, now: Now) -> Self {
        let deadline = options.deadline.unwrap_or(config.deadline);
        let parts = Arc::new(Parts {
            whole: config.watch.clone(),
            sum: Mutex::default(),
        });
        options.watch = Some(Watch::of_parts(parts.clone()));
        Self {
            machine: Machine::new(ensure, deadline, now),
            config,
            options,
            parts,
            started: now.monotonic,
            has_ended: false,
            #[cfg(feature = "tracing")]
            span: super::trace::ensure_span(E::NAME),
        }
    }

    /// A request of the call.
    fn part<'a, C, O: Operation>(
        &self,
        client: &'a C,
        operation: O,
        left: Duration,
    ) -> Call<'a, C, O>
    where
        'c: 'a,
    {
        let options = self.options.clone();
        Call::with_options(client, self.config, operation, options).deadline(left)
    }

    fn finish(&mut self, now: Now, result: Result<E::Ensured, Error>) -> Result<E::Ensured, Error> {
        let elapsed = now.monotonic.saturating_sub(self.started);
        let sum = self.parts.sum();
        let result = result.map_err(|error| {
            let error = error.with_operation(E::NAME);
            error.with_exchange(sum.attempts, elapsed)
        });
        let mut report = CallReport::new(E::NAME);
        report.attempts = sum.attempts;
        report.elapsed = elapsed;
        report.status = sum.status;
        if let Err(error) = &result {
            report.set_error(error);
        }
        self.has_ended = true;
        #[cfg(feature = "tracing")]
        let _entered = self.span.enter();
        #[cfg(feature = "tracing")]
        super::trace::called(&self.span, &report);
        self.parts.whole.called(&report);
        result
    }
}

impl<E: Ensure> Cancel for EnsureRun<'_, E> {
    fn is_reported(&self) -> bool {
        self.has_ended
    }

    fn cancel(&mut self, now: Now) {
        let outcome = if self.machine.is_in_doubt() || self.parts.sum().in_doubt {
            Outcome::Unknown
        } else {
            Outcome::NotApplied
        };
        let error = Error::new(ErrorKind::Cancelled, outcome).with_retryable(true);
        let _ = self.finish(now, Err(error));
    }
}

/// Observes the requests of a call: passes on their attempts, and combines their results.
pub(super) struct Parts {
    whole: Watch,
    sum: Mutex<Sum>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    attempts: u32,
    /// The status of the last response.
    status: Option<StatusCode>,
    /// Whether a request ended with an outcome other than `NotApplied`.
    in_doubt: bool,
}

impl Parts {
    fn sum(&self) -> Sum {
        *self.sum.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Parts {
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        self.whole.attempted(attempt);
    }

    fn called(&self, part: &CallReport<'_>) {
        let mut sum = self.sum.lock().unwrap_or_else(PoisonError::into_inner);
        sum.attempts = sum.attempts.saturating_add(part.attempts);
        sum.status = part.status.or(sum.status);
        let outcome = part.error.map_or(Outcome::NotApplied, Error::outcome);
        sum.in_doubt |= outcome != Outcome::NotApplied;
    }
}
