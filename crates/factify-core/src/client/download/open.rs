use std::fmt;
use std::future::poll_fn;
use std::io::Write;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_LENGTH, HeaderMap};

use super::Fetch;
use crate::error::{Error, ErrorKind};
use crate::exchange::transport_error;
use crate::operation::Operation;
use crate::presigned_url::PresignedUrl;
use crate::scrub::Secret;
use crate::transport::blocking::ResponseBody as BlockingResponseBody;
use crate::transport::{ProgressFn, ResponseBody, TransportError, TransportErrorKind};

/// Tracks what has arrived of a download.
#[derive(Debug)]
pub(super) struct Received {
    /// Its secrets must not show in an error.
    url: PresignedUrl,
    status: StatusCode,
    headers: HeaderMap,
    /// The headers as they arrived, with secrets that the server repeated.
    raw: HeaderMap,
    total: Option<u64>,
    bytes: u64,
    max_bytes: u64,
    progress: Option<ProgressFn>,
    is_over: bool,
    attempts: u32,
    /// The time until the head arrived.
    elapsed: Duration,
}

impl Received {
    pub(super) fn new(
        url: PresignedUrl,
        status: StatusCode,
        headers: HeaderMap,
        raw: HeaderMap,
        max_bytes: u64,
        progress: Option<ProgressFn>,
    ) -> Self {
        let total = raw.get(CONTENT_LENGTH);
        Self {
            url,
            status,
            total: total.and_then(|length| length.to_str().ok()?.parse().ok()),
            headers,
            raw,
            bytes: 0,
            max_bytes,
            progress,
            is_over: false,
            attempts: 0,
            elapsed: Duration::ZERO,
        }
    }

    /// Counts a chunk, and checks the length.
    fn chunk(
        &mut self,
        chunk: Option<Result<Bytes, TransportError>>,
    ) -> Option<Result<Bytes, Error>> {
        let result = match chunk {
            Some(Ok(chunk)) => self.count(chunk),
            Some(Err(error)) => Err(error),
            None if self.total.is_some_and(|total| total != self.bytes) => {
                let message = "the body is shorter than its announced length";
                Err(TransportError::sent(
                    TransportErrorKind::Interrupted,
                    message,
                ))
            }
            None => {
                self.is_over = true;
                return None;
            }
        };
        Some(result.map_err(|error| {
            self.is_over = true;
            let may_help = error.kind() != TransportErrorKind::TooLarge;
            let secret = Secret::of(self.url.secrets());
            let error = error.scrubbed(secret.scrub(Some(self.url.headers())));
            let error = transport_error(error).with_retryable(may_help);
            let error = error.with_exchange(self.attempts, self.elapsed);
            let bytes = self.bytes;
            Fetch::INFO.complete(match error.kind() {
                ErrorKind::Interrupted => {
                    error.with_detail(format!("the download broke off after {bytes} bytes"))
                }
                ErrorKind::Timeout => {
                    error.with_detail(format!("the download stalled after {bytes} bytes"))
                }
                _ => error,
            })
        }))
    }

    /// The error of a writer that failed.
    fn not_written(&self, cause: std::io::Error) -> Error {
        let error = Error::not_written(cause);
        Fetch::INFO.complete(error.with_exchange(self.attempts, self.elapsed))
    }

    fn count(&mut self, chunk: Bytes) -> Result<Bytes, TransportError> {
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(length);
        if self.total.is_some_and(|total| self.bytes > total) {
            let message = "the body is longer than its announced length";
            return Err(TransportError::sent(TransportErrorKind::Malformed, message));
        }
        if self.bytes.max(self.total.unwrap_or_default()) > self.max_bytes {
            let message = format!("the body is larger than {} bytes", self.max_bytes);
            return Err(TransportError::sent(TransportErrorKind::TooLarge, message));
        }
        if let Some(progress) = &self.progress {
            progress.report(self.bytes, self.total);
        }
        Ok(chunk)
    }
}

/// Writes the rest of a body. Both downloads differ only in how they wait.
macro_rules! write_all {
    ($self:ident, $writer:ident $(, $await:tt)?) => {{
        let before = $self.received.bytes;
        while let Some(chunk) = $self.chunk()$(.$await)? {
            let written = $writer.write_all(&chunk?);
            written.map_err(|cause| $self.received.not_written(cause))?;
        }
        let flushed = $writer.flush();
        flushed.map_err(|cause| $self.received.not_written(cause))?;
        Ok($self.received.bytes - before)
    }};
}

macro_rules! download {
    ($(#[$doc:meta])* $Download:ident, $Body:ident) => {
        $(#[$doc])*
        pub struct $Download {
            body: $Body,
            received: Received,
        }

        impl $Download {
            pub(super) fn new(body: $Body, received: Received) -> Self {
                Self { body, received }
            }

            /// Notes what it took until the head arrived.
            pub(super) fn after(mut self, attempts: u32, elapsed: Duration) -> Self {
                self.received.attempts = attempts;
                self.received.elapsed = elapsed;
                self
            }

            /// The status of the response: 200, or 206 for a part of the file.
            pub fn status(&self) -> StatusCode {
                self.received.status
            }

            /// The headers of the response.
            pub fn headers(&self) -> &HeaderMap {
                &self.received.headers
            }

            /// The status and the headers as they arrived. Do not print them.
            pub(crate) fn raw_head(&self) -> (StatusCode, &HeaderMap) {
                (self.received.status, &self.received.raw)
            }

            /// The length of the whole body in bytes, if the server announces it.
            pub fn content_length(&self) -> Option<u64> {
                self.received.total
            }
        }

        impl fmt::Debug for $Download {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($Download))
                    .field("bytes", &self.received.bytes)
                    .field("total", &self.received.total)
                    .finish_non_exhaustive()
            }
        }
    };
}

download! {
    /// A download whose body is arriving. With the feature `stream` it is a `futures_core::Stream` of its
    /// chunks.
    Download, ResponseBody
}

download! {
    /// A download whose body is arriving.
    BlockingDownload, BlockingResponseBody
}

impl Download {
    /// Returns the next chunk, or `None` at the end. Dropping the future loses no data.
    ///
    /// # Errors
    /// If the connection breaks, the body arrives too slowly, or its length differs from the announced
    /// length. After an error there are no more chunks.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, Error>> {
        poll_fn(|context| self.poll_chunk(context)).await
    }

    pub(crate) fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Error>>> {
        if self.received.is_over {
            return Poll::Ready(None);
        }
        let chunk = ready!(self.body.poll_chunk(context));
        Poll::Ready(self.received.chunk(chunk))
    }

    /// Writes the rest of the body and returns its length. It blocks the task while it writes. For a slow
    /// or async writer, write the [chunks](Self::chunk) yourself.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk), and with [`ErrorKind::Write`] if the writer fails. Part of the body may
    /// have been written.
    pub async fn to_writer(&mut self, mut writer: impl Write) -> Result<u64, Error> {
        write_all!(self, writer, await)
    }
}

#[cfg(feature = "stream")]
impl futures_core::Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.poll_chunk(context)
    }
}

impl BlockingDownload {
    /// Returns the next chunk, or `None` at the end.
    ///
    /// # Errors
    /// If the connection breaks, the body arrives too slowly, or its length differs from the announced
    /// length. After an error there are no more chunks.
    pub fn chunk(&mut self) -> Option<Result<Bytes, Error>> {
        if self.received.is_over {
            return None;
        }
        let chunk = self.body.chunk();
        self.received.chunk(chunk)
    }

    /// Writes the rest of the body and returns its length.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk), and with [`ErrorKind::Write`] if the writer fails. Part of the body may
    /// have been written.
    pub fn to_writer(&mut self, mut writer: impl Write) -> Result<u64, Error> {
        write_all!(self, writer)
    }
}

impl Iterator for BlockingDownload {
    type Item = Result<Bytes, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.chunk()
    }
}
