//! Observes calls: a hook for metrics, and spans and events for `tracing`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::error::Error;
use crate::transport::TransportErrorKind;

/// Sees every attempt and every call of a client, for metrics.
///
/// The methods run during each call, so they must return quickly. They do not see requests or
/// responses, only the [`Error`] of a failed call, which includes the API's error body.
///
/// ```
/// # extern crate factify_core as factify;
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use factify::{AttemptReport, BearerToken, ClientConfig, Observer};
///
/// #[derive(Default)]
/// struct Attempts(AtomicU64);
///
/// impl Observer for Attempts {
///     fn attempted(&self, _: &AttemptReport<'_>) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
/// }
///
/// let config = ClientConfig::new(BearerToken::new("ffy_test_example")?)
///     .observer(Arc::new(Attempts::default()));
/// # let _ = config;
/// # Ok::<(), factify::InvalidBearerToken>(())
/// ```
pub trait Observer: Send + Sync {
    /// An attempt has ended. An attempt that was cancelled is not reported.
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        let _ = attempt;
    }

    /// A call has ended: also one that was refused before sending. If its future was dropped, or if its
    /// transport or observer panicked, the error is [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled).
    ///
    /// A panic here ends the call. But if the thread is already panicking, it has no effect, because a second
    /// panic would abort the process.
    ///
    /// A call that sends several requests, such as an `ensure_…` call, is one call. Its attempts have the names of
    /// their operations.
    fn called(&self, call: &CallReport<'_>) {
        let _ = call;
    }
}

/// One attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptReport<'a> {
    /// The API's `operationId`, or `download`.
    pub operation: &'static str,
    /// 1 for the first attempt of the operation.
    pub attempt: u32,
    /// The status, if the head of a response arrived.
    pub status: Option<StatusCode>,
    /// The error of the transport.
    pub error: Option<TransportErrorKind>,
    /// The time from the start of the attempt to its end.
    pub elapsed: Duration,
    /// How long the attempt waited for its turn before it began, if the client has a [`Pace`](crate::Pace).
    pub turn_wait: Duration,
    /// The wait before the next attempt, or `None` if there is no next attempt.
    pub wait: Option<Duration>,
    /// The request id for Factify's support, from an error body.
    pub request_id: Option<&'a str>,
}

impl AttemptReport<'_> {
    /// An empty report, for tests of observers.
    pub fn new(operation: &'static str, attempt: u32) -> Self {
        Self {
            operation,
            attempt,
            status: None,
            error: None,
            elapsed: Duration::ZERO,
            turn_wait: Duration::ZERO,
            wait: None,
            request_id: None,
        }
    }
}

/// One call, with all attempts and waits.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CallReport<'a> {
    /// The API's `operationId`, `download`, or the name of a call that sends several requests, such as
    /// `invites.ensure_revoked` or `documents.download`.
    pub operation: &'static str,
    /// The number of requests that were passed to the transport.
    pub attempts: u32,
    /// The time from the start of the call to its end.
    pub elapsed: Duration,
    /// The status of the last response. A later attempt without a response does not change it.
    pub status: Option<StatusCode>,
    /// The error, or `None` for a success.
    pub error: Option<&'a Error>,
    /// The request id for Factify's support, if there is one.
    pub request_id: Option<&'a str>,
}

impl<'a> CallReport<'a> {
    /// An empty report, for tests of observers.
    pub fn new(operation: &'static str) -> Self {
        Self {
            operation,
            attempts: 0,
            elapsed: Duration::ZERO,
            status: None,
            error: None,
            request_id: None,
        }
    }

    pub(crate) fn set_error(&mut self, error: &'a Error) {
        self.request_id = error.api().and_then(|api| api.request_id());
        self.error = Some(error);
    }
}

/// The observer of a call. It needs no `Debug`.
#[derive(Clone, Default)]
pub(crate) struct Watch {
    observer: Option<Arc<dyn Observer>>,
    /// Whether the call is a part of another call, which reports its errors. Only traces depend on it.
    #[cfg_attr(not(feature = "tracing"), allow(dead_code))]
    pub(crate) is_part: bool,
}

impl Watch {
    pub(crate) fn new(observer: Arc<dyn Observer>) -> Self {
        Self {
            observer: Some(observer),
            is_part: false,
        }
    }

    /// The observer of the parts of a call.
    pub(crate) fn of_parts(observer: Arc<dyn Observer>) -> Self {
        Self {
            observer: Some(observer),
            is_part: true,
        }
    }

    /// Whether an observer or a trace needs the reports.
    pub(crate) fn is_used(&self) -> bool {
        self.observer.is_some() || cfg!(feature = "tracing")
    }

    pub(crate) fn attempted(&self, attempt: &AttemptReport<'_>) {
        if let Some(observer) = &self.observer {
            observer.attempted(attempt);
        }
    }

    pub(crate) fn called(&self, call: &CallReport<'_>) {
        if let Some(observer) = &self.observer {
            observer.called(call);
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.observer.is_some() {
            "Some(…)"
        } else {
            "None"
        })
    }
}
