use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use super::Error;
use super::kind::{ErrorKind, Outcome};

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
        causes(f, self.0)?;
        let mut error = self.0;
        while let Some(earlier) = error.earlier() {
            write!(f, "\n  after an earlier attempt: {earlier}")?;
            causes(f, earlier)?;
            error = earlier;
        }
        match wait(self.0) {
            Some(wait) => {
                let seconds = wait.as_millis().div_ceil(1_000);
                write!(
                    f,
                    "\nWait {seconds} s, then call again; nothing was changed."
                )
            }
            None => write!(f, "\n{}", advice(self.0)),
        }
    }
}

fn causes(f: &mut fmt::Formatter<'_>, error: &Error) -> fmt::Result {
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(f, "\n  because {error}")?;
        cause = error.source();
    }
    Ok(())
}

/// How long the server asks to wait before the same call.
fn wait(error: &Error) -> Option<Duration> {
    let helps = error.is_retryable() && error.outcome() == Outcome::NotApplied;
    let wait = error.api().filter(|_| helps)?.retry_after()?;
    (!wait.is_zero()).then_some(wait)
}

fn advice(error: &Error) -> &'static str {
    if let Some(advice) = error.0.advice {
        return advice;
    }
    match (error.kind(), error.outcome()) {
        (ErrorKind::Unverified, _) if error.is_unauthenticated() => UNAUTHENTICATED,
        (ErrorKind::Unverified, _) if error.is_permission_denied() => PERMISSION_DENIED,
        (ErrorKind::Unverified, _) if is_elsewhere(error) => {
            "Check the base URL and the proxy, then call again."
        }
        (ErrorKind::Unverified, _) => "Call again.",
        (ErrorKind::Redirect | ErrorKind::Decode | ErrorKind::Mismatch, Outcome::Unknown) => {
            "Check the base URL and the proxy, and read the state before calling again."
        }
        (_, Outcome::Applied) => "Do not call again; read the state instead.",
        (_, Outcome::Unknown) => "Read the state before calling again.",
        (_, Outcome::NotApplied) => advice_on_nothing(error),
    }
}

/// Whether the error shows that something other than the API responded.
pub(super) fn is_elsewhere(error: &Error) -> bool {
    let source = error.source().and_then(|source| source.downcast_ref());
    let mut causes = source.into_iter().chain(error.earlier());
    causes.any(|cause: &Error| match cause.kind() {
        ErrorKind::Redirect | ErrorKind::Certificate => true,
        _ => cause.is_foreign(),
    })
}

const UNAUTHENTICATED: &str =
    "Check the API key: it is missing, mistyped, expired, revoked, or for another server.";

const PERMISSION_DENIED: &str = "Use the key of somebody who may do this.";

/// What to do when nothing was changed.
fn advice_on_nothing(error: &Error) -> &'static str {
    if error.is_unauthenticated() {
        return UNAUTHENTICATED;
    }
    if error.is_permission_denied() {
        return PERMISSION_DENIED;
    }
    if error.is_not_found() {
        return "Check the ids, the base URL, and that the key belongs to this organization.";
    }
    if error.is_failed_precondition() {
        return "Check the current state: it does not allow this call.";
    }
    if error.is_quota_exceeded() {
        return "Ask for a larger quota; nothing was changed.";
    }
    if error.is_rate_limited() {
        return "Wait, then call again; nothing was changed.";
    }
    match error.kind() {
        ErrorKind::Invalid => "Correct the call and try again; nothing was sent.",
        ErrorKind::Certificate => {
            "Check the base URL and the trusted certificates; nothing was changed."
        }
        ErrorKind::Connect => {
            "Check the network and the base URL, then call again; nothing was changed."
        }
        ErrorKind::RequestBody => "Check what you upload, then call again; nothing was changed.",
        ErrorKind::Write => "Check where you write to, then download again.",
        ErrorKind::Redirect => "Check the base URL and the proxy.",
        ErrorKind::Mismatch => "Check the base URL and the proxy, then report this error.",
        ErrorKind::Paging => "Report this error to Factify's support; nothing was changed.",
        ErrorKind::Decode if error.is_foreign() => "Check the base URL and the proxy.",
        ErrorKind::Decode => "Report this error: the response does not match the API's document.",
        _ if error.is_retryable() => "Call again; nothing was changed.",
        _ => "Correct the request; nothing was changed.",
    }
}
