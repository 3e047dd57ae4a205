//! The connection below TLS. It lets hyper see what the server sent before hyper writes a request.
//!
//! hyper reads before it writes a request, and closes the connection if there is something to read. But
//! tokio reads only after the runtime has polled the socket, which it does between tasks, and not at all
//! between two calls of `block_on`. So this connection reads from the socket itself.

use std::future::Future;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
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

/// The bytes to read at once without the runtime.
const READ: usize = 4 << 10;

/// Makes connections with `C` that read without the runtime.
#[derive(Clone)]
pub(crate) struct Wires<C>(pub(crate) C);

impl<C> Service<Uri> for Wires<C>
where
    C: Service<Uri, Response = TokioIo<TcpStream>>,
    C::Future: Send + 'static,
{
    type Response = TokioIo<Wire>;
    type Error = C::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, C::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let is_tls = target.scheme() == Some(&Scheme::HTTPS);
        let stream = self.0.call(target);
        Box::pin(async move {
            let stream = stream.await?.into_inner();
            Ok(TokioIo::new(Wire::new(stream, is_tls)))
        })
    }
}

pub(crate) struct Wire {
    stream: TcpStream,
    /// With TLS, the records that were received.
    records: Option<TlsRecords>,
    traffic: Traffic,
}

impl Wire {
    fn new(stream: TcpStream, is_tls: bool) -> Self {
        Self {
            stream,
            records: is_tls.then(TlsRecords::default),
            traffic: Traffic::default(),
        }
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
        if result.is_pending() {
            // The runtime wakes the task for what arrives later, or if the task has to yield.
            let proceed = ready!(coop::poll_proceed(context));
            result = self.read_now(buffer);
            if result.is_ready() {
                proceed.made_progress();
            }
        }
        let this = &mut *self;
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
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
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
    /// Whether all responses are over. A new connection is not idle, because it expects the rest of the
    /// TLS handshake.
    fn is_idle(&self) -> bool {
        let over = self.0.over.load(Ordering::Acquire);
        over != 0 && over == self.0.begun.load(Ordering::Acquire)
    }
}

/// A request and its response on a connection of HTTP/1.1.
#[derive(Debug)]
pub(crate) struct Occupied {
    traffic: Traffic,
    number: u64,
}

impl Occupied {
    /// Call it before the connection writes the request.
    pub(crate) fn begin(connection: &CaptureConnection) -> Option<Self> {
        let metadata = connection.connection_metadata();
        let connected = metadata.as_ref().filter(|it| !it.is_negotiated_h2())?;
        let mut extensions = http::Extensions::new();
        connected.get_extras(&mut extensions);
        let traffic: Traffic = extensions.remove()?;
        let number = traffic.0.begun.fetch_add(1, Ordering::AcqRel) + 1;
        Some(Self { traffic, number })
    }

    /// The response is over. The connection may carry another request already.
    pub(crate) fn end(&self) {
        let over = &self.traffic.0.over;
        over.fetch_max(self.number, Ordering::AcqRel);
    }
}
