use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use factify_core::{HttpTransport, Limits, Now, TransportError, TransportErrorKind, blocking};
use http::{Request, Response};

use crate::fault::Reply;
use crate::sandbox::Sandbox;

/// Reaches a [`Sandbox`] without a socket, for async and blocking clients.
///
/// Waits move the sandbox's clock instead of taking time, those of faults included.
#[derive(Debug, Clone)]
pub struct SandboxTransport {
    sandbox: Sandbox,
}

impl SandboxTransport {
    pub(crate) fn new(sandbox: Sandbox) -> Self {
        Self { sandbox }
    }

    fn exchange(
        &self,
        request: &Request<Bytes>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let response = match self.sandbox.reply(request) {
            Reply::Answer(response) => response,
            Reply::Late(response, delay) if delay < limits.timeout => {
                self.sandbox.advance(delay);
                response
            }
            Reply::Late(..) | Reply::Silence => {
                self.sandbox.advance(limits.timeout);
                let fault = "no answer in time";
                return Err(TransportError::sent(TransportErrorKind::Timeout, fault));
            }
            Reply::Nothing => {
                let fault = "the connection broke before the answer";
                return Err(TransportError::sent(TransportErrorKind::Interrupted, fault));
            }
            Reply::Cut(response, _) => {
                let fault = "the connection broke within the answer";
                return Err(TransportError::sent(TransportErrorKind::Interrupted, fault)
                    .with_status(response.status()));
            }
        };
        let length = response.body().len();
        if length > limits.max_response_bytes {
            let fault = format!("the body has {length} bytes");
            return Err(TransportError::sent(TransportErrorKind::TooLarge, fault)
                .with_status(response.status()));
        }
        Ok(response)
    }
}

impl blocking::HttpTransport for SandboxTransport {
    fn send(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        self.exchange(&request, limits)
    }

    fn sleep(&self, duration: Duration) {
        self.sandbox.advance(duration);
    }

    fn now(&self) -> Now {
        self.sandbox.clocks()
    }
}

#[async_trait]
impl HttpTransport for SandboxTransport {
    async fn send(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        self.exchange(&request, limits)
    }

    async fn sleep(&self, duration: Duration) {
        self.sandbox.advance(duration);
    }

    fn now(&self) -> Now {
        self.sandbox.clocks()
    }
}
