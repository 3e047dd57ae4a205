//! Uploads and downloads of any length for tests of transfers. They use constant memory.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use crate::downloads::refuse_token;
use crate::respond::{Refusal, json};

/// The period of a download's bytes. It is a prime, so that a shift changes the content.
const PERIOD: u8 = 251;

/// Several periods of a download.
static BLOCK: LazyLock<Bytes> = LazyLock::new(|| {
    let period: Vec<u8> = (0..PERIOD).collect();
    period.repeat(256).into()
});

/// Reads a whole body. Responds with its length and CRC-32, or returns `None` if the body breaks off.
pub(crate) async fn upload(mut body: Incoming) -> Option<Response<Bytes>> {
    let (mut length, mut checksum) = (0, crc32fast::Hasher::new());
    while let Some(frame) = body.frame().await {
        if let Ok(bytes) = frame.ok()?.into_data() {
            length += bytes.len() as u64;
            checksum.update(&bytes);
        }
    }
    let received = serde_json::json!({ "length": length, "crc32": checksum.finalize() });
    Some(json(StatusCode::OK, &received))
}

/// Responds with `length` bytes.
pub(crate) fn download(headers: &HeaderMap, length: u64) -> Result<Response<Generated>, Refusal> {
    refuse_token(headers)?;
    let mut response = Response::new(Generated {
        block: BLOCK.clone(),
        sent: 0,
        length,
    });
    let binary = HeaderValue::from_static("application/octet-stream");
    response.headers_mut().insert(CONTENT_TYPE, binary);
    Ok(response)
}

/// A body that repeats a block up to its length.
pub(crate) struct Generated {
    block: Bytes,
    sent: u64,
    length: u64,
}

impl Body for Generated {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let left = usize::try_from(self.length - self.sent).unwrap_or(usize::MAX);
        if left == 0 {
            return Poll::Ready(None);
        }
        let chunk = self.block.slice(..left.min(self.block.len()));
        self.sent += chunk.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length - self.sent)
    }
}
