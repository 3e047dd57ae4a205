use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use factify_types::{ErrorBody, ErrorCode, ErrorReason};
use http::{Response, StatusCode};

use crate::error::{Error, ErrorKind, Outcome};
use crate::rate_limit::{self, RateLimit};

/// How much of an unstructured error body is kept, in bytes.
const EXCERPT_BYTES: usize = 512;

/// What the API answered instead of a success.
///
/// It is made of any answer: of the documented error body (`ErrorResponse`), of the two other
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

/// What the answer says about the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    pub(crate) retry: Retry,
}

/// Whether the same request may do better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    Never,
    IfConverging,
    Always,
}

impl ApiError {
    /// Reads an answer whose status is not 2xx. The wait is read only from a `Retry-After` in
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
                unix.filter(|_| error.is_rate_limit())
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

    /// The rate limit headers of the answer.
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

    /// The one place that says what an answer means: by its code, else by its status.
    pub(crate) fn verdict(&self) -> Verdict {
        let (outcome, retry) = match self.code() {
            Some(ErrorCode::ResourceExhausted) => self.exhausted(),
            Some(
                ErrorCode::InvalidArgument
                | ErrorCode::FailedPrecondition
                | ErrorCode::OutOfRange
                | ErrorCode::Unauthenticated
                | ErrorCode::PermissionDenied
                | ErrorCode::NotFound
                | ErrorCode::AlreadyExists
                | ErrorCode::Unimplemented,
            ) => (Outcome::NotApplied, Retry::Never),
            Some(ErrorCode::Canceled | ErrorCode::Aborted | ErrorCode::DataLoss) => {
                (Outcome::Unknown, Retry::Never)
            }
            Some(ErrorCode::DeadlineExceeded | ErrorCode::Internal | ErrorCode::Unavailable) => {
                (Outcome::Unknown, Retry::IfConverging)
            }
            _ => self.by_status(),
        };
        Verdict { outcome, retry }
    }

    fn by_status(&self) -> (Outcome, Retry) {
        match self.status.as_u16() {
            429 => self.exhausted(),
            408 | 500 | 502 | 503 | 504 => (Outcome::Unknown, Retry::IfConverging),
            400..=498 => (Outcome::NotApplied, Retry::Never),
            // Also 499: the caller went away, as a proxy sees it, and the work may have gone on.
            _ => (Outcome::Unknown, Retry::Never),
        }
    }

    fn exhausted(&self) -> (Outcome, Retry) {
        let retry = if self.has_reason(&ErrorReason::QuotaExceeded) {
            Retry::Never
        } else {
            Retry::Always
        };
        (Outcome::NotApplied, retry)
    }

    pub(crate) fn is_rate_limit(&self) -> bool {
        match self.code() {
            Some(code) => *code == ErrorCode::ResourceExhausted,
            None => self.status == StatusCode::TOO_MANY_REQUESTS,
        }
    }

    pub(crate) fn into_error(self) -> Error {
        let outcome = self.verdict().outcome;
        let kind = if self.status.as_u16() < 400 {
            ErrorKind::Redirect
        } else {
            ErrorKind::Api
        };
        Error::new(kind, outcome).with_api(self)
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

/// Text of the server, on one line and without what would steer a terminal.
struct Printable<'a>(&'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Harmless, though `escape_debug` escapes them.
        const QUOTES: [char; 3] = ['\'', '"', '\\'];
        for part in self.0.split_inclusive(QUOTES) {
            let text = part.trim_end_matches(QUOTES);
            let quote = part.strip_prefix(text).unwrap_or_default();
            write!(f, "{}{quote}", text.escape_debug())?;
        }
        Ok(())
    }
}

impl std::error::Error for ApiError {}

fn excerpt(body: &[u8]) -> Option<String> {
    let head = body.get(..EXCERPT_BYTES).unwrap_or(body);
    (!head.is_empty()).then(|| String::from_utf8_lossy(head).into_owned())
}
