//! Why a call failed, and whether it took effect.

mod api_error;
mod kind;
mod printable;
mod report;
mod verdict;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use factify_types::{ErrorCode, ErrorReason, InvalidEmailAddress, InvalidId, InvalidTimestamp};
use http::StatusCode;

use crate::scrub::Scrub;
pub use api_error::ApiError;
pub use kind::{ErrorKind, Outcome};
pub(crate) use printable::Printable;
pub use report::ErrorReport;
pub(crate) use verdict::{Retry, Verdict};

/// Why a call failed, and whether it took effect.
///
/// It has the size of one pointer. `Display` says in one line what happened, without the cause, which
/// is the [`source`](StdError::source). [`report`](Error::report) prints everything and what to do
/// next. [`ErrorKind`] says what to do about each kind.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::blocking::{Client, HttpTransport};
/// use factify::{InviteId, OrganizationId, Outcome};
///
/// fn resend(client: &Client<impl HttpTransport>, organization: OrganizationId, invite: InviteId) {
///     match client.organization(organization).invites().resend(invite).send() {
///         Ok(invite) => println!("an email was sent to {}", invite.email),
///         Err(error) if error.is_failed_precondition() => println!("the invite is not pending"),
///         Err(error) if error.outcome() == Outcome::Unknown => {
///             println!("an email may have been sent: {}", error.report());
///         }
///         Err(error) => println!("no email was sent: {}", error.report()),
///     }
/// }
/// ```
///
/// In tests, make the error that you need:
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::{Error, ErrorKind, Outcome};
///
/// let error = Error::new(ErrorKind::Timeout, Outcome::Unknown)
///     .with_operation("revokeOrganizationInvite");
/// assert!(error.is_timeout());
/// assert_eq!(error.outcome(), Outcome::Unknown);
/// ```
#[doc(alias = "FactifyDefaultError")]
#[doc(alias = "FactifyError")]
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    outcome: Outcome,
    operation: &'static str,
    attempts: u32,
    elapsed: Duration,
    status: Option<StatusCode>,
    api: Option<ApiError>,
    retryable: bool,
    retry_after: Option<Duration>,
    foreign: bool,
    detail: Option<String>,
    server: Option<Box<str>>,
    /// What to do next, if the operation gives better advice than the kind.
    advice: Option<Cow<'static, str>>,
    /// The remaining risk, printed before the advice.
    warning: Option<&'static str>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    earlier: Option<Error>,
}

impl Error {
    /// A new error, for tests and for transports that wrap transports. The `with_` methods add details.
    pub fn new(kind: ErrorKind, outcome: Outcome) -> Self {
        Self(Box::new(Inner {
            kind,
            outcome,
            operation: "",
            attempts: 0,
            elapsed: Duration::ZERO,
            status: None,
            api: None,
            retryable: false,
            retry_after: None,
            foreign: false,
            detail: None,
            server: None,
            advice: None,
            warning: None,
            source: None,
            earlier: None,
        }))
    }

    /// An invalid call, refused before sending. `detail` says why.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, Outcome::NotApplied).with_detail(detail)
    }

    /// A download that could not be written.
    pub(crate) fn not_written(cause: io::Error) -> Self {
        use io::ErrorKind::{QuotaExceeded, StorageFull};
        let is_full = matches!(cause.kind(), StorageFull | QuotaExceeded);
        let error = Self::new(ErrorKind::Write, Outcome::NotApplied).with_source(cause);
        if is_full {
            return error.with_advice("Free some space, then download again.");
        }
        error
    }

    /// Whether an unreadable success has a content type that is not the API's.
    pub(crate) fn is_foreign(&self) -> bool {
        self.0.foreign
    }

    pub(crate) fn with_foreign(mut self, foreign: bool) -> Self {
        self.0.foreign = foreign;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    pub(crate) fn with_status(mut self, status: Option<StatusCode>) -> Self {
        self.0.status = status;
        self
    }

    /// Sets the operation: the API's `operationId`.
    #[must_use]
    pub fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = operation;
        self
    }

    /// Sets the message, instead of the default message of the kind.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds the error response of the API.
    #[must_use]
    pub fn with_api(mut self, api: ApiError) -> Self {
        self.0.status = Some(api.status());
        self.0.retryable = Verdict::of(&api).retry != Retry::Never;
        self.0.api = Some(api);
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds the error of an earlier attempt: see [`Error::earlier`].
    #[must_use]
    pub(crate) fn with_earlier(mut self, earlier: Error) -> Self {
        self.0.earlier = Some(earlier);
        self
    }

    /// Sets the server, as `host` or `host:port`.
    pub(crate) fn with_server(mut self, server: &str) -> Self {
        self.0.server = Some(server.into());
        self
    }

    /// Sets whether the same call may succeed later.
    #[must_use]
    pub fn with_retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    pub(crate) fn with_exchange(mut self, attempts: u32, elapsed: Duration) -> Self {
        self.0.attempts = attempts;
        self.0.elapsed = elapsed;
        self
    }

    /// Sets what to do next, instead of the default advice of the kind.
    pub(crate) fn with_advice(mut self, advice: impl Into<Cow<'static, str>>) -> Self {
        self.0.advice = Some(advice.into());
        self
    }

    /// Adds the risk that remains after the error.
    pub(crate) fn with_warning(mut self, warning: &'static str) -> Self {
        self.0.warning = Some(warning);
        self
    }

    /// Removes secrets from the texts of the server.
    pub(crate) fn scrubbed(mut self, scrub: Scrub<'_>) -> Self {
        if let Some(detail) = &mut self.0.detail {
            if let Some(scrubbed) = scrub.text(detail, false) {
                *detail = scrubbed;
            }
        }
        self.0.source = self.0.source.map(|source| scrub.source(source));
        self
    }

    pub(crate) fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.0.outcome = outcome;
        self
    }

    /// The kind of error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the call took effect. It covers all attempts and never guesses.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// The API's `operationId`, `download`, or the name of an `ensure_…` call. Empty if the error does not
    /// come from a call.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// How many requests were passed to the transport.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The time from the start of the call to its end, including waits.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The status of the response, if its head arrived.
    pub fn status(&self) -> Option<StatusCode> {
        self.decisive().0.status
    }

    /// The error response of the API, if there was one.
    pub fn api(&self) -> Option<&ApiError> {
        self.decisive().0.api.as_ref()
    }

    /// The error that the predicates describe: the cause, if a result could not be verified.
    fn decisive(&self) -> &Self {
        match self.0.kind {
            ErrorKind::Unverified => self.cause().map_or(self, Self::decisive),
            _ => self,
        }
    }

    /// The source, if it is the error of another call.
    fn cause(&self) -> Option<&Self> {
        StdError::source(self)?.downcast_ref()
    }

    fn is_kind(&self, kind: ErrorKind) -> bool {
        self.decisive().0.kind == kind
    }

    /// Whether the API's error has one of these codes, or no code and one of these statuses.
    fn is(&self, codes: &[ErrorCode], statuses: &[u16]) -> bool {
        self.api().is_some_and(|api| match api.code() {
            Some(code) => codes.contains(code),
            None => statuses.contains(&api.status().as_u16()) && verdict::is_clear(api),
        })
    }

    /// A parameter is invalid. Correct it; the error names it. The client or the API refused the call. A
    /// status 400 alone does not count: a proxy may have sent it.
    pub fn is_invalid_argument(&self) -> bool {
        let codes = [ErrorCode::InvalidArgument, ErrorCode::OutOfRange];
        self.is_kind(ErrorKind::Invalid) || self.is(&codes, &[400])
    }

    /// The resource does not exist, or not for this key. Check the ids and the organization.
    pub fn is_not_found(&self) -> bool {
        self.is(&[ErrorCode::NotFound], &[404])
    }

    /// The key is missing, invalid, expired or revoked. Use another one.
    pub fn is_unauthenticated(&self) -> bool {
        self.is(&[ErrorCode::Unauthenticated], &[401])
    }

    /// The key is valid, but its owner may not do this. Use the key of somebody who may.
    pub fn is_permission_denied(&self) -> bool {
        self.is(&[ErrorCode::PermissionDenied], &[403])
    }

    /// The state of the resource does not allow this, it exists already, or another call changed it at
    /// the same time. Check its state. It includes [`is_failed_precondition`](Self::is_failed_precondition).
    /// A status 409 alone does not count: a proxy may have sent it.
    pub fn is_conflict(&self) -> bool {
        let codes = [ErrorCode::AlreadyExists, ErrorCode::Aborted];
        self.is_failed_precondition() || self.is(&codes, &[409])
    }

    /// The state of the resource does not allow this. Check its state.
    pub fn is_failed_precondition(&self) -> bool {
        self.is(&[ErrorCode::FailedPrecondition], &[])
    }

    /// Too many requests. Call later: see [`Error::retry_after`] and [`ApiError::rate_limit`].
    pub fn is_rate_limited(&self) -> bool {
        self.api().is_some_and(verdict::is_exhausted) && !self.is_quota_exceeded()
    }

    /// A quota is used up. Raise it, or wait: the quotas for requests start again each month. The operations on
    /// [usage](crate::usage) show whether it is that of the organization or of the API key. The quota for documents
    /// does not start again: see [`get_quota`](crate::documents::DocumentsResource::get_quota).
    pub fn is_quota_exceeded(&self) -> bool {
        self.api()
            .is_some_and(|api| api.has_reason(&ErrorReason::QuotaExceeded))
    }

    /// The call timed out, on the client or on the server. Allow more time, and check
    /// [`Error::outcome`] before you call again.
    pub fn is_timeout(&self) -> bool {
        let codes = [ErrorCode::DeadlineExceeded];
        self.is_kind(ErrorKind::Timeout) || self.is(&codes, &[408, 504])
    }

    /// An error in the server: it failed, is not available, or does not support the call. Check
    /// [`Error::outcome`] and [`Error::is_retryable`] before you call again.
    pub fn is_server_error(&self) -> bool {
        self.api().is_some_and(|api| match api.code() {
            Some(code) => SERVER_ERRORS.contains(code),
            None => api.status().is_server_error() && !self.is_timeout(),
        })
    }

    /// How long to wait before the same call, if the call may succeed later and the server asked for it, or the
    /// [`Pace`](crate::Pace) had no turn for it.
    pub fn retry_after(&self) -> Option<Duration> {
        let api = self.api().filter(|_| self.is_retryable());
        let wait = api.and_then(ApiError::retry_after).or(self.0.retry_after);
        wait.filter(|wait| !wait.is_zero())
    }

    /// The error of an earlier attempt, if it matters: the earlier attempt may have been applied, or
    /// `ensure_revoked` failed twice.
    pub fn earlier(&self) -> Option<&Self> {
        self.0.earlier.as_ref()
    }

    /// Whether the same call may succeed later. It does not say whether the call could be applied
    /// twice: see [`Error::outcome`].
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// A report of several lines: the error, its causes, the outcome and what to do next.
    pub fn report(&self) -> ErrorReport<'_> {
        ErrorReport::new(self)
    }

    fn happened(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self.0.server.as_deref().unwrap_or("the server");
        match (self.0.kind, &self.0.api, &self.0.detail) {
            (_, _, Some(detail)) => f.write_str(detail),
            (ErrorKind::Redirect, Some(api), _) => {
                write!(
                    f,
                    "the server redirected (status {}), which is never followed",
                    api.status().as_u16()
                )
            }
            (_, Some(api), _) => write!(f, "the API responded with {api}"),
            (ErrorKind::Connect, ..) => write!(f, "{server} could not be reached"),
            (ErrorKind::Certificate, ..) => write!(f, "the certificate of {server} was refused"),
            (ErrorKind::Timeout, ..) => f.write_str("it timed out"),
            (ErrorKind::Interrupted, ..) => f.write_str("the connection broke"),
            (ErrorKind::TooLarge, ..) => f.write_str("the response is larger than the limit"),
            (ErrorKind::Malformed, ..) => f.write_str("the response is not HTTP"),
            (ErrorKind::RequestBody, ..) => f.write_str("the request's body could not be read"),
            (ErrorKind::Processing, ..) => f.write_str("the document could not be processed"),
            (ErrorKind::Write, ..) => f.write_str("the download could not be written"),
            (ErrorKind::Decode, ..) => f.write_str("the response could not be read"),
            (ErrorKind::Mismatch, ..) => f.write_str("the response does not match the request"),
            (ErrorKind::Refused, ..) => f.write_str("the API refused it"),
            (ErrorKind::Invalid, ..) => f.write_str("the call is not valid"),
            (ErrorKind::Paging, ..) => f.write_str("the list has no valid next page"),
            (ErrorKind::Unverified, ..) => f.write_str("it could not be verified"),
            (ErrorKind::Cancelled, ..) => f.write_str("the call was cancelled"),
            (ErrorKind::Redirect | ErrorKind::Api | ErrorKind::Transport, ..) => {
                f.write_str("the call failed")
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.operation.is_empty() {
            write!(f, "{}: ", self.0.operation)?;
        }
        self.happened(f)?;
        match self.0.attempts {
            0 => Ok(()),
            1 => write!(f, " (1 attempt, {})", self.0.outcome),
            n => write!(f, " ({n} attempts, {})", self.0.outcome),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("outcome", &self.0.outcome)
            .field("operation", &self.0.operation)
            .field("attempts", &self.0.attempts)
            .field("elapsed", &self.0.elapsed)
            .field("status", &self.0.status)
            .field("api", &self.0.api)
            .field("detail", &self.0.detail)
            .field("server", &self.0.server)
            .field("source", &self.0.source)
            .field("earlier", &self.0.earlier)
            .finish_non_exhaustive()
    }
}

/// The codes of errors of the server.
const SERVER_ERRORS: [ErrorCode; 6] = [
    ErrorCode::Canceled,
    ErrorCode::DataLoss,
    ErrorCode::Internal,
    ErrorCode::Unavailable,
    ErrorCode::Unimplemented,
    ErrorCode::UnknownError,
];

/// An error response, with the outcome of this response alone.
impl From<ApiError> for Error {
    fn from(api: ApiError) -> Self {
        let outcome = Verdict::of(&api).outcome;
        let kind = if api.status().as_u16() < 400 {
            ErrorKind::Redirect
        } else {
            ErrorKind::Api
        };
        Self::new(kind, outcome).with_api(api)
    }
}

/// Converts errors of invalid values into an [`Error`], for `?`.
macro_rules! from_invalid {
    ($($Invalid:ty),+ $(,)?) => {$(
        impl From<$Invalid> for $crate::error::Error {
            fn from(cause: $Invalid) -> Self {
                Self::invalid(cause.to_string())
            }
        }
    )+};
}

pub(crate) use from_invalid;

from_invalid!(InvalidEmailAddress, InvalidId, InvalidTimestamp);

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_pointer_sized_and_send() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn an_outcome_honours_width_and_alignment() {
        let text = "it was applied";
        assert_eq!(format!("{:>20}", Outcome::Applied), format!("{text:>20}"));
    }

    #[test]
    fn only_the_report_shows_the_cause() {
        let error = Error::new(ErrorKind::Interrupted, Outcome::Unknown)
            .with_source("peer disconnected")
            .with_operation("revokeApiKey")
            .with_exchange(2, Duration::ZERO);
        assert_eq!(
            error.to_string(),
            "revokeApiKey: the connection broke (2 attempts, it is not known whether it was applied)"
        );
        let report = error.report().to_string();
        assert!(report.contains("because peer disconnected"), "{report}");
        assert!(
            report.ends_with("Read the state before calling again."),
            "{report}"
        );
    }
}
