//! Response bodies.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Version;
use hyper::body::{Body, Frame, Incoming, SizeHint};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A response body that ends only where the server ended it. hyper also ends one whose stream or
/// connection of HTTP/2 ended early with the code `NO_ERROR`.
pub(crate) struct IncomingBody {
    body: Incoming,
    is_http2: bool,
}

impl IncomingBody {
    pub(crate) fn new(version: Version, body: Incoming) -> Self {
        let is_http2 = version == Version::HTTP_2;
        Self { body, is_http2 }
    }
}

impl Body for IncomingBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() && self.is_http2 && !self.body.is_end_stream() {
            let error = "the server ended the stream before the end of the body";
            return Poll::Ready(Some(Err(error.into())));
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
