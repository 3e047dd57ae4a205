//! The seam between the exchange and the network: two traits with one contract.

pub(crate) mod blocking;
mod build_error;
mod error;
mod limits;
mod proxy;
mod roots;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

pub use build_error::BuildError;
pub use error::{Delivery, TransportError, TransportErrorKind};
pub use limits::{Limits, Now};
pub use proxy::Proxy;
pub use roots::Roots;

/// Moves one HTTP request and its response, asynchronously.
///
/// The contract, which the exchange relies on:
///
/// - `send` makes **one** attempt. It never follows a redirect and never tries again.
/// - Any status is `Ok`, with all headers. `Err` means that no complete response arrived.
/// - `limits` holds from the start of the attempt, name lookup included, to the last byte of the body.
/// - The error says honestly whether the request may have reached the server: when in doubt,
///   [`TransportError::sent`].
/// - A header marked sensitive is never printed, and no body is: both can hold a secret.
///
/// The trait is dyn-compatible, and `&T`, `Box<T>` and `Arc<T>` are transports too. A transport may
/// wrap another one: that is how tracing, recording or rate limiting is added.
///
/// The blocking twin is [`blocking::HttpTransport`](crate::blocking::HttpTransport).
#[async_trait]
pub trait HttpTransport: Send + Sync {
    /// Sends one request and reads its whole response.
    ///
    /// # Errors
    /// When no complete response arrived within `limits`.
    async fn send(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError>;

    /// Waits for `duration` on the transport's own runtime.
    async fn sleep(&self, duration: Duration);

    /// Reads the transport's clocks.
    fn now(&self) -> Now;
}

macro_rules! forward_async {
    ($($pointer:ty),+) => {$(
        #[async_trait]
        impl<T: HttpTransport + ?Sized> HttpTransport for $pointer {
            async fn send(
                &self,
                request: Request<Bytes>,
                limits: &Limits,
            ) -> Result<Response<Bytes>, TransportError> {
                (**self).send(request, limits).await
            }

            async fn sleep(&self, duration: Duration) {
                (**self).sleep(duration).await;
            }

            fn now(&self) -> Now {
                (**self).now()
            }
        }
    )+};
}

forward_async!(&T, Box<T>, std::sync::Arc<T>);
