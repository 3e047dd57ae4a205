//! The blocking client and its transport: the same words as the async ones, without `await`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use factify_types::OrganizationId;
use http::{Request, Response};

use crate::call::Call;
use crate::client::{Inner, client};
use crate::config::ClientConfig;
use crate::error::Error;
use crate::exchange::Action;
use crate::operation::Operation;
use crate::operations::organizations::OrganizationResource;
use crate::response::ApiResponse;
use crate::run::Meta;
use crate::transport::{Limits, Now, TransportError};

/// Moves one HTTP request and its answer, and blocks the thread meanwhile.
///
/// The contract is that of the async [`HttpTransport`](crate::HttpTransport), word for word.
pub trait HttpTransport: Send + Sync {
    /// Sends one request and reads its whole answer.
    ///
    /// # Errors
    /// When no complete answer arrived within `limits`.
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

pub use crate::page::{BlockingItems as Items, BlockingPages as Pages};

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

client! {
    /// The blocking client of the Factify API.
    ///
    /// Cloning is cheap and shares the transport and its connections. `T` may be any blocking
    /// [`HttpTransport`], also `Arc<dyn HttpTransport>`. No runtime is started.
    Client
}

impl<T: HttpTransport, O: Operation> Call<'_, Client<T>, O> {
    /// Sends the call and returns its value.
    ///
    /// # Errors
    /// See [`Error::kind`] for what can happen and [`Error::outcome`] for whether it was applied.
    pub fn send(self) -> Result<O::Output, Error> {
        Ok(self.answer(Meta::Dropped)?.value)
    }

    /// Sends the call and returns its value with status, request id, rate limit and attempts.
    ///
    /// # Errors
    /// As [`Call::send`].
    pub fn send_with_meta(self) -> Result<ApiResponse<O::Output>, Error> {
        self.answer(Meta::Kept)
    }

    fn answer(self, meta: Meta) -> Result<ApiResponse<O::Output>, Error> {
        let transport = self.client.transport();
        let mut now = transport.now();
        let mut run = self.begin(now, meta)?;
        #[cfg(feature = "tracing")]
        let span = run.span();
        #[cfg(feature = "tracing")]
        let _entered = span.enter();
        let mut action = run.start(now);
        loop {
            action = match action {
                Action::Send(limits) => {
                    let result = transport.send(run.request(), &limits);
                    now = transport.now();
                    run.answered(now, result)
                }
                Action::Sleep(wait) => {
                    transport.sleep(wait);
                    now = transport.now();
                    run.woke(now)
                }
                Action::Done(result) => return run.finish::<O>(now, result),
            };
        }
    }
}
