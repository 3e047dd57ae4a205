//! The connection below TLS. It lets hyper see what the server sent before hyper writes a request.
//!
//! With HTTP/1.1, hyper reads before it writes a request, and closes the connection if there is something to
//! read. But tokio reads only after the runtime has polled the socket, which it does between tasks, and not at
//! all between two calls of `block_on`. So this connection reads from the socket itself.
//!
//! With HTTP/2, hyper may create the stream of a request before it reads. Then [`Sending`](crate::sending::Sending)
//! knows whether anything was written.

use std::future::Future;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use factify_core::TlsRecords;
use http::uri::{Scheme, Uri};
use hyper_util::client::legacy::connect::{CaptureConnection, Connected, Connection};
use hyper_util::rt::TokioIo;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::task::coop;
use tower_service::Service;

use crate::polls;
use crate::socket::Link;

/// The bytes to read at once without the runtime.
const READ: usize = 4 << 10;

/// The requests that no connection has started to send yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    /// Adds a request, until it is dropped.
    pub(crate) fn add(&self) -> Waits {
        self.0.fetch_add(1, Ordering::AcqRel);
        Waits(self.clone())
    }

    fn is_any(&self) -> bool {
        self.0.load(Ordering::Acquire) > 0
    }
}

/// A request that waits for a connection.
#[derive(Debug)]
pub(crate) struct Waits(Waiting);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Makes connections with `C` that read without the runtime while a request waits.
#[derive(Clone)]
pub(crate) struct Wires<C> {
    inner: C,
    waiting: Waiting,
}

impl<C> Wires<C> {
    pub(crate) fn new(inner: C, waiting: Waiting) -> Self {
        Self { inner, waiting }
    }
}

impl<C> Service<Uri> for Wires<C>
where
    C: Service<Uri, Response = TokioIo<TcpStream>>,
    C::Future: Send + 'static,
{
    type Response = TokioIo<Wire>;
    type Error = C::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, C::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let is_tls = target.scheme() == Some(&Scheme::HTTPS);
        let stream = self.inner.call(target);
        let waiting = self.waiting.clone();
        Box::pin(async move {
            let stream = stream.await?.into_inner();
            Ok(TokioIo::new(Wire::new(stream, is_tls, waiting)))
        })
    }
}

pub(crate) struct Wire {
    stream: TcpStream,
    /// With TLS, the records that were received.
    records: Option<TlsRecords>,
    traffic: Traffic,
    waiting: Waiting,
    /// The number of the last request of which something was written.
    written: u64,
    /// Whether nothing was read since the first write of this request. Its response may come before its last
    /// write.
    awaits_response: bool,
    /// The poll in which the socket had nothing more to read.
    drained: Option<u64>,
}

impl Wire {
    fn new(stream: TcpStream, is_tls: bool, waiting: Waiting) -> Self {
        Self {
            stream,
            records: is_tls.then(TlsRecords::default),
            traffic: Traffic::default(),
            waiting,
            written: 0,
            awaits_response: false,
            drained: None,
        }
    }

    /// Whether hyper may use the connection next for a request that must not follow unread bytes. A connection
    /// of HTTP/2 is in use by several requests, and does not know which. One of HTTP/1.1 that waits for a response
    /// cannot take another request. Once in a poll is enough.
    fn reads_now(&self) -> bool {
        let is_next = self.traffic.begun() == 0 || !self.awaits_response && self.waiting.is_any();
        is_next && (self.drained.is_none() || self.drained != polls::current())
    }

    /// Call it before each write.
    fn writes(&mut self) {
        let begun = self.traffic.begun();
        self.awaits_response |= self.written != begun;
        self.written = begun;
    }

    /// Reads what the socket has, whether or not the runtime knows.
    fn read_now(&self, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let length = buffer.remaining().min(READ);
        let unfilled = buffer.initialize_unfilled_to(length);
        loop {
            match (&*SockRef::from(&self.stream)).read(unfilled) {
                Ok(read) => {
                    buffer.advance(read);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Poll::Pending,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let start = buffer.filled().len();
        let mut result = Pin::new(&mut self.stream).poll_read(context, buffer);
        // A read that does not fill the buffer leaves nothing in the socket.
        if buffer.filled().len() > start && buffer.remaining() > 0 {
            self.drained = polls::current();
        }
        if result.is_pending() && self.reads_now() {
            // The runtime wakes the task for what arrives later, or if the task has to yield.
            let proceed = ready!(coop::poll_proceed(context));
            result = self.read_now(buffer);
            if result.is_ready() {
                proceed.made_progress();
            } else {
                self.drained = polls::current();
            }
        }
        let this = &mut *self;
        if buffer.filled().len() > start {
            this.awaits_response = false;
        }
        if let Some(records) = &mut this.records {
            records.pass(buffer.filled().get(start..).unwrap_or_default());
            if result.is_pending() && this.traffic.is_idle() && !records.is_whole() {
                let message = "part of a TLS record arrived that belongs to no response";
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, message)));
            }
        }
        result
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.writes();
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.writes();
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Connection for Wire {
    fn connected(&self) -> Connected {
        self.stream.connected().extra(self.traffic.clone())
    }
}

/// The requests of a connection of HTTP/1.1.
#[derive(Debug, Clone, Default)]
struct Traffic(Arc<Requests>);

#[derive(Debug, Default)]
struct Requests {
    /// The number of the last request, from 1.
    begun: AtomicU64,
    /// The number of the last request whose response is over.
    over: AtomicU64,
}

impl Traffic {
    fn begun(&self) -> u64 {
        self.0.begun.load(Ordering::Acquire)
    }

    fn begin(self) -> Occupied {
        let number = self.0.begun.fetch_add(1, Ordering::AcqRel) + 1;
        Occupied {
            traffic: self,
            number,
        }
    }

    /// Whether all responses are over. A new connection is not idle, because it expects the rest of the
    /// TLS handshake.
    fn is_idle(&self) -> bool {
        let over = self.0.over.load(Ordering::Acquire);
        over != 0 && over == self.begun()
    }
}

/// A request and its response on a connection of HTTP/1.1.
#[derive(Debug)]
pub(crate) struct Occupied {
    traffic: Traffic,
    number: u64,
}

impl Occupied {
    /// The response is over. The connection may carry another request already.
    pub(crate) fn end(&self) {
        let over = &self.traffic.0.over;
        over.fetch_max(self.number, Ordering::AcqRel);
    }
}

/// What the layers of the connection share with the request. Call it before the connection writes the
/// request.
pub(crate) fn begin(connection: &CaptureConnection) -> Option<(Link, Option<Occupied>)> {
    let metadata = connection.connection_metadata();
    let metadata = metadata.as_ref()?;
    let mut shared = http::Extensions::new();
    metadata.get_extras(&mut shared);
    let traffic = shared.remove().filter(|_| !metadata.is_negotiated_h2());
    Some((shared.remove()?, traffic.map(Traffic::begin)))
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io::Write;
    use std::net::TcpListener;
    use std::sync::mpsc;

    use hyper::rt::Executor;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::polls::Tasks;

    /// A connection and its server.
    async fn connected(waiting: &Waiting) -> (Wire, std::net::TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap());
        let wire = Wire::new(stream.await.unwrap(), false, waiting.clone());
        let (server, _) = listener.accept().unwrap();
        server.set_nodelay(true).unwrap();
        (wire, server)
    }

    #[tokio::test]
    async fn a_response_may_come_before_the_last_write_of_its_request() {
        let waiting = Waiting::default();
        let (mut wire, mut server) = connected(&waiting).await;
        let _next = waiting.add();
        for _ in 0..2 {
            let _request = wire.traffic.clone().begin();
            for is_written in [true, false, true] {
                if is_written {
                    wire.write_all(b"x").await.unwrap();
                } else {
                    server.write_all(b"x").unwrap();
                    wire.read_u8().await.unwrap();
                }
            }
            assert!(wire.reads_now(), "the response is there");
            let _request = wire.traffic.clone().begin();
            wire.write_all(b"x").await.unwrap();
            assert!(!wire.reads_now(), "a response is awaited");
            server.write_all(b"x").unwrap();
            wire.read_u8().await.unwrap();
        }
    }

    /// The runtime does not poll the socket between the write and the read.
    #[tokio::test]
    async fn bytes_are_read_at_once_while_a_request_may_be_next() {
        let waiting = Waiting::default();
        let (mut wire, mut server) = connected(&waiting).await;
        let traffic = wire.traffic.clone();
        for (is_used, waits, is_read) in [
            (false, false, true),
            (true, false, false),
            (true, true, true),
            (true, false, false),
        ] {
            let _request = is_used.then(|| traffic.clone().begin());
            let _next = waits.then(|| waiting.add());
            server.write_all(b"x").unwrap();
            let mut buffer = [0; 8];
            let mut buffer = ReadBuf::new(&mut buffer);
            let at_once = poll_fn(|context| {
                let read = Pin::new(&mut wire).poll_read(context, &mut buffer);
                Poll::Ready(read.is_ready())
            });
            assert_eq!(at_once.await, is_read, "is used: {is_used}, waits: {waits}");
            if !is_read {
                let read = poll_fn(|context| Pin::new(&mut wire).poll_read(context, &mut buffer));
                read.await.unwrap();
            }
            assert_eq!(buffer.filled(), b"x");
            // The readiness that tokio already knows.
            let mut buffer = [0; 8];
            let mut buffer = ReadBuf::new(&mut buffer);
            let rest =
                poll_fn(|context| Poll::Ready(Pin::new(&mut wire).poll_read(context, &mut buffer)));
            assert!(rest.await.is_pending());
        }
    }

    #[tokio::test]
    async fn a_poll_reads_at_once_only_until_there_is_nothing_more() {
        let waiting = Waiting::default();
        let (mut wire, mut server) = connected(&waiting).await;
        let (sender, results) = mpsc::channel();
        Tasks.execute(async move {
            let _next = waiting.add();
            for _ in 0..2 {
                poll_fn(|context| {
                    let mut read = || {
                        let mut buffer = [0; 8];
                        let mut buffer = ReadBuf::new(&mut buffer);
                        let read = Pin::new(&mut wire).poll_read(context, &mut buffer);
                        sender
                            .send((read.is_ready(), buffer.filled().len()))
                            .unwrap();
                    };
                    read();
                    server.write_all(b"x").unwrap();
                    read();
                    Poll::Ready(())
                })
                .await;
                tokio::task::yield_now().await;
            }
        });
        let mut seen = Vec::new();
        while seen.len() < 4 {
            tokio::task::yield_now().await;
            seen.extend(results.try_iter());
        }
        // In the second poll, the byte of the first one is found, and the next byte is not looked for.
        assert_eq!(seen, [(false, 0), (false, 0), (true, 1), (false, 0)]);
    }
}
