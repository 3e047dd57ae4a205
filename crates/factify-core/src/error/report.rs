use std::error::Error as _;
use std::fmt;

use factify_types::ErrorReason;

use super::kind::{ErrorKind, Outcome};
use super::{ApiError, Error};

/// Prints an [`Error`] with its causes and what to do next.
#[derive(Debug)]
pub struct ErrorReport<'a>(&'a Error);

impl<'a> ErrorReport<'a> {
    pub(crate) fn new(error: &'a Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for ErrorReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        causes(f, self.0, "  ")?;
        let mut error = self.0;
        while let Some(earlier) = error.earlier() {
            write!(f, "\n  after an earlier attempt: {earlier}")?;
            causes(f, earlier, "    ")?;
            error = earlier;
        }
        f.write_str("\n")?;
        if let Some(warning) = self.0.0.warning {
            write!(f, "{warning} ")?;
        }
        next_step(f, self.0)
    }
}

/// Each cause on its own line, except for one that says the same as the line before.
fn causes(f: &mut fmt::Formatter<'_>, error: &Error, indent: &str) -> fmt::Result {
    let mut before = Happened(error).to_string();
    // A longer form of the kind's own message says little more.
    let is_default = error.0.detail.is_none() && error.0.api.is_none();
    let default = is_default.then(|| before.clone());
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        let restates = default
            .as_ref()
            .is_some_and(|default| text.starts_with(default));
        if !restates && !before.contains(&text) {
            write!(f, "\n{indent}because {text}")?;
            before = text;
        }
        cause = error.source();
    }
    Ok(())
}

/// The error without its operation and its outcome.
struct Happened<'a>(&'a Error);

impl fmt::Display for Happened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.happened(f)
    }
}

/// What to do next.
fn next_step(f: &mut fmt::Formatter<'_>, error: &Error) -> fmt::Result {
    let is_unverified = error.kind() == ErrorKind::Unverified;
    let unchanged = match error.outcome() {
        Outcome::NotApplied => "; nothing was changed",
        _ => "",
    };
    match error.retry_after() {
        Some(wait) if is_unverified || !unchanged.is_empty() => {
            let seconds = wait.as_millis().div_ceil(1_000);
            write!(f, "Wait {seconds} s, then call again{unchanged}.")
        }
        _ => f.write_str(advice(error)),
    }
}

fn advice(error: &Error) -> &str {
    if let Some(advice) = &error.0.advice {
        return advice;
    }
    match (error.kind(), error.outcome()) {
        (ErrorKind::Unverified, _) => advice_on_unverified(error),
        (ErrorKind::Redirect | ErrorKind::Decode | ErrorKind::Mismatch, Outcome::Unknown) => {
            "Check the base URL and the proxy, and read the state before calling again."
        }
        (_, Outcome::Applied) => "Do not call again; read the state instead.",
        (_, Outcome::Unknown) => "Read the state before calling again.",
        (_, Outcome::NotApplied) => advice_on_nothing(error),
    }
}

/// What to do when a result could not be verified. Calling again is safe in any case, but may not help.
fn advice_on_unverified(error: &Error) -> &'static str {
    if error.is_unauthenticated() {
        on_unauthenticated(error)
    } else if error.is_permission_denied() {
        PERMISSION_DENIED
    } else if error.is_quota_exceeded() {
        "Wait for the next month, or raise the quota that is used up, then call again."
    } else if error.is_not_found() {
        "Check the ids, and use the key of somebody who still has access."
    } else if is_elsewhere(error) {
        "Check the base URL and the proxy, then call again."
    } else if error.is_retryable() {
        "Call again."
    } else {
        "Read the state yourself, and report this error to Factify's support: calling again will not help."
    }
}

/// Whether the error shows that something other than the API responded.
fn is_elsewhere(error: &Error) -> bool {
    let mut causes = error.cause().into_iter().chain(error.earlier());
    causes.any(|cause: &Error| match cause.kind() {
        ErrorKind::Redirect | ErrorKind::Certificate | ErrorKind::Mismatch => true,
        _ => cause.is_foreign(),
    })
}

fn on_unauthenticated(error: &Error) -> &'static str {
    let has_expired = |api: &ApiError| api.has_reason(&ErrorReason::ExpiredApiKey);
    if error.api().is_some_and(has_expired) {
        return "The API key has expired: use another one.";
    }
    "Check the API key: it is missing, mistyped, expired, revoked, or for another server."
}

const PERMISSION_DENIED: &str = "Use the key of somebody who may do this.";

/// What to do when nothing was changed.
fn advice_on_nothing(error: &Error) -> &'static str {
    if error.is_unauthenticated() {
        return on_unauthenticated(error);
    }
    if error.is_permission_denied() {
        return PERMISSION_DENIED;
    }
    if error.is_not_found() {
        return "Check the ids, the base URL, and that the key belongs to the organization.";
    }
    if error.is_failed_precondition() {
        return "Check the current state: it does not allow this call.";
    }
    if error.is_quota_exceeded() {
        return "Wait for the next month, or raise the quota that is used up: that of the organization, or of \
                the key. Nothing was changed.";
    }
    if error.is_rate_limited() {
        return "Wait, then call again; nothing was changed.";
    }
    match error.kind() {
        ErrorKind::Invalid if error.attempts() > 0 => {
            "Correct the call and try again; nothing was changed."
        }
        ErrorKind::Invalid => "Correct the call and try again; nothing was sent.",
        ErrorKind::Certificate => {
            "Check the base URL and the trusted certificates; nothing was changed."
        }
        ErrorKind::Connect => {
            "Check the network and the base URL, then call again; nothing was changed."
        }
        ErrorKind::Refused => "Read the reason, and check the current state: nothing was changed.",
        ErrorKind::RequestBody => "Check what you upload, then call again; nothing was changed.",
        ErrorKind::Processing => {
            "Upload the file in a format that the API reads, or process the document again."
        }
        ErrorKind::Write => "Check where you write to, then download again.",
        ErrorKind::Redirect => "Check the base URL and the proxy.",
        ErrorKind::Mismatch => {
            "Check the base URL and the proxy, then report this error to Factify's support."
        }
        ErrorKind::TooLarge => {
            "Request a smaller page, or raise `ClientConfig::max_response_bytes`; nothing was changed."
        }
        ErrorKind::Paging => "Report this error to Factify's support; nothing was changed.",
        ErrorKind::Decode if error.is_foreign() => "Check the base URL and the proxy.",
        ErrorKind::Decode if error.unreadable_item().is_some() => {
            "Report this error to Factify's support. You can still read the other items of the list."
        }
        ErrorKind::Decode => {
            "Report this error to Factify's support: the response does not match the API's document."
        }
        _ if error.is_retryable() => "Call again; nothing was changed.",
        _ => "Correct the request; nothing was changed.",
    }
}
