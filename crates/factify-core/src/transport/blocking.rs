use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use super::{Limits, Now, TransportError};

/// Moves one HTTP request and its response, and blocks the thread meanwhile.
///
/// The contract is that of the async [`HttpTransport`](crate::HttpTransport), word for word.
pub trait HttpTransport: Send + Sync {
    /// Sends one request and reads its whole response.
    ///
    /// # Errors
    /// When no complete response arrived within `limits`.
    fn send(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError>;

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
                request: Request<Bytes>,
                limits: &Limits,
            ) -> Result<Response<Bytes>, TransportError> {
                (**self).send(request, limits)
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
