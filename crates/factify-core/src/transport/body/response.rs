use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use crate::transport::TransportError;

/// The body of a response, in chunks. It ends after its last chunk, or after an error.
///
/// The blocking twin is [`blocking::ResponseBody`](crate::blocking::ResponseBody).
pub struct ResponseBody(Option<Box<dyn PollChunk>>);

/// Where a [`ResponseBody`] gets its chunks from.
pub trait PollChunk: Send {
    /// The next chunk; `None` at the end, which an incomplete body must not reach. It wakes the task of
    /// `context` when it is worth asking again.
    ///
    /// # Errors
    /// When the connection breaks, or the body arrives more slowly than
    /// [`Limits::transfer`](crate::Limits) allows.
    fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>>;
}

impl ResponseBody {
    /// A body that comes from there.
    pub fn new(chunks: impl PollChunk + 'static) -> Self {
        Self(Some(Box::new(chunks)))
    }

    /// The next chunk; `None` at the end.
    ///
    /// # Errors
    /// When the connection breaks, or the body arrives too slowly.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        poll_fn(|context| self.poll_chunk(context)).await
    }

    /// Polls for the next chunk; `None` at the end.
    ///
    /// # Errors
    /// When the connection breaks, or the body arrives too slowly.
    pub fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        let Some(chunks) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let chunk = ready!(chunks.poll_chunk(context));
        if !matches!(chunk, Some(Ok(_))) {
            self.0 = None;
        }
        Poll::Ready(chunk)
    }
}

impl From<Bytes> for ResponseBody {
    fn from(bytes: Bytes) -> Self {
        Self::new(Whole(Some(bytes).filter(|bytes| !bytes.is_empty())))
    }
}

/// A body that is in memory.
struct Whole(Option<Bytes>);

impl PollChunk for Whole {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").finish_non_exhaustive()
    }
}
