use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use factify_core::{HttpTransport, Limits, Now, TransportError, TransportErrorKind, blocking};
use http::{Request, Response};

use crate::state::Sandbox;

/// Reaches a [`Sandbox`] without a socket, for async and blocking clients.
///
/// Waits move the sandbox's clock instead of taking time.
#[derive(Debug, Clone)]
pub struct SandboxTransport {
    sandbox: Sandbox,
}

impl SandboxTransport {
    pub(crate) fn new(sandbox: Sandbox) -> Self {
        Self { sandbox }
    }

    fn time(&self) -> Now {
        let unix = u64::try_from(self.sandbox.now().unix_seconds()).unwrap_or_default();
        Now {
            monotonic: self.sandbox.elapsed(),
            unix: Duration::from_secs(unix),
        }
    }
}

impl blocking::HttpTransport for SandboxTransport {
    fn send(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let response = self.sandbox.handle(&request);
        let length = response.body().len();
        if length > limits.max_response_bytes {
            let fault = format!("the body has {length} bytes");
            return Err(TransportError::sent(TransportErrorKind::TooLarge, fault)
                .with_status(response.status()));
        }
        Ok(response)
    }

    fn sleep(&self, duration: Duration) {
        self.sandbox.advance(duration);
    }

    fn now(&self) -> Now {
        self.time()
    }
}

#[async_trait]
impl HttpTransport for SandboxTransport {
    async fn send(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        blocking::HttpTransport::send(self, request, limits)
    }

    async fn sleep(&self, duration: Duration) {
        self.sandbox.advance(duration);
    }

    fn now(&self) -> Now {
        self.time()
    }
}
