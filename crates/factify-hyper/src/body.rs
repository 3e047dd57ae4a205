//! Request bodies for hyper.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use factify_core::{BodyReader, RequestBody};
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};
use hyper_util::client::legacy::connect::CaptureConnection;
use tokio::task::JoinHandle;

use crate::sending::{Sending, Stop};
use crate::wire::Waiting;

/// The bytes to read from a source at once.
const CHUNK: usize = 512 << 10;

/// The bytes to pass to the connection at once. Progress is measured in these steps.
const PIECE: usize = 256 << 10;

/// The progress of a streamed body.
#[derive(Debug)]
pub(crate) struct Upload {
    length: u64,
    started: Instant,
    /// The bytes passed to the connection.
    sent: AtomicU64,
    /// When the last bytes were passed, in nanoseconds since the start.
    sent_at: AtomicU64,
    /// How long the connection has waited for the source, in nanoseconds.
    waited: AtomicU64,
    /// When the current wait began, in nanoseconds since the start, or `u64::MAX` without a wait.
    waits_since: AtomicU64,
    /// Why the body ended too early.
    error: Mutex<Option<io::Error>>,
}

impl Upload {
    fn new(length: u64) -> Self {
        Self {
            length,
            started: Instant::now(),
            sent: AtomicU64::new(0),
            sent_at: AtomicU64::new(0),
            waited: AtomicU64::new(0),
            waits_since: AtomicU64::new(u64::MAX),
            error: Mutex::new(None),
        }
    }

    fn nanos(&self) -> u64 {
        u64::try_from(self.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Records that the source has no data yet.
    fn waits(&self) {
        if self.waits_since.load(Ordering::Acquire) == u64::MAX {
            self.waits_since.store(self.nanos(), Ordering::Release);
        }
    }

    /// How long the connection has waited for the source.
    pub(crate) fn waited(&self, now: Duration) -> Duration {
        let waited = Duration::from_nanos(self.waited.load(Ordering::Acquire));
        match self.waits_since.load(Ordering::Acquire) {
            u64::MAX => waited,
            since => waited + now.saturating_sub(Duration::from_nanos(since)),
        }
    }

    fn count(&self, bytes: usize) {
        let nanos = self.nanos();
        let since = self.waits_since.swap(u64::MAX, Ordering::AcqRel);
        self.waited
            .fetch_add(nanos.saturating_sub(since), Ordering::AcqRel);
        self.sent_at.store(nanos, Ordering::Release);
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.sent.fetch_add(bytes, Ordering::AcqRel);
    }

    /// The length of the body in bytes.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// The bytes passed to the connection, and when the last of them were passed.
    pub(crate) fn sent(&self) -> (u64, Duration) {
        let sent = self.sent.load(Ordering::Acquire);
        let at = self.sent_at.load(Ordering::Acquire);
        (sent, Duration::from_nanos(at))
    }

    /// Time since the start of the attempt.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn fail(&self, error: io::Error) -> Ended {
        if let Ok(mut kept) = self.error.lock() {
            kept.get_or_insert(error);
        }
        Ended
    }

    /// Why the body could not be read.
    pub(crate) fn take_error(&self) -> Option<io::Error> {
        self.error.lock().ok()?.take()
    }
}

/// A request body that records when a connection starts to send the request.
///
/// hyper asks for the end or size of the body before it writes the head. If the request was given up by
/// then, hyper writes a head that announces a body, but the body fails.
pub(crate) struct OutgoingBody {
    content: Content,
    /// Whether the head announces a length of 0. hyper writes it, so that a request that was given up
    /// announces a body instead.
    announces_empty: bool,
    sending: Arc<Sending>,
    /// The connection that hyper chooses.
    connection: Option<CaptureConnection>,
}

enum Content {
    Whole(Full<Bytes>),
    Streamed {
        read: Read,
        /// The bytes that were read but not passed to the connection yet.
        pending: Bytes,
        left: u64,
        upload: Arc<Upload>,
    },
}

enum Read {
    Done(Chunk),
    Underway(JoinHandle<io::Result<Chunk>>),
    Over,
}

/// A chunk that was read, and the reader of the next one.
struct Chunk {
    bytes: Option<Bytes>,
    reader: BodyReader,
}

impl Chunk {
    fn read(mut reader: BodyReader) -> io::Result<Self> {
        let bytes = reader.chunk(CHUNK)?;
        Ok(Self { bytes, reader })
    }
}

impl OutgoingBody {
    /// A body in memory.
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self {
            content: Content::Whole(Full::new(bytes)),
            sending: Arc::default(),
            announces_empty: false,
            connection: None,
        }
    }

    /// A streamed body. It opens the source and reads the first chunk before anything is sent.
    pub(crate) async fn streamed(body: RequestBody) -> io::Result<Self> {
        let left = body.len();
        let upload = Arc::new(Upload::new(left));
        let open = tokio::task::spawn_blocking(move || Chunk::read(body.open()?));
        let first = open.await.map_err(io::Error::other)??;
        Ok(Self {
            content: Content::Streamed {
                read: Read::Done(first),
                pending: Bytes::new(),
                left,
                upload,
            },
            sending: Arc::default(),
            announces_empty: false,
            connection: None,
        })
    }

    /// Announces a length of 0 if the body is empty.
    pub(crate) fn announce_empty(&mut self) {
        self.announces_empty = true;
    }

    /// Learns which connection sends it, and waits for that connection.
    pub(crate) fn sent_on(&mut self, connection: CaptureConnection, waiting: &Waiting) {
        self.connection = Some(connection);
        self.sending.wait(Some(waiting.add()));
    }

    fn begin(&self) -> bool {
        self.sending.begin(self.connection.as_ref())
    }

    /// Ends the attempt when it is dropped.
    pub(crate) fn stop(&self) -> Stop {
        Stop::new(self.sending(), self.upload().is_some())
    }

    /// The state of sending.
    pub(crate) fn sending(&self) -> Arc<Sending> {
        Arc::clone(&self.sending)
    }

    /// The progress, if the body is streamed.
    pub(crate) fn upload(&self) -> Option<Arc<Upload>> {
        match &self.content {
            Content::Whole(_) => None,
            Content::Streamed { upload, .. } => Some(Arc::clone(upload)),
        }
    }
}

impl Body for OutgoingBody {
    type Data = Bytes;
    type Error = Ended;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Ended>>> {
        if !self.begin() {
            return Poll::Ready(Some(Err(Ended)));
        }
        self.sending.take_body();
        match &mut self.content {
            Content::Whole(body) => {
                let frame = Pin::new(body).poll_frame(context);
                frame.map_err(|never| match never {})
            }
            Content::Streamed {
                read,
                pending,
                left,
                upload,
            } => {
                if pending.is_empty() {
                    let Poll::Ready(chunk) = read.poll(context) else {
                        upload.waits();
                        return Poll::Pending;
                    };
                    let chunk = chunk.map_err(|error| upload.fail(error))?;
                    let Some(chunk) = chunk else {
                        return Poll::Ready(None);
                    };
                    *pending = chunk;
                }
                let bytes = pending.split_to(pending.len().min(PIECE));
                *left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                upload.count(bytes.len());
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.begin()
            && !self.announces_empty
            && match &self.content {
                Content::Whole(body) => body.is_end_stream(),
                Content::Streamed { left, .. } => *left == 0,
            }
    }

    fn size_hint(&self) -> SizeHint {
        if !self.begin() {
            return SizeHint::with_exact(1);
        }
        match &self.content {
            Content::Whole(body) => body.size_hint(),
            Content::Streamed { left, .. } => SizeHint::with_exact(*left),
        }
    }
}

impl Read {
    /// Returns the next chunk and starts to read the one after it.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        let chunk = match std::mem::replace(self, Self::Over) {
            Self::Over => return Poll::Ready(Ok(None)),
            Self::Done(chunk) => chunk,
            Self::Underway(mut task) => match Pin::new(&mut task).poll(context) {
                Poll::Ready(read) => read.map_err(io::Error::other)??,
                Poll::Pending => {
                    *self = Self::Underway(task);
                    return Poll::Pending;
                }
            },
        };
        if chunk.bytes.is_some() {
            let reader = chunk.reader;
            *self = Self::Underway(tokio::task::spawn_blocking(|| Chunk::read(reader)));
        }
        Poll::Ready(Ok(chunk.bytes))
    }
}

/// The body ended too early: it was given up or could not be read.
#[derive(Debug)]
pub(crate) struct Ended;

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was given up")
    }
}

impl std::error::Error for Ended {}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    async fn bodies(text: &'static str) -> [(OutgoingBody, Arc<Sending>); 2] {
        let streamed = OutgoingBody::streamed(RequestBody::from(text))
            .await
            .unwrap();
        let whole = OutgoingBody::whole(Bytes::from_static(text.as_bytes()));
        [whole, streamed].map(|body| {
            let sending = body.sending();
            (body, sending)
        })
    }

    #[tokio::test]
    async fn a_request_that_is_being_sent_is_not_given_up() {
        for asked in ["end", "size"] {
            for (body, sending) in bodies("{}").await {
                match asked {
                    "end" => assert!(!body.is_end_stream()),
                    _ => assert_eq!(body.size_hint().exact(), Some(2)),
                }
                assert!(!sending.give_up());
                assert_eq!(body.collect().await.unwrap().to_bytes(), "{}");
            }
        }
    }

    #[tokio::test]
    async fn a_request_that_was_given_up_is_not_sent() {
        for text in ["", "{}"] {
            for (body, sending) in bodies(text).await {
                assert!(sending.give_up() && sending.give_up());
                assert!(!body.is_end_stream());
                assert_eq!(body.size_hint().exact(), Some(1));
                assert!(body.collect().await.is_err());
            }
        }
    }

    #[tokio::test]
    async fn a_streamed_body_is_read_whole_and_counted() {
        let long = "x".repeat(3 * CHUNK + 1);
        let long_length = u64::try_from(long.len()).unwrap();
        let body = OutgoingBody::streamed(long.clone().into()).await.unwrap();
        let upload = body.upload().unwrap();
        assert_eq!(body.collect().await.unwrap().to_bytes(), long);
        assert_eq!(upload.sent().0, long_length);
    }
}
