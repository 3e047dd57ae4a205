use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use factify_types::{ErrorBody, ErrorCode, ErrorReason};
use http::{Response, StatusCode};

use super::printable::Printable;
use super::verdict::is_exhausted;
use crate::rate_limit::{self, RateLimit};

/// How much of an unstructured error body is kept, in bytes.
const EXCERPT_BYTES: usize = 512;

/// What the API responded with instead of a success.
///
/// It is made of any response: of the documented error body (`ErrorResponse`), of the two other
/// envelopes that Factify has published, and of anything else, such as a proxy's HTML page, of which
/// the status and an excerpt are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    body: ErrorBody,
    excerpt: Option<String>,
    rate_limit: RateLimit,
    retry_after: Option<Duration>,
}

impl ApiError {
    /// Reads a response whose status is not 2xx. The wait is read only from a `Retry-After` in
    /// seconds or the older body, since the time is not known here; a client reads times too.
    pub fn from_response(response: &Response<Bytes>) -> Self {
        Self::at(response, None)
    }

    pub(crate) fn at(response: &Response<Bytes>, unix: Option<Duration>) -> Self {
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
            retry_after: rate_limit::retry_after(response.headers(), unix),
            body,
        };
        error.retry_after = error
            .retry_after
            .or_else(|| {
                unix.filter(|_| is_exhausted(&error))
                    .and_then(|unix| error.rate_limit.reset_in(unix))
            })
            .or_else(|| error.body.retry_after_seconds.map(Duration::from_secs));
        error
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The error code. Decide by it before the status: `failed_precondition` comes as 400 too.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.body.code.as_ref()
    }

    /// The API's sentence for people.
    pub fn message(&self) -> Option<&str> {
        self.body.message.as_deref()
    }

    /// The reasons, from the most to the least specific as the API lists them.
    pub fn reasons(&self) -> impl Iterator<Item = &ErrorReason> {
        self.body.reasons()
    }

    /// Whether this reason is among them.
    pub fn has_reason(&self, reason: &ErrorReason) -> bool {
        self.reasons().any(|found| found == reason)
    }

    /// The parameter that a validation error is about.
    pub fn param(&self) -> Option<&str> {
        self.body.param()
    }

    /// The id to give to Factify's support. v1beta puts it in the body, not in a header.
    pub fn request_id(&self) -> Option<&str> {
        self.body.request_id()
    }

    /// The rate limit headers of the response.
    pub fn rate_limit(&self) -> &RateLimit {
        &self.rate_limit
    }

    /// The wait that the server asks for: by `Retry-After`, else by `X-RateLimit-Reset` when the rate
    /// limit was hit, else by the older body's `retry_after`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The first 512 bytes of a body that is none of the published error bodies.
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
