//! The interface between the exchange and the network: two traits with one contract.

pub(crate) mod blocking;
mod body;
mod build_error;
mod error;
mod framing;
mod limits;
pub(crate) mod proxy;
mod records;
mod roots;
mod transfer;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

pub(crate) use body::ProgressFn;
pub use body::{BodyReader, BodySource, PollChunk, Progress, RequestBody, ResponseBody};
pub use build_error::BuildError;
pub use error::{Delivery, TransportError, TransportErrorKind};
#[doc(hidden)]
pub use framing::{MAX_INTERIMS, TooManyInterims, check_framing};
pub use limits::{Limits, Now, TransferLimits};
pub use proxy::Proxy;
pub use records::TlsRecords;
pub use roots::Roots;
pub use transfer::TransferWatch;

/// Marks a request whose response has a secret, such as that of a new API key. It is in the request's extensions; a
/// transport must not log the body of the response.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SensitiveResponse;

/// Sends one HTTP request and receives its response, asynchronously.
///
/// The exchange relies on this contract:
///
/// - `send` makes **one** attempt. It never follows a redirect and never retries.
/// - A response of any status is `Ok`, with all headers. `Err` means that no complete response arrived.
/// - `limits` apply from the start of the attempt, including name lookup, to the last byte of the body.
/// - The error says whether the request may have reached the server. If in doubt, return
///   [`TransportError::sent`].
/// - It never logs a header or a [body](RequestBody::is_sensitive) that is marked as sensitive. The URL
///   is secret too if the request's extensions have a [`SensitiveUrl`](crate::SensitiveUrl), and the body of
///   the response if they have a [`SensitiveResponse`]. The sources of an error contain nothing of this.
/// - It sends `Host`, and a `Content-Length` that is the [length](RequestBody::len) of the body.
/// - A body that cannot be opened is a [`TransportErrorKind::RequestBody`] that was not sent. A body that
///   fails later is one that was sent.
///
/// Write `#[async_trait]` on your implementation as well: without it the compiler complains about
/// lifetimes.
///
/// The trait is dyn-compatible, and `&T`, `Box<T>` and `Arc<T>` are transports too. A transport can
/// wrap another one, for example to add tracing, recording or rate limiting. This one counts the bytes
/// that it sends:
///
/// ```
/// # extern crate factify_core as factify;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::time::Duration;
///
/// use factify::bytes::Bytes;
/// use factify::http::{Request, Response};
/// use factify::{
///     HttpTransport, Limits, Now, RequestBody, ResponseBody, TransportError, async_trait,
/// };
///
/// struct Counting<T> {
///     inner: T,
///     bytes_sent: AtomicU64,
/// }
///
/// #[async_trait]
/// impl<T: HttpTransport> HttpTransport for Counting<T> {
///     async fn send(
///         &self,
///         request: Request<RequestBody>,
///         limits: &Limits,
///     ) -> Result<Response<Bytes>, TransportError> {
///         self.bytes_sent.fetch_add(request.body().len(), Ordering::Relaxed);
///         self.inner.send(request, limits).await
///     }
///
///     async fn fetch(
///         &self,
///         request: Request<RequestBody>,
///         limits: &Limits,
///     ) -> Result<Response<ResponseBody>, TransportError> {
///         self.inner.fetch(request, limits).await
///     }
///
///     async fn sleep(&self, duration: Duration) {
///         self.inner.sleep(duration).await;
///     }
///
///     fn now(&self) -> Now {
///         self.inner.now()
///     }
/// }
/// ```
///
/// The example
/// [`tower_transport`](https://github.com/factify-rs/factify/blob/main/examples/tower_transport.rs)
/// makes a transport from any tower service.
///
/// The blocking version is [`blocking::HttpTransport`](crate::blocking::HttpTransport).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an async transport",
    label = "this is not an async `HttpTransport`",
    note = "a blocking transport, such as `UreqTransport`, goes with `blocking::Client`",
    note = "an async transport, such as `HyperTransport`, goes with `Client`"
)]
#[async_trait]
pub trait HttpTransport: Send + Sync {
    /// Sends one request and reads its whole response.
    ///
    /// # Errors
    /// If no complete response arrives within `limits`.
    async fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError>;

    /// Sends one request and reads the head of its response. The body then arrives in chunks. It is for
    /// downloads, whose bodies may not fit into memory.
    ///
    /// The head must arrive within [`Limits::timeout`]. [`Limits::transfer`] limits the time of the body;
    /// its size is not limited. The default implementation calls [`send`](Self::send) and returns the body
    /// as one chunk, so it fails for a body over [`Limits::max_response_bytes`].
    ///
    /// # Errors
    /// If no head arrives within `limits`.
    async fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let response = self.send(request, limits).await?;
        Ok(response.map(ResponseBody::from))
    }

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
                request: Request<RequestBody>,
                limits: &Limits,
            ) -> Result<Response<Bytes>, TransportError> {
                (**self).send(request, limits).await
            }

            async fn fetch(
                &self,
                request: Request<RequestBody>,
                limits: &Limits,
            ) -> Result<Response<ResponseBody>, TransportError> {
                (**self).fetch(request, limits).await
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
