use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use factify_types::{ErrorBody, ErrorCode, ErrorReason};
use http::{Response, StatusCode};

use super::printable::Printable;
use super::verdict::is_exhausted;
use crate::rate_limit::{self, RateLimit, ServerTime};

/// How much of an unstructured error body is kept, in bytes.
const EXCERPT_BYTES: usize = 512;

/// An error response of the API.
///
/// It reads the documented error body (`ErrorResponse`) and the two other envelopes that Factify has
/// published. Of any other body, such as a proxy's HTML page, it keeps the status and an excerpt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    body: ErrorBody,
    excerpt: Option<String>,
    rate_limit: RateLimit,
    retry_after: Option<Duration>,
}

impl ApiError {
    /// Reads a response whose status is not 2xx. A wait until a time, such as the date of a
    /// `Retry-After`, needs the header `Date` here. A client also reads it without, by the local clock.
    pub fn from_response(response: &Response<Bytes>) -> Self {
        Self::at(response, None)
    }

    /// `unix` is the time on the local clock, for a response without `Date`.
    pub(crate) fn at(response: &Response<Bytes>, unix: Option<Duration>) -> Self {
        let now = ServerTime::of(response.headers(), unix);
        let body: Option<ErrorBody> = serde_json::from_slice(response.body()).ok();
        let body = body.filter(|body| !body.is_empty());
        let excerpt = match &body {
            Some(_) => None,
            None => excerpt(response.body()),
        };
        let body = body.unwrap_or_default();
        let mut error = Self {
            status: response.status(),
            excerpt,
            rate_limit: RateLimit::from_headers(response.headers()),
            retry_after: rate_limit::retry_after(response.headers(), now),
            body,
        };
        error.retry_after = error
            .retry_after
            .or_else(|| {
                now.filter(|_| is_exhausted(&error))
                    .and_then(|now| error.rate_limit.reset_in(now))
            })
            .or_else(|| error.body.retry_after_seconds.map(Duration::from_secs));
        error
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The error code. Check it before the status: `failed_precondition` also has status 400.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.body.code.as_ref()
    }

    /// The API's message for people.
    pub fn message(&self) -> Option<&str> {
        self.body.message.as_deref()
    }

    /// The reasons, in the API's order: from the most to the least specific.
    pub fn reasons(&self) -> impl Iterator<Item = &ErrorReason> {
        self.body.reasons()
    }

    /// Whether this is one of the reasons.
    pub fn has_reason(&self, reason: &ErrorReason) -> bool {
        self.reasons().any(|found| found == reason)
    }

    /// The invalid parameter, for a validation error.
    pub fn param(&self) -> Option<&str> {
        self.body.param()
    }

    /// The request id for Factify's support. v1beta sends it in the body, not in a header.
    pub fn request_id(&self) -> Option<&str> {
        self.body.request_id().filter(|id| !id.is_empty())
    }

    /// The rate limit headers of the response.
    pub fn rate_limit(&self) -> &RateLimit {
        &self.rate_limit
    }

    /// The wait that the server asks for: from `Retry-After`, else from `X-RateLimit-Reset` if the rate
    /// limit was exceeded, else from `retry_after` of the older body.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The first 512 bytes of a body that is not a published error body.
    pub fn excerpt(&self) -> Option<&str> {
        self.excerpt.as_deref()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.status.as_u16())?;
        if let Some(code) = self.code() {
            write!(f, " {}", Printable(code.as_str()))?;
        }
        for reason in self.reasons() {
            write!(f, " ({})", Printable(reason.as_str()))?;
        }
        if let Some(message) = self.message() {
            write!(f, ": {}", Printable(message))?;
        }
        if let Some(param) = self.param() {
            write!(f, " [parameter {}]", Printable(param))?;
        }
        if let Some(id) = self.request_id() {
            write!(f, " [request {}]", Printable(id))?;
        }
        Ok(())
    }
}

impl std::error::Error for ApiError {}

fn excerpt(body: &[u8]) -> Option<String> {
    let head = body.get(..EXCERPT_BYTES).unwrap_or(body);
    (!head.is_empty()).then(|| String::from_utf8_lossy(head).into_owned())
}
