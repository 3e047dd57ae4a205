use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};

/// A request's body that tells when a connection begins to send the request.
///
/// hyper asks whether there is a body before it writes the head, since the head depends on it. An
/// attempt that ends before has sent nothing.
pub(crate) struct RequestBody {
    body: Full<Bytes>,
    begun: Arc<AtomicBool>,
}

impl RequestBody {
    /// The request, and whether a connection has begun to send it.
    pub(crate) fn of(request: Request<Bytes>) -> (Request<Self>, Arc<AtomicBool>) {
        let begun = Arc::new(AtomicBool::new(false));
        let request = request.map(|body| Self {
            body: Full::new(body),
            begun: Arc::clone(&begun),
        });
        (request, begun)
    }

    fn begin(&self) {
        self.begun.store(true, Ordering::Release);
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.begin();
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.begin();
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.begin();
        self.body.size_hint()
    }
}
