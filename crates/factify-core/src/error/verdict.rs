//! What an error response means: whether the call was applied, and whether it may be retried.

use factify_types::{ErrorCode, ErrorReason};
use http::StatusCode;

use super::api_error::ApiError;
use super::kind::Outcome;

/// What a response says about the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    pub(crate) retry: Retry,
}

/// Whether the same request may succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    Never,
    IfIdempotent,
    Always,
}

impl Verdict {
    /// The only place that decides what an error response means: by its code, else by its status. A
    /// status that is a refusal means that nothing was applied, whatever the body says. So a body that
    /// was cut off, or cannot be read, never makes the outcome more certain.
    pub(crate) fn of(error: &ApiError) -> Self {
        let (outcome, retry) = match error.code() {
            Some(ErrorCode::ResourceExhausted) => exhausted(error),
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
                (Outcome::Unknown, Retry::IfIdempotent)
            }
            _ => by_status(error),
        };
        let outcome = if is_refusal(error.status()) {
            Outcome::NotApplied
        } else {
            outcome
        };
        Self { outcome, retry }
    }
}

fn by_status(error: &ApiError) -> (Outcome, Retry) {
    match error.status().as_u16() {
        429 => exhausted(error),
        408 | 500 | 502 | 503 | 504 => (Outcome::Unknown, Retry::IfIdempotent),
        400 if is_clear(error) => (Outcome::NotApplied, Retry::Never),
        // For 409, only the code tells: `already_exists` or `aborted`. For 499, a proxy saw the client
        // disconnect, and the server may have continued.
        _ => (Outcome::Unknown, Retry::Never),
    }
}

/// Whether the status of an error without a code is about the call. Without a body of the API, a 400 or a
/// 409 may come from a proxy, or be about other bytes of the connection.
pub(super) fn is_clear(error: &ApiError) -> bool {
    error.has_body() || !matches!(error.status().as_u16(), 400 | 409)
}

/// Whether the status alone says that the server refused the request.
fn is_refusal(status: StatusCode) -> bool {
    matches!(status.as_u16(), 401..=407 | 410..=498)
}

fn exhausted(error: &ApiError) -> (Outcome, Retry) {
    let retry = if error.has_reason(&ErrorReason::QuotaExceeded) {
        Retry::Never
    } else {
        Retry::Always
    };
    (Outcome::NotApplied, retry)
}

/// Whether a rate limit or a quota refused the call.
pub(super) fn is_exhausted(error: &ApiError) -> bool {
    match error.code() {
        Some(code) => *code == ErrorCode::ResourceExhausted,
        None => error.status() == StatusCode::TOO_MANY_REQUESTS,
    }
}
