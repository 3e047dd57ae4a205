use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use factify_types::{ErrorBody, ErrorCode, ErrorReason};
use http::{Response, StatusCode};
use serde::Deserialize;

use super::printable::Printable;
use super::verdict::is_exhausted;
use crate::json_text;
use crate::rate_limit::{self, RateLimit, ServerTime};
use crate::scrub::{QUOTED_BYTES, Scrub};

/// How much of an unstructured error body is kept, in bytes.
const EXCERPT_BYTES: usize = 512;

/// An error response of the API. The predicates of [`Error`](crate::Error), such as
/// [`is_not_found`](crate::Error::is_not_found), say what it means and what to do.
///
/// It reads the documented error body (`ErrorResponse`) and the two other envelopes that Factify has
/// published. Of any other body, such as a proxy's HTML page, it keeps the status and an excerpt. It
/// keeps at most 4 KiB of the server's text. A longer text ends with `… (cut off)`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[doc(alias = "ErrorResponse")]
pub struct ApiError {
    status: StatusCode,
    body: ErrorBody,
    excerpt: Option<String>,
    rate_limit: RateLimit,
    retry_after: Option<Duration>,
}

impl ApiError {
    /// Reads a response whose status is not 2xx. It reads a wait until a time, such as a date in
    /// `Retry-After`, only if the response has the header `Date`. A client uses the local clock if
    /// there is no `Date`, and removes the secrets of its request.
    pub fn from_response(response: &Response<Bytes>) -> Self {
        Self::at(response, None, Scrub::nothing())
    }

    /// The only place where the text of an error response becomes part of an error. `unix` is the time on
    /// the local clock, for a response without `Date`.
    pub(crate) fn at(response: &Response<Bytes>, unix: Option<Duration>, scrub: Scrub<'_>) -> Self {
        let now = ServerTime::of(response.headers(), unix);
        let mut body = read(response.body()).unwrap_or_default();
        let mut left = QUOTED_BYTES;
        body.edit_texts(|text| {
            let quoted = scrub.quote(text, left);
            left = left.saturating_sub(text.len());
            quoted
        });
        let mut error = Self {
            status: response.status(),
            excerpt: None,
            rate_limit: RateLimit::from_headers(response.headers()),
            retry_after: rate_limit::retry_after(response.headers(), now),
            body,
        };
        if !error.has_body() {
            error.excerpt = excerpt(response.body(), scrub);
        }
        error.retry_after = error
            .retry_after
            .or_else(|| {
                now.filter(|_| is_exhausted(&error))
                    .and_then(|now| error.rate_limit.reset_in(now))
                    .filter(|wait| !wait.is_zero())
            })
            .or_else(|| error.body.retry_after_seconds.map(Duration::from_secs));
        error
    }

    /// Whether the body is one that Factify has published.
    pub(super) fn has_body(&self) -> bool {
        self.body != ErrorBody::default()
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

    /// The first 512 bytes of a body that is not a published error body. If there are more, it ends with
    /// `… (cut off)`.
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

/// Reads the body. Ignores the bytes after the JSON.
fn read(body: &[u8]) -> Option<ErrorBody> {
    let text = String::from_utf8_lossy(json_text::without_byte_order_mark(body));
    let parse =
        |text: &str| ErrorBody::deserialize(&mut serde_json::Deserializer::from_str(text)).ok();
    parse(&text).or_else(|| {
        let mended = json_text::without_large_numbers(&text);
        parse(&json_text::without_lone_surrogates(&mended).unwrap_or(mended))
    })
}

fn excerpt(body: &[u8], scrub: Scrub<'_>) -> Option<String> {
    // A longer text is cut off below.
    let head = body.get(..2 * EXCERPT_BYTES).unwrap_or(body);
    let text = String::from_utf8_lossy(head);
    // The connection may have broken within a secret.
    let text = scrub.text(&text, true).unwrap_or(text.into_owned());
    (!text.is_empty()).then(|| scrub.quote(&text, EXCERPT_BYTES))
}
