use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use super::{Limits, Now, RequestBody, TransportError};

/// Sends one HTTP request and receives its response. It blocks the thread.
///
/// The contract is the same as for the async [`HttpTransport`](crate::HttpTransport). This transport
/// wraps another one and counts the bytes that it sends. A wrapper must forward `sleep`: the other
/// transport may have its own clock.
///
/// ```
/// # extern crate factify_core as factify;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::time::Duration;
///
/// use factify::blocking::{HttpTransport, ResponseBody};
/// use factify::bytes::Bytes;
/// use factify::http::{Request, Response};
/// use factify::{Limits, Now, RequestBody, TransportError};
///
/// struct Counting<T> {
///     inner: T,
///     bytes_sent: AtomicU64,
/// }
///
/// impl<T: HttpTransport> HttpTransport for Counting<T> {
///     fn send(
///         &self,
///         request: Request<RequestBody>,
///         limits: &Limits,
///     ) -> Result<Response<Bytes>, TransportError> {
///         self.bytes_sent.fetch_add(request.body().len(), Ordering::Relaxed);
///         self.inner.send(request, limits)
///     }
///
///     fn fetch(
///         &self,
///         request: Request<RequestBody>,
///         limits: &Limits,
///     ) -> Result<Response<ResponseBody>, TransportError> {
///         self.inner.fetch(request, limits)
///     }
///
///     fn sleep(&self, duration: Duration) {
///         self.inner.sleep(duration);
///     }
///
///     fn now(&self) -> Now {
///         self.inner.now()
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a blocking transport",
    label = "this is not a `blocking::HttpTransport`",
    note = "an async transport, such as `HyperTransport`, goes with `Client`",
    note = "a blocking transport, such as `UreqTransport`, goes with `blocking::Client`"
)]
pub trait HttpTransport: Send + Sync {
    /// Sends one request and reads its whole response.
    ///
    /// # Errors
    /// If no complete response arrives within `limits`.
    fn send(
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
    fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let response = self.send(request, limits)?;
        Ok(response.map(ResponseBody::from))
    }

    /// Waits for `duration`.
    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }

    /// Reads the transport's clocks.
    fn now(&self) -> Now;
}

macro_rules! forward {
    ($($pointer:ty),+) => {$(
        impl<T: HttpTransport + ?Sized> HttpTransport for $pointer {
            fn send(
                &self,
                request: Request<RequestBody>,
                limits: &Limits,
            ) -> Result<Response<Bytes>, TransportError> {
                (**self).send(request, limits)
            }

            fn fetch(
                &self,
                request: Request<RequestBody>,
                limits: &Limits,
            ) -> Result<Response<ResponseBody>, TransportError> {
                (**self).fetch(request, limits)
            }

            fn sleep(&self, duration: Duration) {
                (**self).sleep(duration);
            }

            fn now(&self) -> Now {
                (**self).now()
            }
        }
    )+};
}

forward!(&T, Box<T>, Arc<T>);

/// The body of a response, in chunks. It ends after the last chunk or after an error.
///
/// The async version is [`ResponseBody`](crate::ResponseBody).
pub struct ResponseBody(Option<Box<dyn Iterator<Item = Result<Bytes, TransportError>> + Send>>);

impl ResponseBody {
    /// Makes a body from chunks. An incomplete body must end with an error, not with `None`.
    pub fn new(
        chunks: impl Iterator<Item = Result<Bytes, TransportError>> + Send + 'static,
    ) -> Self {
        Self(Some(Box::new(chunks)))
    }

    /// Returns the next chunk, or `None` at the end.
    ///
    /// # Errors
    /// If the connection breaks, or the body arrives too slowly.
    pub fn chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        let chunk = self.0.as_mut()?.next();
        if !matches!(chunk, Some(Ok(_))) {
            self.0 = None;
        }
        chunk
    }
}

impl From<Bytes> for ResponseBody {
    fn from(bytes: Bytes) -> Self {
        let chunk = Some(bytes).filter(|bytes| !bytes.is_empty());
        Self::new(chunk.map(Ok).into_iter())
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").finish_non_exhaustive()
    }
}
