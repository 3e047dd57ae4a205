//! Faults between a client and the API.

mod json;
mod names;
mod plan;
mod reply;
mod text;

use std::time::Duration;

use http::StatusCode;

pub(crate) use json::{Plan, RandomPlan};
pub(crate) use names::{KINDS, Kind};
pub use plan::FaultPlan;
pub(crate) use reply::Reply;
#[cfg(feature = "server")]
pub(crate) use reply::half;
pub use text::InvalidFaultPlan;

/// A fault of one request.
///
/// A [`FaultPlan`] shows its form as text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The connection fails and nothing is sent. A server treats it like `DropBefore`.
    Refuse,
    /// The connection breaks before the request is processed.
    DropBefore,
    /// The request is processed, and the connection breaks before the response.
    DropAfter,
    /// The request is processed, and half of the response's body arrives.
    Truncate,
    /// The request is processed, and the response is delayed by this time.
    Delay(Duration),
    /// The request is processed, and no response arrives.
    Hang,
    /// Status 429, optionally with `Retry-After` in whole seconds. The request is not processed.
    RateLimited {
        /// The seconds of `Retry-After`.
        retry_after: Option<u64>,
    },
    /// Status 503 with an error body of the API.
    Unavailable {
        /// Whether the request is processed anyway.
        processed: bool,
    },
    /// An HTML page, like the error page of a proxy.
    Html {
        /// The status of the page.
        status: StatusCode,
        /// Whether the request is processed anyway.
        processed: bool,
    },
    /// The request is processed, and the response is JSON that does not match the API.
    Undocumented,
    /// The request is processed, and the item at this position of the returned page cannot be read. The first
    /// item has position 0. A response without this item is unchanged.
    ///
    /// ```
    /// # mod factify { pub use factify_core::*; pub mod sandbox { pub use factify_sandbox::*; } }
    /// use factify::sandbox::{Fault, FaultPlan, Persona, Sandbox};
    ///
    /// let sandbox = Sandbox::builder().invites(3).build();
    /// sandbox.inject(FaultPlan::always(Fault::UnreadableItem(1)));
    /// let client = sandbox.blocking_client(Persona::Admin);
    /// let invites = client.organization(sandbox.organization_id()).invites();
    ///
    /// // The walk goes on after the item that cannot be read.
    /// let (read, unread): (Vec<_>, Vec<_>) = invites.list().items().partition(Result::is_ok);
    /// assert_eq!((read.len(), unread.len()), (2, 1));
    /// ```
    UnreadableItem(usize),
    /// The request is processed, and the response is padded with spaces to this many bytes.
    Oversized(usize),
}
