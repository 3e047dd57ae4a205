//! Request and response bodies that may not fit into memory.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use bytes::Bytes;
use factify_core::{
    BodyReader, Delivery, Limits, RequestBody, TransferLimits, TransferWatch, TransportError,
    TransportErrorKind,
};
use ureq::Body;

use crate::{conceal, error};

/// A request body that ureq reads while it sends it.
pub(crate) struct Upload {
    content: BodyReader,
    left: u64,
    limits: Limits,
    watch: TransferWatch,
    started: Instant,
    /// The bytes that ureq sends before it reads more.
    underway: u64,
    /// Whether the connection stopped accepting the body.
    is_broken: bool,
    error: Option<TransportError>,
}

fn too_slow(watch: &TransferWatch, now: Duration) -> TransportError {
    TransportError::sent(TransportErrorKind::Timeout, watch.reason(now))
}

impl Upload {
    /// Opens the body, before anything is sent.
    pub(crate) fn open(body: &RequestBody, limits: &Limits) -> Result<Self, TransportError> {
        let content = body
            .open()
            .map_err(|error| TransportError::not_sent(TransportErrorKind::RequestBody, error))?;
        let unlimited = TransferLimits::standard().idle(Duration::MAX).least_rate(0);
        Ok(Self {
            content,
            left: body.len(),
            limits: *limits,
            watch: TransferWatch::new(limits.transfer.unwrap_or(unlimited), Duration::ZERO),
            started: Instant::now(),
            underway: 0,
            is_broken: false,
            error: None,
        })
    }

    /// The reason why the upload failed, given ureq's error.
    pub(crate) fn into_error(self, error: TransportError) -> TransportError {
        if let Some(error) = self.error {
            return error;
        }
        let is_timeout = error.kind() == TransportErrorKind::Timeout;
        match self
            .limits
            .transfer
            .filter(|_| is_timeout && error.delivery() == Delivery::Sent)
        {
            None => error,
            Some(_) if self.left == 0 && !self.is_broken => {
                let timeout = self.limits.response_timeout(self.content.len());
                error.with_source(format!("no complete response within {timeout:?}"))
            }
            Some(_) => error.with_source(self.watch.reason(self.started.elapsed())),
        }
    }

    /// Counts the bytes sent since the last read. The time before the first read does not count.
    fn watch(&mut self, now: Duration) -> Result<(), TransportError> {
        if self.underway == 0 {
            self.watch.resumed(Duration::ZERO, now);
        } else {
            self.watch.moved(now, self.underway);
        }
        if self.watch.left(now).is_zero() {
            return Err(too_slow(&self.watch, now));
        }
        Ok(())
    }

    fn next(&mut self, out: &mut [u8]) -> Result<usize, TransportError> {
        if conceal::is_broken() {
            self.is_broken = true;
            // The connection discards these bytes.
            let left = usize::try_from(self.left).unwrap_or(usize::MAX);
            return Ok(out.len().min(left));
        }
        let asked = self.started.elapsed();
        self.watch(asked)?;
        let read = self
            .content
            .read(out)
            .map_err(|error| TransportError::sent(TransportErrorKind::RequestBody, error))?;
        // The time of a slow source does not count.
        self.watch.resumed(asked, self.started.elapsed());
        Ok(read)
    }
}

impl Read for Upload {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.next(out) {
            Ok(read) => {
                self.underway = u64::try_from(read).unwrap_or(u64::MAX);
                self.left = self.left.saturating_sub(self.underway);
                Ok(read)
            }
            Err(error) => {
                self.error = Some(error);
                Err(io::Error::other("the body ended too early"))
            }
        }
    }
}

/// The bytes to read from a response at once.
const CHUNK: usize = 64 << 10;

/// A response body as it arrives.
pub(crate) struct Chunks {
    content: ureq::BodyReader<'static>,
    watch: TransferWatch,
    started: Instant,
    /// When you received the last chunk.
    paused: Duration,
}

impl Chunks {
    pub(crate) fn new(body: Body, limits: TransferLimits) -> Self {
        Self {
            content: body.into_reader(),
            watch: TransferWatch::new(limits, Duration::ZERO),
            started: Instant::now(),
            paused: Duration::ZERO,
        }
    }

    fn read(&mut self) -> Result<Bytes, TransportError> {
        let asked = self.started.elapsed();
        self.watch.resumed(self.paused, asked);
        if self.watch.left(asked).is_zero() {
            return Err(too_slow(&self.watch, asked));
        }
        let mut chunk = vec![0; CHUNK];
        let read = self
            .content
            .read(&mut chunk)
            .map_err(|error| error::of_body(error.into()))?;
        self.paused = self.started.elapsed();
        self.watch
            .moved(self.paused, u64::try_from(read).unwrap_or(u64::MAX));
        chunk.truncate(read);
        Ok(chunk.into())
    }
}

impl Iterator for Chunks {
    type Item = Result<Bytes, TransportError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.read() {
            Ok(chunk) if chunk.is_empty() => None,
            chunk => Some(chunk),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_is_watched_from_its_first_read() {
        let second = |n| Duration::from_secs(n);
        let transfer = TransferLimits::standard().idle(second(2)).least_rate(10);
        let limits = Limits::new(second(60), 0).with_transfer(transfer);
        let mut upload = Upload::open(&vec![0; 1_000].into(), &limits).unwrap();
        assert!(
            upload.watch(second(50)).is_ok(),
            "the head took a long time"
        );
        upload.underway = 100;
        assert!(upload.watch(second(51)).is_ok());
        assert!(upload.watch(second(52)).is_ok());
        upload.underway = 1;
        let error = upload.watch(second(54)).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Timeout, "{error:?}");
    }
}
