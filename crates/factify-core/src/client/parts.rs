//! The requests of a call that makes several of them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;

use super::observe::{AttemptReport, CallReport, Observer, Watch};
use super::options::Options;
use crate::error::{Error, ErrorKind, Outcome};
use crate::transport::Now;

/// The requests of a call that is one call for its observers.
pub(super) struct PartsRun {
    name: &'static str,
    options: Options,
    parts: Arc<Parts>,
    started: Duration,
    has_ended: bool,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl PartsRun {
    /// Begins a call with this name, which this observes.
    pub(super) fn new(name: &'static str, whole: &Watch, mut options: Options, now: Now) -> Self {
        let parts = Arc::new(Parts {
            whole: whole.clone(),
            sum: Mutex::default(),
        });
        options.watch = Some(Watch::of_parts(parts.clone()));
        Self {
            name,
            options,
            parts,
            started: now.monotonic,
            has_ended: false,
            #[cfg(feature = "tracing")]
            span: super::trace::parts_span(name),
        }
    }

    /// Begins now, instead of when it was made.
    pub(super) fn begin(&mut self, now: Now) {
        self.started = now.monotonic;
    }

    /// The span of the call.
    #[cfg(feature = "tracing")]
    pub(super) fn span(&self) -> tracing::Span {
        self.span.clone()
    }

    /// Whether its end was reported.
    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// The options of its requests. Without a time, they have the deadline of the client.
    pub(super) fn options(&self, left: Option<Duration>) -> Options {
        let mut options = self.options.clone();
        options.deadline = left;
        options
    }

    /// Reports the end of the call.
    pub(super) fn finish<T>(&mut self, now: Now, result: Result<T, Error>) -> Result<T, Error> {
        let elapsed = now.monotonic.saturating_sub(self.started);
        let sum = self.parts.sum();
        let result = result.map_err(|error| {
            let error = error.with_operation(self.name);
            error.with_exchange(sum.attempts, elapsed)
        });
        let mut report = CallReport::new(self.name);
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

    /// Reports that the call ends without a result. `in_doubt` is whether it may have been applied.
    pub(super) fn cancel(&mut self, now: Now, in_doubt: bool) {
        let outcome = if in_doubt || self.parts.sum().in_doubt {
            Outcome::Unknown
        } else {
            Outcome::NotApplied
        };
        let error = Error::new(ErrorKind::Cancelled, outcome).with_retryable(true);
        let _ = self.finish::<()>(now, Err(error));
    }
}

/// Observes the requests of a call: passes on their attempts, and combines their results.
struct Parts {
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
