//! Response bodies that may not fit into memory.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use factify_core::{PollChunk, TransferLimits, TransferWatch, TransportError, TransportErrorKind};
use hyper::body::Body;
use tokio::time::{Instant, Sleep};

use crate::error;
use crate::incoming::IncomingBody;
use crate::pool::Reserved;
use crate::sending::Stop;

/// The chunks of a body as they arrive.
pub(crate) struct Chunks {
    body: IncomingBody,
    connection: Reserved,
    /// Ends the attempt with the body of the response.
    _stop: Option<Stop>,
    watch: TransferWatch,
    started: Instant,
    /// When you received the last chunk, until you request the next one.
    paused: Option<Duration>,
    timer: Pin<Box<Sleep>>,
}

impl Chunks {
    /// `started` is when the attempt started. The time until now counts only for the total time.
    pub(crate) fn new(
        body: IncomingBody,
        limits: TransferLimits,
        stop: Option<Stop>,
        connection: Reserved,
        started: Instant,
    ) -> Self {
        let mut watch = TransferWatch::new(limits, Duration::ZERO);
        let now = started.elapsed();
        watch.resumed(Duration::ZERO, now);
        let mut chunks = Self {
            body,
            connection,
            _stop: stop,
            timer: Box::pin(tokio::time::sleep_until(later(watch.left(now)))),
            watch,
            started,
            paused: None,
        };
        chunks.release_at_end();
        chunks
    }

    /// Leaves the connection to later requests if the body is over.
    fn release_at_end(&mut self) {
        if self.body.is_end_stream() {
            self.connection.release();
        }
    }
}

impl PollChunk for Chunks {
    fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        if let Some(since) = self.paused.take() {
            self.watch.resumed(since, self.started.elapsed());
        }
        loop {
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    self.release_at_end();
                    let Ok(bytes) = frame.into_data() else {
                        continue;
                    };
                    let now = self.started.elapsed();
                    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    self.watch.moved(now, length);
                    self.paused = Some(now);
                    return Poll::Ready(Some(Ok(bytes)));
                }
                Poll::Ready(Some(Err(error))) => {
                    self.connection.release();
                    return Poll::Ready(Some(Err(error::of_body(error))));
                }
                Poll::Ready(None) => {
                    self.connection.release();
                    return Poll::Ready(None);
                }
                Poll::Pending => {}
            }
            // The timer is reset only after it fires, because a reset for each chunk would be slower.
            if self.timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            let left = self.watch.left(self.started.elapsed());
            if left.is_zero() {
                let reason = self.watch.reason(self.started.elapsed());
                let error = TransportError::sent(TransportErrorKind::Timeout, reason);
                return Poll::Ready(Some(Err(error)));
            }
            self.timer.as_mut().reset(later(left));
        }
    }
}

/// The instant after `left`, at most a year away, because the clock may overflow.
fn later(left: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    Instant::now() + left.min(YEAR)
}
