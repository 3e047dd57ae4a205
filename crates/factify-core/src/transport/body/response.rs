use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use crate::transport::TransportError;

/// The body of a response, in chunks. It ends after the last chunk or after an error.
///
/// The blocking version is [`blocking::ResponseBody`](crate::blocking::ResponseBody).
pub struct ResponseBody(Option<Box<dyn PollChunk>>);

/// The source of the chunks of a [`ResponseBody`].
pub trait PollChunk: Send {
    /// Polls for the next chunk, or `None` at the end. An incomplete body must end with an error, not
    /// with `None`. It must wake the task of `context` when it can make progress.
    ///
    /// # Errors
    /// If the connection breaks, or the body arrives more slowly than
    /// [`Limits::transfer`](crate::Limits) allows.
    fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>>;
}

impl ResponseBody {
    /// Makes a body from a source of chunks.
    pub fn new(chunks: impl PollChunk + 'static) -> Self {
        Self(Some(Box::new(chunks)))
    }

    /// Returns the next chunk, or `None` at the end.
    ///
    /// # Errors
    /// If the connection breaks, or the body arrives too slowly.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        poll_fn(|context| self.poll_chunk(context)).await
    }

    /// Polls for the next chunk, or `None` at the end.
    ///
    /// # Errors
    /// If the connection breaks, or the body arrives too slowly.
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
