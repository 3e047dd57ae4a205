use std::error::Error as _;
use std::fmt;

use crate::error::{Error, ErrorKind, Outcome};

/// Prints an [`Error`] with its causes and with what to do next.
#[derive(Debug)]
pub struct Report<'a>(&'a Error);

impl<'a> Report<'a> {
    pub(crate) fn new(error: &'a Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, "\n  because {error}")?;
            cause = error.source();
        }
        write!(f, "\n{}", advice(self.0))
    }
}

fn advice(error: &Error) -> &'static str {
    if error.is_unauthenticated() {
        return "Check the API key: it is missing, mistyped, expired or revoked.";
    }
    if error.is_permission_denied() {
        return "Use a key whose owner may do this, such as an owner or admin of the organization.";
    }
    if error.is_not_found() {
        return "Check the ids, and that the key belongs to this organization.";
    }
    if error.is_failed_precondition() {
        return "Look at its present state: it does not allow this call.";
    }
    if error.is_rate_limited() {
        return "Wait, then call again; nothing was changed.";
    }
    match (error.kind(), error.outcome()) {
        (ErrorKind::Invalid, _) => "Correct it and call again; nothing was sent.",
        (ErrorKind::Tls, _) => "Check the base URL and the trusted certificates; nothing was sent.",
        (ErrorKind::Connect, Outcome::NotApplied) => {
            "Check the network and the base URL, then call again; nothing was changed."
        }
        (ErrorKind::Redirect, _) => "Check the base URL; look at the state before calling again.",
        (ErrorKind::Unverified, _) => {
            "Somebody may still join with it: call again, or look at the invite."
        }
        (ErrorKind::Paging, _) => "Report it to Factify's support; nothing was changed.",
        (_, Outcome::Applied) => "Do not call again; read the state instead.",
        (_, Outcome::Unknown) => "Read the state before calling again.",
        (ErrorKind::Decode, Outcome::NotApplied) => {
            "Report it: the answer is not what the API documents."
        }
        (_, Outcome::NotApplied) if error.is_retryable() => "Call again; nothing was changed.",
        (_, Outcome::NotApplied) => "Correct the request; nothing was changed.",
    }
}
