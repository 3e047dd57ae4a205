use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use factify_core::{
    HttpTransport, Limits, Now, RequestBody, TransportError, TransportErrorKind, blocking,
};
use http::{Request, Response};

use crate::fault::Reply;
use crate::sandbox::Sandbox;
use crate::target::normal_request;

/// Calls a [`Sandbox`] without a socket, for async and blocking clients.
///
/// All waits, including those of faults, move the sandbox's clock and take no real time.
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
        let response = match self.sandbox.reply(&normal_request(&request)) {
            Reply::Response(response) => response,
            Reply::Late(response, delay) if delay < limits.timeout => {
                self.sandbox.advance(delay);
                response
            }
            Reply::Late(..) | Reply::Silence => {
                self.sandbox.advance(limits.timeout);
                let reason = "no response in time";
                return Err(TransportError::sent(TransportErrorKind::Timeout, reason));
            }
            Reply::Refused => {
                let reason = "connection refused";
                return Err(TransportError::not_sent(
                    TransportErrorKind::Connect,
                    reason,
                ));
            }
            Reply::Nothing => {
                let reason = "the connection broke before the response";
                return Err(TransportError::sent(
                    TransportErrorKind::Interrupted,
                    reason,
                ));
            }
            Reply::Cut(response) => {
                let reason = "the connection broke within the response";
                return Err(cut_off(
                    TransportErrorKind::Interrupted,
                    reason.into(),
                    response,
                ));
            }
        };
        let length = response.body().len();
        if length > limits.max_response_bytes {
            let reason = format!("the body has {length} bytes");
            return Err(cut_off(TransportErrorKind::TooLarge, reason, response));
        }
        Ok(response)
    }
}

/// An error after the head of the response.
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
