//! The connection above TLS. It counts its writes, and can still be read after a write has failed.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use factify_core::TooManyInterims;
use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};

/// What a request and its connection share.
#[derive(Debug, Clone, Default)]
pub(crate) struct Link(Arc<LinkState>);

#[derive(Debug, Default)]
struct LinkState {
    /// The writes so far, including those that wait.
    writes: AtomicU64,
    has_too_many_interims: AtomicBool,
}

impl Link {
    /// The number of writes so far.
    pub(crate) fn writes(&self) -> u64 {
        self.0.writes.load(Ordering::Acquire)
    }

    fn count_write(&self) {
        self.0.writes.fetch_add(1, Ordering::AcqRel);
    }

    /// Ends the connection with an error at its next read.
    pub(crate) fn refuse_interims(&self) {
        self.0.has_too_many_interims.store(true, Ordering::Release);
    }

    fn check_interims(&self) -> io::Result<()> {
        if self.0.has_too_many_interims.load(Ordering::Acquire) {
            return Err(io::Error::other(TooManyInterims));
        }
        Ok(())
    }
}

/// After a write fails, it pretends to write the rest. hyper would give up otherwise, and lose the
/// response that the server may have sent before it closed the connection.
pub(crate) struct Socket<T> {
    inner: T,
    /// The error of the failed write, until a read returns it.
    broken: Option<io::Error>,
    is_broken: bool,
    link: Link,
}

impl<T> Socket<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self {
            inner,
            broken: None,
            is_broken: false,
            link: Link::default(),
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
        self.link.count_write();
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
        self.link.count_write();
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
        self.link.check_interims()?;
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
        self.inner.connected().extra(self.link.clone())
    }
}
