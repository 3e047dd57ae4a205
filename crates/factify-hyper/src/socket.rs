//! A connection that can still be read after a write has failed.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};

/// After a write fails, it pretends to write the rest. hyper would give up otherwise, and lose the
/// response that the server may have sent before it closed the connection.
pub(crate) struct Socket<T> {
    inner: T,
    /// The error of the failed write, until a read returns it.
    broken: Option<io::Error>,
    is_broken: bool,
}

impl<T> Socket<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self {
            inner,
            broken: None,
            is_broken: false,
        }
    }

    /// The result of a write of this many bytes.
    fn written(
        &mut self,
        written: Poll<io::Result<usize>>,
        bytes: usize,
    ) -> Poll<io::Result<usize>> {
        match ready!(written) {
            Ok(written) => Poll::Ready(Ok(written)),
            Err(error) => {
                self.broken = Some(error);
                self.is_broken = true;
                Poll::Ready(Ok(bytes))
            }
        }
    }
}

impl<T: Write + Unpin> Write for Socket<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_broken {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.written(written, bytes.len())
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let bytes = slices.iter().map(|slice| slice.len()).sum();
        if self.is_broken {
            return Poll::Ready(Ok(bytes));
        }
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.written(written, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_broken {
            return Poll::Ready(Ok(()));
        }
        let flushed = Pin::new(&mut self.inner).poll_flush(context);
        self.written(flushed.map_ok(|()| 0), 0).map_ok(|_| ())
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

impl<T: Read + Unpin> Read for Socket<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.is_broken {
            return Pin::new(&mut self.inner).poll_read(context, buffer);
        }
        let mut part = [0; 4 << 10];
        let size = buffer.remaining().min(part.len());
        let mut read = ReadBuf::new(part.get_mut(..size).unwrap_or_default());
        let result = ready!(Pin::new(&mut self.inner).poll_read(context, read.unfilled()));
        if result.is_ok() && !read.filled().is_empty() {
            buffer.put_slice(read.filled());
            return Poll::Ready(Ok(()));
        }
        // The response is missing or incomplete, so return the error of the write.
        Poll::Ready(self.broken.take().map_or(result, Err))
    }
}

impl<T: Connection> Connection for Socket<T> {
    fn connected(&self) -> Connected {
        self.inner.connected()
    }
}
