use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use factify_core::{
    HttpTransport, Limits, Now, RequestBody, TransportError, TransportErrorKind, blocking,
};
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
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let (parts, body) = request.into_parts();
        let body = body
            .into_bytes()
            .map_err(|error| TransportError::not_sent(TransportErrorKind::RequestBody, error))?;
        let request = Request::from_parts(parts, body);
        let response = match self.sandbox.reply(&request) {
            Reply::Response(response) => response,
            Reply::Late(response, delay) if delay < limits.timeout => {
                self.sandbox.advance(delay);
                response
            }
            Reply::Late(..) | Reply::Silence => {
                self.sandbox.advance(limits.timeout);
                let fault = "no response in time";
                return Err(TransportError::sent(TransportErrorKind::Timeout, fault));
            }
            Reply::Refused => {
                let fault = "connection refused";
                return Err(TransportError::not_sent(TransportErrorKind::Connect, fault));
            }
            Reply::Nothing => {
                let fault = "the connection broke before the response";
                return Err(TransportError::sent(TransportErrorKind::Interrupted, fault));
            }
            Reply::Cut(response) => {
                let fault = "the connection broke within the response";
                return Err(cut_off(
                    TransportErrorKind::Interrupted,
                    fault.into(),
                    response,
                ));
            }
        };
        let length = response.body().len();
        if length > limits.max_response_bytes {
            let fault = format!("the body has {length} bytes");
            return Err(cut_off(TransportErrorKind::TooLarge, fault, response));
        }
        Ok(response)
    }
}

/// A failure after the head of the response.
fn cut_off(kind: TransportErrorKind, message: String, response: Response<Bytes>) -> TransportError {
    let head = response.into_parts().0;
    TransportError::sent(kind, message)
        .with_status(head.status)
        .with_headers(head.headers)
}

impl blocking::HttpTransport for SandboxTransport {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        self.exchange(request, limits)
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
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        self.exchange(request, limits)
    }

    async fn sleep(&self, duration: Duration) {
        self.sandbox.advance(duration);
    }

    fn now(&self) -> Now {
        self.sandbox.clocks()
    }
}
