use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};

const WAITING: u8 = 0;
const BEGUN: u8 = 1;
const GIVEN_UP: u8 = 2;

/// Whether a connection has begun to send a request, or is no longer allowed to. Once decided, it does
/// not change.
#[derive(Debug, Default)]
pub(crate) struct Sending(AtomicU8);

impl Sending {
    /// Keeps the request from being sent. `false` when a connection has begun to.
    pub(crate) fn give_up(&self) -> bool {
        self.decide(GIVEN_UP)
    }

    /// `false` when it has been given up.
    fn begin(&self) -> bool {
        self.decide(BEGUN)
    }

    fn decide(&self, end: u8) -> bool {
        let (success, failure) = (Ordering::AcqRel, Ordering::Acquire);
        match self.0.compare_exchange(WAITING, end, success, failure) {
            Ok(_) => true,
            Err(before) => before == end,
        }
    }
}

/// A request's body that tells when a connection begins to send the request.
///
/// hyper asks whether there is a body before it writes the head, since the head depends on it. Of a
/// request that was given up until then it gets a head that announces a body, and no body.
pub(crate) struct RequestBody {
    body: Full<Bytes>,
    sending: Arc<Sending>,
}

impl RequestBody {
    /// The request, and whether it is being sent.
    pub(crate) fn of(request: Request<Bytes>) -> (Request<Self>, Arc<Sending>) {
        let sending = Arc::new(Sending::default());
        let request = request.map(|body| Self {
            body: Full::new(body),
            sending: Arc::clone(&sending),
        });
        (request, sending)
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = GivenUp;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, GivenUp>>> {
        if !self.sending.begin() {
            return Poll::Ready(Some(Err(GivenUp)));
        }
        let frame = Pin::new(&mut self.body).poll_frame(context);
        frame.map_err(|never| match never {})
    }

    fn is_end_stream(&self) -> bool {
        self.sending.begin() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        if self.sending.begin() {
            self.body.size_hint()
        } else {
            SizeHint::with_exact(1)
        }
    }
}

/// The attempt's time was over before a connection began to send the request.
#[derive(Debug)]
pub(crate) struct GivenUp;

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was given up")
    }
}

impl std::error::Error for GivenUp {}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    fn request(body: &'static str) -> (RequestBody, Arc<Sending>) {
        let (request, sending) = RequestBody::of(Request::new(Bytes::from_static(body.as_bytes())));
        (request.into_body(), sending)
    }

    #[tokio::test]
    async fn a_request_that_is_being_sent_is_not_given_up() {
        for asked in ["end", "size"] {
            let (body, sending) = request("{}");
            match asked {
                "end" => assert!(!body.is_end_stream()),
                _ => assert_eq!(body.size_hint().exact(), Some(2)),
            }
            assert!(!sending.give_up());
            assert_eq!(body.collect().await.unwrap().to_bytes(), "{}");
        }
    }

    #[tokio::test]
    async fn a_request_that_was_given_up_is_not_sent() {
        for text in ["", "{}"] {
            let (body, sending) = request(text);
            assert!(sending.give_up() && sending.give_up());
            assert!(!body.is_end_stream());
            assert_eq!(body.size_hint().exact(), Some(1));
            assert!(body.collect().await.is_err());
        }
    }
}
