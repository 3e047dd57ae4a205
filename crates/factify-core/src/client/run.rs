//! A running call: the exchange and its observers.

use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
#[cfg(feature = "gzip")]
use http::header::ACCEPT_ENCODING;
use http::{Request, Response, StatusCode};

use super::observe::{AttemptReport, CallReport, Watch};
use super::response::ApiResponse;
use crate::error::{Error, Outcome};
use crate::exchange::{Action, Exchange};
use crate::operation::{Operation, OperationInfo};
use crate::pace::{Pace, PacedAttempt, PacedRequest, SharedPace};
use crate::rate_limit::{self, RateLimit, ServerTime};
use crate::scrub::{QUOTED_BYTES, Scrub, Secret};
use crate::transport::{Limits, Now, RequestBody, TransportError};
#[cfg(feature = "gzip")]
use crate::wire::{DecodeError, decode, inflate};

/// Reports a call that ended before anything was sent.
pub(crate) fn refused(operation: &OperationInfo, watch: &Watch, error: &Error) {
    let mut call = CallReport::new(operation.id);
    call.set_error(error);
    watch.called(&call);
}

/// A run that reports its end even if it is dropped before.
#[derive(Debug)]
pub(crate) struct Running<R: Cancel, K: Clock> {
    run: R,
    clock: K,
}

/// Reads the transport's clocks.
pub(crate) trait Clock {
    fn now(&self) -> Now;
}

impl<F: Fn() -> Now> Clock for F {
    fn now(&self) -> Now {
        self()
    }
}

/// What a [`Running`] does when it is dropped.
pub(crate) trait Cancel {
    /// Whether nothing is to be reported.
    fn is_reported(&self) -> bool;

    /// Leaves the queue of the pace.
    fn leave(&mut self) {}

    /// Reports that the call ends without a result.
    fn cancel(&mut self, now: Now);
}

impl<R: Cancel, K: Clock> Running<R, K> {
    pub(crate) fn new(run: R, clock: K) -> Self {
        Self { run, clock }
    }
}

impl<R: Cancel, K: Clock> Deref for Running<R, K> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.run
    }
}

impl<R: Cancel, K: Clock> DerefMut for Running<R, K> {
    fn deref_mut(&mut self) -> &mut R {
        &mut self.run
    }
}

impl<R: Cancel, K: Clock> Drop for Running<R, K> {
    fn drop(&mut self) {
        let end = AssertUnwindSafe(|| {
            self.run.leave();
            if !self.run.is_reported() {
                self.run.cancel(self.clock.now());
            }
        });
        if thread::panicking() {
            // A second panic that leaves a destructor aborts the process.
            let _ = catch_unwind(end);
        } else {
            end();
        }
    }
}

/// The next step for the driver of a [`Run`].
#[must_use]
pub(crate) enum Step {
    /// Ask the pace for a turn, then call [`Run::asked`].
    Ask(Arc<dyn Pace>, PacedRequest),
    /// Send the request within these limits, then call [`Run::attempted`].
    Send(Limits),
    /// Wait, then call [`Run::woke`].
    Sleep(Duration),
    /// Return the result, after [`Run::finish`].
    Done(Result<Response<Bytes>, Error>),
}

impl From<Action> for Step {
    fn from(action: Action) -> Self {
        match action {
            Action::Send(limits) => Self::Send(limits),
            Action::Sleep(wait) => Self::Sleep(wait),
            Action::Done(result) => Self::Done(result),
        }
    }
}

/// Whether to read the metadata of a response, which costs time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meta {
    Kept,
    Dropped,
}

#[derive(Debug)]
pub(crate) struct Run {
    request: Request<RequestBody>,
    secret: Secret,
    exchange: Exchange,
    watch: Watch,
    meta: Meta,
    pace: Option<SharedPace>,
    /// The next request as the pace knows it.
    paced: Option<PacedRequest>,
    /// Whether the pace has given a turn to the next request.
    has_turn: bool,
    /// When the next request asked the pace for the first time.
    first_asked: Option<Duration>,
    /// How long the last request waited for its turn.
    turn_wait: Duration,
    /// What may exist if the outcome is unknown.
    in_doubt: Option<String>,
    attempt_started: Duration,
    /// The status of the last response.
    status: Option<StatusCode>,
    has_ended: bool,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl Run {
    pub(crate) fn new(
        request: Request<RequestBody>,
        secret: Secret,
        exchange: Exchange,
        watch: Watch,
        meta: Meta,
        now: Now,
    ) -> Self {
        #[cfg(feature = "tracing")]
        let span = super::trace::span(exchange.operation(), &request);
        Self {
            request,
            secret,
            exchange,
            watch,
            meta,
            pace: None,
            paced: None,
            has_turn: false,
            first_asked: None,
            turn_wait: Duration::ZERO,
            in_doubt: None,
            attempt_started: now.monotonic,
            status: None,
            has_ended: false,
            #[cfg(feature = "tracing")]
            span,
        }
    }

    /// Asks a pace before each attempt.
    pub(crate) fn paced(mut self, pace: Option<SharedPace>) -> Self {
        self.pace = pace;
        self
    }

    /// Adds this advice to an error whose outcome is unknown.
    pub(crate) fn in_doubt(mut self, advice: Option<String>) -> Self {
        self.in_doubt = advice;
        self
    }

    /// The request for one attempt. Attempts share the body. The first request has room for the headers
    /// that a transport adds.
    pub(crate) fn request(&mut self) -> Request<RequestBody> {
        let kept = self.request.clone();
        std::mem::replace(&mut self.request, kept)
    }

    /// The span of the call.
    #[cfg(feature = "tracing")]
    pub(crate) fn span(&self) -> tracing::Span {
        self.span.clone()
    }

    /// Runs the transport within the span of the call.
    #[cfg(feature = "tracing")]
    pub(crate) fn instrument<F: Future>(
        &self,
        future: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        tracing::Instrument::instrument(future, self.span())
    }

    /// Runs the transport.
    #[cfg(not(feature = "tracing"))]
    #[allow(clippy::unused_self)] // Same signature as with `tracing`.
    pub(crate) fn instrument<F: Future>(&self, future: F) -> F {
        future
    }

    pub(crate) fn start(&mut self, now: Now) -> Step {
        self.woke(now)
    }

    pub(crate) fn woke(&mut self, now: Now) -> Step {
        if let Some(SharedPace(pace)) = &self.pace {
            let left = self.exchange.left(now);
            if !self.has_turn && !left.is_zero() {
                let operation = self.exchange.operation();
                let first = *self.first_asked.get_or_insert(now.monotonic);
                self.turn_wait = now.monotonic.saturating_sub(first);
                let request = self
                    .paced
                    .get_or_insert_with(|| PacedRequest::of(&operation, now));
                (request.now, request.left) = (now, left);
                return Step::Ask(Arc::clone(pace), *request);
            }
        }
        self.attempt_started = now.monotonic;
        self.exchange.woke(now).into()
    }

    /// The step after the pace has said how long to wait.
    pub(crate) fn asked(&mut self, now: Now, wait: Duration) -> Step {
        if wait.is_zero() {
            self.has_turn = true;
            return self.woke(now);
        }
        if wait >= self.exchange.left(now) {
            return self.exchange.has_no_turn(now, wait).into();
        }
        Step::Sleep(wait)
    }

    pub(crate) fn attempted(
        &mut self,
        now: Now,
        result: Result<Response<Bytes>, TransportError>,
    ) -> Step {
        #[cfg(feature = "tracing")]
        let _entered = self.span().entered();
        #[cfg(feature = "gzip")]
        let result = result.and_then(|response| self.inflated(response));
        let scrub = self.secret.scrub(Some(self.request.headers()));
        let result = result.map_err(|error| error.scrubbed(scrub));
        let status = match &result {
            Ok(response) => Some(response.status()),
            Err(error) => error.status(),
        };
        self.status = status.or(self.status);
        let error = result.as_ref().err().map(TransportError::kind);
        let mut paced = self.pace_end(now, &result);
        let attempt = self.exchange.attempts();
        let action = self.exchange.attempted_with(now, result, scrub);
        let wait = match &action {
            Action::Sleep(wait) => Some(*wait),
            Action::Send(_) | Action::Done(_) => None,
        };
        let failed = match &action {
            Action::Done(Err(error)) => Some(error),
            _ => self.exchange.last_error(),
        };
        let mut report = AttemptReport::new(self.exchange.operation().id, attempt);
        report.status = status;
        report.error = error;
        report.elapsed = now.monotonic.saturating_sub(self.attempt_started);
        report.turn_wait = self.turn_wait;
        report.wait = wait;
        report.request_id = failed.and_then(|error| error.api()?.request_id());
        if let Some((_, paced)) = &mut paced {
            paced.is_limited = failed.is_some_and(Error::is_rate_limited);
        }
        self.report(&report);
        self.attempt_started = now.monotonic;
        if let Some((SharedPace(pace), paced)) = paced {
            pace.attempted(&paced);
        }
        (self.has_turn, self.paced, self.first_asked) = (false, None, None);
        action.into()
    }

    /// What the pace learns from the end of an attempt.
    fn pace_end(
        &self,
        now: Now,
        result: &Result<Response<Bytes>, TransportError>,
    ) -> Option<(SharedPace, PacedAttempt)> {
        let (pace, request) = (self.pace.clone()?, self.paced?);
        let elapsed = now.monotonic.saturating_sub(request.now.monotonic);
        let mut attempt = PacedAttempt::new(request, elapsed);
        let (status, headers) = match result {
            Ok(response) => (Some(response.status()), Some(response.headers())),
            Err(error) => (error.status(), Some(error.headers())),
        };
        attempt.status = status;
        if let Some(headers) = headers {
            attempt.rate_limit = RateLimit::from_headers(headers);
            let server = ServerTime::of(headers, Some(now.unix));
            let resets_in = server.and_then(|server| attempt.rate_limit.reset_in(server));
            attempt.resets_in = rate_limit::retry_after(headers, server).or(resets_in);
        }
        Some((pace, attempt))
    }

    /// The response after decompression. An error is decompressed even if the request did not
    /// allow compression.
    #[cfg(feature = "gzip")]
    fn inflated(&self, response: Response<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let is_accepted = self.request.headers().contains_key(ACCEPT_ENCODING);
        if is_accepted || !response.status().is_success() {
            inflate::inflated(response, self.exchange.max_response_bytes())
        } else {
            Ok(response)
        }
    }

    /// Removes the secrets of the request.
    pub(super) fn scrub(&self) -> Scrub<'_> {
        self.secret.scrub(Some(self.request.headers()))
    }

    /// The result of the call, from the response that ended the exchange.
    pub(crate) fn finish<O: Operation>(
        &mut self,
        operation: &O,
        now: Now,
        result: Result<Response<Bytes>, Error>,
    ) -> Result<ApiResponse<O::Output>, Error> {
        #[cfg(feature = "tracing")]
        let _entered = self.span().entered();
        let result = result
            .and_then(|response| self.decode(operation, response))
            .map_err(|error| self.with_server(error.scrubbed(self.scrub())))
            .map_err(|error| self.with_doubt(error));
        let mut call = self.ended(now);
        match &result {
            Ok(response) => call.request_id = response.request_id.as_deref(),
            Err(error) => call.set_error(error),
        }
        self.called(&call);
        result
    }

    fn ended<'a>(&mut self, now: Now) -> CallReport<'a> {
        self.has_ended = true;
        let mut call = CallReport::new(self.exchange.operation().id);
        call.attempts = self.exchange.attempts();
        call.elapsed = self.exchange.elapsed(now);
        call.status = self.status;
        call
    }

    fn with_server(&self, error: Error) -> Error {
        match self.request.uri().authority() {
            Some(server) => error.with_server(server.as_str()),
            None => error,
        }
    }

    /// Adds what may exist now, if the outcome is unknown.
    fn with_doubt(&mut self, error: Error) -> Error {
        if error.outcome() == Outcome::NotApplied {
            return error;
        }
        match self.in_doubt.take() {
            Some(advice) => error.with_advice(advice),
            None => error,
        }
    }

    fn decode<O: Operation>(
        &mut self,
        operation: &O,
        response: Response<Bytes>,
    ) -> Result<ApiResponse<O::Output>, Error> {
        let status = response.status();
        let (mut request_id, mut rate_limit) = (None, RateLimit::default());
        if self.meta == Meta::Kept || self.watch.is_used() {
            request_id = self.request_id_of(&response);
            rate_limit = RateLimit::from_headers(response.headers());
        }
        #[cfg(feature = "gzip")]
        if response.extensions().get::<inflate::NotGzip>().is_some() {
            let error = decode::undecodable(status, response.headers(), DecodeError::not_gzip());
            return Err(self.exchange.settle(error));
        }
        let value = operation
            .decode(response)
            .map_err(|error| self.exchange.settle(error))?;
        Ok(ApiResponse {
            value,
            status,
            request_id,
            rate_limit,
            attempts: self.exchange.attempts(),
        })
    }

    fn request_id_of(&self, response: &Response<Bytes>) -> Option<String> {
        let id = response.headers().get("x-request-id")?.to_str().ok()?;
        Some(self.scrub().quote(id, QUOTED_BYTES))
    }

    fn report(&self, attempt: &AttemptReport<'_>) {
        #[cfg(feature = "tracing")]
        super::trace::attempted(&self.span, attempt);
        self.watch.attempted(attempt);
    }

    fn called(&self, call: &CallReport<'_>) {
        #[cfg(feature = "tracing")]
        if self.watch.is_part {
            super::trace::part_ended(&self.span, call);
        } else {
            super::trace::called(&self.span, call);
        }
        self.watch.called(call);
    }
}

impl Cancel for Run {
    fn is_reported(&self) -> bool {
        self.has_ended || !self.watch.is_used()
    }

    fn leave(&mut self) {
        if let (Some(SharedPace(pace)), Some(request), false) =
            (&self.pace, self.paced, self.has_turn)
        {
            pace.gave_up(&request);
        }
    }

    #[cold]
    fn cancel(&mut self, now: Now) {
        #[cfg(feature = "tracing")]
        let _entered = self.span().entered();
        let error = self.exchange.cancelled(now);
        let error = self.with_server(error);
        let error = self.with_doubt(error);
        let mut call = self.ended(now);
        call.set_error(&error);
        self.called(&call);
    }
}
