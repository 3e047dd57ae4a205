//! When a client may send its next request.

mod lane;
mod local;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use http::StatusCode;

use crate::operation::{OperationBrief, OperationInfo};
use crate::rate_limit::RateLimit;
use crate::transport::Now;

pub use local::LocalPace;

/// Spreads the requests of clients over time, so that the API does not refuse them.
///
/// A client with a pace asks it before each attempt. [`LocalPace`] is for the clients of one process. Write
/// your own for machines that share an API key: each asks the same store, for example a Redis server.
///
/// The limits of the API are for one key, so use a pace for each key. The monotonic clocks of the clients that share
/// a pace must have the same origin. Those of this SDK's transports do: see [`Now::system`].
///
/// This one lets one request pass each second:
///
/// ```
/// # extern crate factify_core as factify;
/// use std::sync::{Mutex, PoisonError};
/// use std::time::Duration;
///
/// use factify::{Pace, PacedRequest};
///
/// /// When the next request may be sent.
/// struct EachSecond(Mutex<Duration>);
///
/// impl Pace for EachSecond {
///     fn turn_blocking(&self, request: &PacedRequest) -> Duration {
///         let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
///         let wait = next.saturating_sub(request.now.monotonic);
///         if wait.is_zero() {
///             *next = request.now.monotonic + Duration::from_secs(1);
///         }
///         wait
///     }
/// }
/// ```
#[async_trait]
pub trait Pace: Send + Sync {
    /// Asks for the turn of a request. Zero means that the request has its turn now. Any other time is how
    /// long to wait before asking again; the request does not have a turn then.
    ///
    /// Return quickly, even if your store does not respond: the deadline of a call does not interrupt this
    /// method.
    fn turn_blocking(&self, request: &PacedRequest) -> Duration;

    /// The same for an async client. Override it if asking blocks, for example on the network.
    async fn turn(&self, request: &PacedRequest) -> Duration {
        self.turn_blocking(request)
    }

    /// A request that waits for its turn will not ask again: its call was cancelled, or fails because the turn
    /// would come after its deadline. It must not block.
    fn gave_up(&self, request: &PacedRequest) {
        let _ = request;
    }

    /// Learns from the end of an attempt. It must not block.
    fn attempted(&self, attempt: &PacedAttempt) {
        let _ = attempt;
    }
}

/// A request that asks a [`Pace`] for its turn.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PacedRequest {
    /// The same number each time that this request asks, and another one for each other request of the process.
    /// A request that asks for the first time later has a higher number.
    pub id: u64,
    /// The API's `operationId`.
    pub operation: &'static str,
    /// Whether its method is POST. The API limits "resource creation (POST)" and does not say whether it counts a
    /// POST that creates nothing.
    pub is_post: bool,
    /// Whether it is a POST that is not idempotent. Each of them creates or sends something.
    pub is_creation: bool,
    /// The time on the clocks of the client's transport.
    pub now: Now,
    /// The time until the deadline of the call. A request that has to wait this long or longer fails at once.
    pub left: Duration,
}

impl PacedRequest {
    /// A request that asks for the first time, and has no deadline.
    pub fn new(operation: &OperationInfo, now: Now) -> Self {
        Self::of(&operation.brief(), now)
    }

    pub(crate) fn of(operation: &OperationBrief, now: Now) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            operation: operation.id,
            is_post: operation.is_post,
            is_creation: operation.is_post && !operation.is_idempotent,
            now,
            left: Duration::MAX,
        }
    }
}

/// The end of an attempt that had its turn.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PacedAttempt {
    /// The request when it had its turn.
    pub request: PacedRequest,
    /// The time since its turn.
    pub elapsed: Duration,
    /// The status of the response, if there was one.
    pub status: Option<StatusCode>,
    /// The rate limit of the response.
    pub rate_limit: RateLimit,
    /// The time until the rate limit restarts, or until the server accepts another request. `None` if the
    /// response does not say it.
    pub resets_in: Option<Duration>,
    /// Whether the API refused the request because of its rate limit, and not because of a quota.
    pub is_limited: bool,
}

impl PacedAttempt {
    /// An attempt without a response, for your tests.
    pub fn new(request: PacedRequest, elapsed: Duration) -> Self {
        Self {
            request,
            elapsed,
            status: None,
            rate_limit: RateLimit::default(),
            resets_in: None,
            is_limited: false,
        }
    }
}

/// The pace of a client.
#[derive(Clone)]
pub(crate) struct SharedPace(pub(crate) Arc<dyn Pace>);

impl fmt::Debug for SharedPace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pace")
    }
}
