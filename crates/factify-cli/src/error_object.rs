//! Errors as JSON objects, for programs.

use factify_core::{Error, ErrorKind, OPERATIONS, Outcome};
use serde::Serialize;

use crate::exit::Exit;
use crate::words;

#[derive(Debug, Clone, Serialize)]
pub(crate) struct ErrorObject {
    /// The label of the library's `ErrorKind`, or `usage`, `not_found` or `local`.
    kind: &'static str,
    message: String,
    /// What was requested, and whether it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    /// The message with its causes and what to do, in several lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
    /// `not_applied`, `applied` or `unknown`.
    outcome: &'static str,
    /// Whether the same call may succeed later, and a repetition has no second effect.
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u64>,
}

impl ErrorObject {
    /// An error of this machine or of its user. `exit` says which.
    pub(crate) fn local(exit: Exit, message: String) -> Self {
        let kind = match exit {
            Exit::Usage => "usage",
            Exit::NotApplied => "not_found",
            _ => "local",
        };
        Self {
            kind,
            message,
            about: None,
            report: None,
            outcome: "not_applied",
            retryable: false,
            operation: None,
            status: None,
            code: None,
            reason: None,
            param: None,
            request_id: None,
            retry_after_seconds: None,
        }
    }

    /// The result of a change could not be written.
    pub(crate) fn after_change(message: String) -> Self {
        let mut object = Self::local(Exit::Local, message);
        object.outcome = Outcome::Applied.as_str();
        object
    }

    /// What the API says of an item of a request that succeeded.
    pub(crate) fn refused(message: String, outcome: Outcome) -> Self {
        let mut object = Self::local(Exit::NotApplied, message);
        object.kind = ErrorKind::Refused.as_str();
        object.outcome = outcome.as_str();
        object
    }
}

/// Whether nothing happens twice if the call is repeated.
fn is_safe_again(error: &Error) -> bool {
    let operation = OPERATIONS.iter().find(|one| one.id == error.operation());
    // Calls of several requests make sure of a state.
    error.outcome() == Outcome::NotApplied || operation.is_none_or(|one| one.idempotent)
}

impl ErrorObject {
    pub(crate) fn about(error: &Error, requested: String) -> Self {
        Self {
            about: Some(requested),
            ..error.into()
        }
    }
}

impl From<&Error> for ErrorObject {
    fn from(error: &Error) -> Self {
        let api = error.api();
        let operation = error.operation();
        Self {
            kind: error.kind().as_str(),
            message: error.to_string(),
            about: None,
            report: Some(words::in_commands(error.report().to_string(), "")),
            outcome: error.outcome().as_str(),
            retryable: error.is_retryable() && is_safe_again(error),
            operation: (!operation.is_empty()).then_some(operation),
            status: error.status().map(|status| status.as_u16()),
            code: api.and_then(|api| Some(api.code()?.as_str().to_owned())),
            reason: api.and_then(|api| Some(api.reasons().next()?.as_str().to_owned())),
            param: api.and_then(|api| Some(api.param()?.to_owned())),
            request_id: api.and_then(|api| Some(api.request_id()?.to_owned())),
            retry_after_seconds: error.retry_after().map(|wait| {
                let whole = wait.as_secs();
                whole + u64::from(wait.subsec_nanos() > 0)
            }),
        }
    }
}
