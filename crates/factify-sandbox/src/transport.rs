use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use factify_core::{
    HttpTransport, Limits, Now, PollChunk, RequestBody, ResponseBody, TransportError,
    TransportErrorKind, blocking,
};
use http::header::CONTENT_LENGTH;
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

    /// The response, and whether the connection breaks within its body.
    fn exchange(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<(Response<Bytes>, bool), TransportError> {
        let (parts, body) = request.into_parts();
        let body = body
            .into_bytes()
            .map_err(|error| TransportError::not_sent(TransportErrorKind::RequestBody, error))?;
        let request = Request::from_parts(parts, body);
        match self.sandbox.reply(&normal_request(&request)) {
            Reply::Response(response) => Ok((response, false)),
            Reply::Late(response, delay) if delay < limits.timeout => {
                self.sandbox.advance(delay);
                Ok((response, false))
            }
            Reply::Late(..) | Reply::Silence => {
                self.sandbox.advance(limits.timeout);
                let reason = "no response in time";
                Err(TransportError::sent(TransportErrorKind::Timeout, reason))
            }
            Reply::Refused => {
                let reason = "connection refused";
                Err(TransportError::not_sent(
                    TransportErrorKind::Connect,
                    reason,
                ))
            }
            Reply::Nothing => {
                let reason = "the connection broke before the response";
                Err(TransportError::sent(
                    TransportErrorKind::Interrupted,
                    reason,
                ))
            }
            Reply::Cut(response) => Ok((response, true)),
        }
    }

    /// A response in one piece.
    fn whole(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let (response, is_cut) = self.exchange(request, limits)?;
        if is_cut {
            return Err(cut_off(TransportErrorKind::Interrupted, BROKEN, response));
        }
        let length = response.body().len();
        if length > limits.max_response_bytes {
            let reason = format!("the body has {length} bytes");
            return Err(cut_off(TransportErrorKind::TooLarge, &reason, response));
        }
        Ok(response)
    }

    /// A response in chunks.
    fn chunks(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Chunks>, TransportError> {
        let (mut response, is_cut) = self.exchange(request, limits)?;
        let length = response.body().len();
        let headers = response.headers_mut();
        headers.entry(CONTENT_LENGTH).or_insert(length.into());
        Ok(response.map(|mut body| {
            if is_cut {
                body.truncate(length / 2);
            }
            Chunks { body, is_cut }
        }))
    }
}

const BROKEN: &str = "the connection broke within the response";

/// The most bytes of a chunk.
const CHUNK: usize = 64 << 10;

/// A body, which may end with a broken connection.
struct Chunks {
    body: Bytes,
    is_cut: bool,
}

impl Iterator for Chunks {
    type Item = Result<Bytes, TransportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.body.is_empty() {
            let size = CHUNK.min(self.body.len());
            return Some(Ok(self.body.split_to(size)));
        }
        let broken = || TransportError::sent(TransportErrorKind::Interrupted, BROKEN);
        std::mem::take(&mut self.is_cut).then(|| Err(broken()))
    }
}

impl PollChunk for Chunks {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        Poll::Ready(self.next())
    }
}

/// An error after the head of the response.
fn cut_off(kind: TransportErrorKind, message: &str, response: Response<Bytes>) -> TransportError {
    let head = response.into_parts().0;
    TransportError::sent(kind, message.to_owned())
        .with_status(head.status)
        .with_headers(head.headers)
}

impl blocking::HttpTransport for SandboxTransport {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        self.whole(request, limits)
    }

    fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<blocking::ResponseBody>, TransportError> {
        let response = self.chunks(request, limits)?;
        Ok(response.map(blocking::ResponseBody::new))
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
        self.whole(request, limits)
    }

    async fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let response = self.chunks(request, limits)?;
        Ok(response.map(ResponseBody::new))
    }

    async fn sleep(&self, duration: Duration) {
        self.sandbox.advance(duration);
    }

    fn now(&self) -> Now {
        self.sandbox.clocks()
    }
}
