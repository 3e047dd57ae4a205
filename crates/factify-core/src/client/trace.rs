//! Spans and events. Where possible, the names follow OpenTelemetry's conventions for HTTP clients.

use std::time::Duration;

use http::Request;
use tracing::field::Empty;
use tracing::{Level, Span};

use super::observe::{AttemptReport, CallReport};
use crate::operation::OperationBrief;
use crate::transport::{RequestBody, TransportErrorKind};

/// The crate that users add, for their filters.
const TARGET: &str = "factify";

pub(crate) fn span(operation: OperationBrief, request: &Request<RequestBody>) -> Span {
    let uri = request.uri();
    tracing::span!(
        target: TARGET,
        Level::INFO,
        "factify",
        otel.name = operation.id,
        otel.kind = "client",
        factify.operation = operation.id,
        http.request.method = request.method().as_str(),
        url.template = operation.path,
        server.address = uri.host(),
        server.port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 }),
        otel.status_code = Empty,
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        error.type = Empty,
        factify.outcome = Empty,
        factify.request_id = Empty,
    )
}

pub(crate) fn attempted(span: &Span, attempt: &AttemptReport<'_>) {
    tracing::event!(
        target: TARGET,
        parent: span,
        Level::DEBUG,
        factify.operation = attempt.operation,
        factify.attempt = attempt.attempt,
        http.response.status_code = attempt.status.map(|status| status.as_u16()),
        error.type = attempt.error.map(TransportErrorKind::as_str),
        factify.elapsed_ms = millis(attempt.elapsed),
        factify.wait_ms = attempt.wait.map(millis),
        factify.request_id = attempt.request_id,
        "attempt ended"
    );
}

/// The span of an `ensure_…` call. Each of its requests has a span below it.
pub(crate) fn parts_span(name: &'static str) -> Span {
    tracing::span!(
        target: TARGET,
        Level::INFO,
        "factify",
        otel.name = name,
        otel.kind = "internal",
        factify.operation = name,
        otel.status_code = Empty,
        http.response.status_code = Empty,
        error.type = Empty,
        factify.outcome = Empty,
        factify.request_id = Empty,
    )
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Records the end of a call.
pub(crate) fn called(span: &Span, call: &CallReport<'_>) {
    part_ended(span, call);
    if let Some(error) = call.error {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", error.kind().as_str());
        span.record("factify.outcome", error.outcome().as_str());
    }
}

/// Records the end of a part of a call. It records no error, because the whole call can still succeed.
pub(crate) fn part_ended(span: &Span, call: &CallReport<'_>) {
    if let Some(status) = call.status {
        span.record("http.response.status_code", status.as_u16());
    }
    if call.attempts > 1 {
        span.record("http.request.resend_count", call.attempts - 1);
    }
    if let Some(id) = call.request_id {
        span.record("factify.request_id", id);
    }
}
