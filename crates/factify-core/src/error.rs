use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use factify_types::{ErrorCode, ErrorReason};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::api_error::{ApiError, Retry};
use crate::decode::DecodeError;
use crate::operation::OperationInfo;
use crate::report::Report;
use crate::transport::{Delivery, TransportError, TransportErrorKind};

/// Why a call failed, and whether it took effect.
///
/// One word long. `Display` says what happened in one line and leaves the cause to
/// [`source`](StdError::source); [`report`](Error::report) prints all of it, and what to do next.
///
/// ```
/// use factify_core::{Error, ErrorKind, Outcome};
///
/// let error = Error::new(ErrorKind::Timeout, Outcome::Unknown)
///     .with_operation("revokeOrganizationInvite");
/// assert!(error.is_timeout());
/// assert_eq!(error.outcome(), Outcome::Unknown);
/// ```
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
    foreign: bool,
    detail: Option<String>,
    server: Option<Box<str>>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    earlier: Option<Error>,
}

/// What kind of failure an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The call was refused before anything was sent. Correct the parameter that the error names.
    Invalid,
    /// No connection to the server: its name, its port or the TLS handshake. The attempt sent
    /// nothing.
    Connect,
    /// The server's certificate was refused. The attempt sent nothing.
    Certificate,
    /// Time was over, of the attempt or of the whole call.
    Timeout,
    /// The connection broke before the answer was complete.
    Interrupted,
    /// The answer is larger than the limit.
    TooLarge,
    /// The answer is not HTTP.
    Malformed,
    /// The server sent the client elsewhere; the client does not follow.
    Redirect,
    /// The API answered with an error: see [`Error::api`].
    Api,
    /// The status is a success, but the answer could not be read: see the source, a
    /// [`DecodeError`]. Unless the answer says that it is no JSON, and so perhaps not the API's, the
    /// call was applied.
    Decode,
    /// The pages of a list lead nowhere: more of them and no token, or a token that comes again.
    Paging,
    /// It could not be verified that nobody joins with an invite: see
    /// [`EnsureRevoked`](crate::EnsureRevoked).
    Unverified,
    /// The transport failed in another way.
    Transport,
}

/// Whether a failed call took effect on the server. A call that only reads never did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It did not.
    NotApplied,
    /// It did, although the call failed: only its answer is lost.
    Applied,
    /// Nobody can tell from here. Look at the state before calling again.
    Unknown,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotApplied => "nothing was changed",
            Self::Applied => "it was applied",
            Self::Unknown => "it is not known whether it was applied",
        })
    }
}

impl Error {
    /// An error to begin with, for tests and for transports around transports; more is added by
    /// the `with_` methods.
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
            foreign: false,
            detail: None,
            server: None,
            source: None,
            earlier: None,
        }))
    }

    /// A call that was refused before sending, with the sentence that says why.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, Outcome::NotApplied).with_detail(detail)
    }

    /// A success that cannot be read: of the API, unless it says itself that it is something else,
    /// such as the page of a proxy that asks for a login.
    pub(crate) fn undecodable(status: StatusCode, headers: &HeaderMap, cause: DecodeError) -> Self {
        let foreign = headers.get(CONTENT_TYPE).is_some_and(|kind| !is_json(kind));
        let outcome = if foreign {
            Outcome::Unknown
        } else {
            Outcome::Applied
        };
        let mut error = Self::new(ErrorKind::Decode, outcome).with_source(cause);
        error.0.status = Some(status);
        error.0.foreign = foreign;
        error
    }

    /// Whether a success that cannot be read says itself that it is not the API's.
    pub(crate) fn is_foreign(&self) -> bool {
        self.0.foreign
    }

    pub(crate) fn transport(cause: TransportError) -> Self {
        let kind = match cause.kind() {
            // A TLS fault after the handshake is a broken connection like any other.
            TransportErrorKind::Tls if cause.delivery() == Delivery::Sent => ErrorKind::Interrupted,
            TransportErrorKind::Lookup | TransportErrorKind::Connect | TransportErrorKind::Tls => {
                ErrorKind::Connect
            }
            TransportErrorKind::Certificate => ErrorKind::Certificate,
            TransportErrorKind::InsecureUrl => ErrorKind::Invalid,
            TransportErrorKind::Timeout => ErrorKind::Timeout,
            TransportErrorKind::Interrupted => ErrorKind::Interrupted,
            TransportErrorKind::TooLarge => ErrorKind::TooLarge,
            TransportErrorKind::Malformed => ErrorKind::Malformed,
            TransportErrorKind::Other => ErrorKind::Transport,
        };
        let outcome = match cause.delivery() {
            Delivery::NotSent => Outcome::NotApplied,
            Delivery::Sent => Outcome::Unknown,
        };
        let status = cause.status();
        let mut error = Self::new(kind, outcome).with_source(cause);
        error.0.status = status;
        error
    }

    /// Names the operation, by the API's `operationId`.
    #[must_use]
    pub fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = operation;
        self
    }

    /// Says what happened, in the place of the kind's own sentence.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds what the API answered.
    #[must_use]
    pub fn with_api(mut self, api: ApiError) -> Self {
        self.0.status = Some(api.status());
        self.0.retryable = api.verdict().retry != Retry::Never;
        self.0.api = Some(api);
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds what an earlier attempt failed with: see [`Error::earlier`].
    #[must_use]
    pub(crate) fn with_earlier(mut self, earlier: Error) -> Self {
        self.0.earlier = Some(earlier);
        self
    }

    /// Names the server, as `host` or `host:port`.
    pub(crate) fn with_server(mut self, server: &str) -> Self {
        self.0.server = Some(server.into());
        self
    }

    /// Says whether the same call may succeed later.
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

    /// Names the operation; one that only reads was not applied in any case.
    pub(crate) fn of(mut self, operation: &OperationInfo) -> Self {
        self.0.operation = operation.id;
        if operation.is_safe() {
            self.0.outcome = Outcome::NotApplied;
        }
        self
    }

    pub(crate) fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.0.outcome = outcome;
        self
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the call took effect, all attempts considered. It never guesses.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// The API's `operationId`, or `ensure_revoked`; empty when the error was made outside of a
    /// call.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// How many requests were handed to the transport.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Time from the start of the call to its end, waits included.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The status of the answer, when its head arrived.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// What the API answered, when it did.
    pub fn api(&self) -> Option<&ApiError> {
        self.0.api.as_ref()
    }

    fn is(&self, code: &ErrorCode, status: u16) -> bool {
        self.api().is_some_and(|api| match api.code() {
            Some(found) => found == code,
            None => api.status().as_u16() == status,
        })
    }

    /// Nothing by this id is there, or not for this key. Check the ids and the organization.
    pub fn is_not_found(&self) -> bool {
        self.is(&ErrorCode::NotFound, 404)
    }

    /// The key is missing, wrong, expired or revoked. Use another one.
    pub fn is_unauthenticated(&self) -> bool {
        self.is(&ErrorCode::Unauthenticated, 401)
    }

    /// The key is good, but its owner may not do this. Use the key of an owner or admin of the
    /// organization; to accept an invite, that of the invited user.
    pub fn is_permission_denied(&self) -> bool {
        self.is(&ErrorCode::PermissionDenied, 403)
    }

    /// The thing is in a state that does not allow this: an invite to revoke that is not pending.
    /// Look at its state.
    pub fn is_failed_precondition(&self) -> bool {
        self.api()
            .is_some_and(|api| api.code() == Some(&ErrorCode::FailedPrecondition))
    }

    /// Too many requests. Call later, see [`ApiError::retry_after`] and [`ApiError::rate_limit`].
    pub fn is_rate_limited(&self) -> bool {
        self.api().is_some_and(ApiError::is_rate_limit) && !self.is_quota_exceeded()
    }

    /// The organization's quota is used up, which waiting does not change.
    pub fn is_quota_exceeded(&self) -> bool {
        self.api()
            .is_some_and(|api| api.has_reason(&ErrorReason::QuotaExceeded))
    }

    /// Time was over. Allow more of it, and look at [`Error::outcome`] before calling again.
    pub fn is_timeout(&self) -> bool {
        let cause = || StdError::source(self)?.downcast_ref::<Self>();
        self.kind() == ErrorKind::Timeout || cause().is_some_and(Self::is_timeout)
    }

    /// What an earlier attempt failed with, where the last one alone is not the whole story: the
    /// earlier one may have been applied, or `ensure_revoked` failed twice.
    pub fn earlier(&self) -> Option<&Self> {
        self.0.earlier.as_ref()
    }

    /// The same call may succeed later. Whether it may also be applied twice is another question:
    /// see [`Error::outcome`].
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// The whole story on several lines: the error, its causes, the outcome and what to do next.
    pub fn report(&self) -> Report<'_> {
        Report::new(self)
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
            (_, Some(api), _) => write!(f, "the API answered with {api}"),
            (ErrorKind::Connect, ..) => write!(f, "{server} could not be reached"),
            (ErrorKind::Certificate, ..) => write!(f, "the certificate of {server} was refused"),
            (ErrorKind::Timeout, ..) => f.write_str("time was over"),
            (ErrorKind::Interrupted, ..) => f.write_str("the connection broke"),
            (ErrorKind::TooLarge, ..) => f.write_str("the answer is larger than the limit"),
            (ErrorKind::Malformed, ..) => f.write_str("the answer is not HTTP"),
            (ErrorKind::Decode, ..) => f.write_str("the answer could not be read"),
            (ErrorKind::Invalid, ..) => f.write_str("the call is not valid"),
            (ErrorKind::Paging, ..) => f.write_str("the list's pages lead nowhere"),
            (ErrorKind::Unverified, ..) => f.write_str("it could not be verified"),
            (ErrorKind::Redirect | ErrorKind::Api | ErrorKind::Transport, ..) => {
                f.write_str("the call failed")
            }
        }
    }
}

/// JSON, or one of its kinds, such as `application/problem+json`.
fn is_json(content_type: &HeaderValue) -> bool {
    let essence = content_type.as_bytes().split(|byte| *byte == b';').next();
    let ending = essence.and_then(|essence| essence.trim_ascii_end().last_chunk::<4>());
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case(b"json"))
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

/// What is invalid before it is sent: for `?` in functions that return an [`Error`].
macro_rules! from_invalid {
    ($($Invalid:ty),+ $(,)?) => {$(
        impl From<$Invalid> for Error {
            fn from(cause: $Invalid) -> Self {
                Self::invalid(cause.to_string())
            }
        }
    )+};
}

from_invalid!(
    crate::auth::InvalidApiKey,
    crate::base_url::InvalidBaseUrl,
    crate::page::InvalidPageSize,
    crate::setup::BuildError,
    crate::token::InvalidInvitationToken,
    factify_types::InvalidEmailAddress,
    factify_types::ParseIdError,
    factify_types::ParseTimestampError,
);

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
    fn is_one_word_and_crosses_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn display_leaves_the_cause_to_the_report() {
        let cause = TransportError::sent(TransportErrorKind::Interrupted, "peer disconnected");
        let error = Error::transport(cause)
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
