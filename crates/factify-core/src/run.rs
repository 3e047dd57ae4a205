//! One call under way: the exchange, and whoever watches it.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use crate::error::Error;
use crate::exchange::{Action, Exchange};
use crate::observe::{AttemptReport, CallReport, Watch};
use crate::operation::{Operation, OperationInfo};
use crate::rate_limit::RateLimit;
use crate::response::ApiResponse;
use crate::scrub::Secrets;
use crate::transport::{Now, TransportError};

/// Tells of a call that ended before anything was sent.
pub(crate) fn refused(operation: &OperationInfo, watch: &Watch, error: &Error) {
    if let Some(observer) = &watch.0 {
        let mut call = CallReport::new(operation.id);
        call.set_error(error);
        observer.called(&call);
    }
}

#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) request: Request<Bytes>,
    secrets: Secrets,
    exchange: Exchange,
    watch: Watch,
    attempt_started: Duration,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl Run {
    pub(crate) fn new(
        request: Request<Bytes>,
        secrets: Secrets,
        exchange: Exchange,
        watch: Watch,
        now: Now,
    ) -> Self {
        #[cfg(feature = "tracing")]
        let span = crate::trace::span(exchange.operation(), &request);
        Self {
            request,
            secrets,
            exchange,
            watch,
            attempt_started: now.monotonic,
            #[cfg(feature = "tracing")]
            span,
        }
    }

    /// The span of the call.
    #[cfg(feature = "tracing")]
    pub(crate) fn span(&self) -> tracing::Span {
        self.span.clone()
    }

    pub(crate) fn start(&mut self, now: Now) -> Action {
        self.woke(now)
    }

    pub(crate) fn woke(&mut self, now: Now) -> Action {
        self.attempt_started = now.monotonic;
        self.exchange.woke(now)
    }

    pub(crate) fn answered(
        &mut self,
        now: Now,
        result: Result<Response<Bytes>, TransportError>,
    ) -> Action {
        let result = result.map(|response| {
            if response.status().is_success() {
                response
            } else {
                self.secrets.scrub(response)
            }
        });
        let status = match &result {
            Ok(response) => Some(response.status()),
            Err(error) => error.status(),
        };
        let error = result.as_ref().err().map(TransportError::kind);
        let attempt = self.exchange.attempts();
        let action = self.exchange.answered(now, result);
        let wait = match &action {
            Action::Sleep(wait) => Some(*wait),
            Action::Send(_) | Action::Done(_) => None,
        };
        let failed = match &action {
            Action::Done(Err(error)) => Some(error),
            Action::Done(Ok(_)) => None,
            _ => self.exchange.last_error(),
        };
        let mut report = AttemptReport::new(self.exchange.operation().id, attempt);
        report.status = status;
        report.error = error;
        report.elapsed = now.monotonic.saturating_sub(self.attempt_started);
        report.wait = wait;
        report.request_id = failed.and_then(|error| error.api()?.request_id());
        self.attempted(&report);
        self.attempt_started = now.monotonic;
        action
    }

    /// Makes the call's result of the answer that ended the exchange.
    pub(crate) fn finish<O: Operation>(
        &self,
        now: Now,
        result: Result<Response<Bytes>, Error>,
    ) -> Result<ApiResponse<O::Output>, Error> {
        let result = result
            .and_then(|response| self.decode::<O>(response))
            .map_err(|error| match self.request.uri().authority() {
                Some(server) => error.with_server(server.as_str()),
                None => error,
            });
        let mut call = CallReport::new(self.exchange.operation().id);
        call.attempts = self.exchange.attempts();
        call.elapsed = self.exchange.elapsed(now);
        match &result {
            Ok(answer) => {
                call.status = Some(answer.status);
                call.request_id = answer.request_id.as_deref();
            }
            Err(error) => call.set_error(error),
        }
        self.called(&call);
        result
    }

    fn decode<O: Operation>(
        &self,
        response: Response<Bytes>,
    ) -> Result<ApiResponse<O::Output>, Error> {
        let status = response.status();
        let request_id = response
            .headers()
            .get("x-request-id")
            .and_then(|id| id.to_str().ok())
            .map(str::to_owned);
        let rate_limit = RateLimit::from_headers(response.headers());
        let value = O::decode(response).map_err(|error| self.exchange.complete(error))?;
        Ok(ApiResponse {
            value,
            status,
            request_id,
            rate_limit,
            attempts: self.exchange.attempts(),
        })
    }

    fn attempted(&self, attempt: &AttemptReport<'_>) {
        #[cfg(feature = "tracing")]
        crate::trace::attempted(&self.span, attempt);
        if let Some(observer) = &self.watch.0 {
            observer.attempted(attempt);
        }
    }

    fn called(&self, call: &CallReport<'_>) {
        #[cfg(feature = "tracing")]
        crate::trace::called(&self.span, call);
        if let Some(observer) = &self.watch.0 {
            observer.called(call);
        }
    }
}
