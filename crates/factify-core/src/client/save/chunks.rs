//! The chunks of a download that resumes, and the two ways to wait for them.

use std::fmt;
use std::future::{Future, poll_fn};
use std::iter::FusedIterator;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;

use super::SaveCall;
use super::saving::{Arrived, Next, Saving};
use crate::client::download::{BlockingDownload, Download};
use crate::client::{Client, blocking};
use crate::error::Error;
use crate::operations::documents::save::Step;
use crate::transport::HttpTransport;
use crate::transport::blocking::HttpTransport as BlockingHttpTransport;

macro_rules! chunks {
    ($(#[$doc:meta])* $Chunks:ident, $Transport:ident) => {
        impl<T: $Transport> $Chunks<T> {
            /// The bytes that have arrived.
            pub fn bytes(&self) -> u64 {
                self.saving.run.save.bytes()
            }

            /// The length of the file in bytes, if the server has announced it. `None` before the first chunk.
            pub fn total(&self) -> Option<u64> {
                self.saving.run.save.total()
            }

            /// The content type of the file, from the first chunk to the last.
            pub fn content_type(&self) -> Option<&HeaderValue> {
                self.saving.download.as_ref()?.headers().get(CONTENT_TYPE)
            }

            pub(super) fn finish(&mut self, result: Result<u64, Error>) -> Result<u64, Error> {
                self.saving.finish(result)
            }
        }

        impl<T: $Transport> fmt::Debug for $Chunks<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($Chunks))
                    .field("bytes", &self.bytes())
                    .field("total", &self.total())
                    .finish_non_exhaustive()
            }
        }
    };
}

chunks!(FileChunks, HttpTransport);
chunks!(BlockingFileChunks, BlockingHttpTransport);

/// The chunks of a file, downloaded while you read them. After an error there are no more chunks.
///
/// Made by [`SaveCall::chunks`]. With the feature `stream` it is a `futures_core::Stream`. It has its own clone of the
/// client, so you can keep it in a struct, move it to another task or make the body of a response from it.
#[must_use = "nothing is downloaded until you read the chunks"]
pub struct FileChunks<T: HttpTransport> {
    /// Dropped first: the report of the call includes that of its last request.
    waiting: Option<Waiting>,
    saving: Saving<Client<T>, Download>,
}

type Waiting = Pin<Box<dyn Future<Output = Arrived<Download>> + Send>>;

impl<T: HttpTransport + 'static> FileChunks<T> {
    pub(super) fn new(call: SaveCall<'_, Client<T>>) -> Self {
        Self {
            saving: Saving::new(call),
            waiting: None,
        }
    }

    /// The next chunk, or `None` at the end of the file. If you drop the future, nothing is lost: the next call
    /// continues.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// The next chunk, or `None` at the end of the file.
    ///
    /// # Errors
    /// As [`SaveCall::to_writer`], without those of a writer.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        self.next().await.transpose()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        let next = ready!(self.poll_step(context));
        Poll::Ready(self.saving.item(next))
    }

    pub(super) async fn step(&mut self) -> Option<Next> {
        poll_fn(|context| self.poll_step(context)).await
    }

    fn poll_step(&mut self, context: &mut Context<'_>) -> Poll<Option<Next>> {
        #[cfg(feature = "tracing")]
        let _entered = self.saving.run.span().entered();
        loop {
            if let Some(waiting) = &mut self.waiting {
                let arrived = ready!(waiting.as_mut().poll(context));
                self.waiting = None;
                self.saving.arrived(arrived, Download::raw_head);
            }
            let saving = &mut self.saving;
            let Some(step) = saving.step.take() else {
                return Poll::Ready(None);
            };
            let client = saving.client.clone();
            self.waiting = Some(match step {
                Step::Begin => {
                    saving.begin();
                    continue;
                }
                Step::Export(export, left) => {
                    let call = (export, saving.run.options(left));
                    Box::pin(async move {
                        Arrived::Exported(client.call_with(call.0, call.1).send().await)
                    })
                }
                Step::Fetch(url, left) => {
                    let options = saving.run.options(left);
                    Box::pin(async move {
                        Arrived::Opened(client.download(url).part(&options).send().await)
                    })
                }
                Step::Read => {
                    let chunk = match &mut saving.download {
                        Some(download) => download.poll_chunk(context),
                        None => Poll::Ready(None),
                    };
                    let Poll::Ready(chunk) = chunk else {
                        saving.step = Some(Step::Read);
                        return Poll::Pending;
                    };
                    match saving.read(chunk) {
                        Some(bytes) => return Poll::Ready(Some(Next::Chunk(bytes))),
                        None => continue,
                    }
                }
                Step::Sleep(wait) => Box::pin(async move {
                    client.transport().sleep(wait).await;
                    Arrived::Woke
                }),
                Step::Done(result) => return Poll::Ready(Some(Next::End(result))),
            });
        }
    }
}

#[cfg(feature = "stream")]
impl<T: HttpTransport + 'static> futures_core::Stream for FileChunks<T> {
    type Item = Result<Bytes, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

#[cfg(feature = "stream")]
impl<T: HttpTransport + 'static> futures_core::stream::FusedStream for FileChunks<T> {
    fn is_terminated(&self) -> bool {
        self.saving.step.is_none() && self.waiting.is_none()
    }
}

/// The chunks of a file, downloaded while you read them. After an error there are no more chunks.
///
/// Made by [`SaveCall::chunks`]. It has its own clone of the client, so you can keep it in a struct.
#[must_use = "nothing is downloaded until you read the chunks"]
pub struct BlockingFileChunks<T: BlockingHttpTransport> {
    saving: Saving<blocking::Client<T>, BlockingDownload>,
}

impl<T: BlockingHttpTransport> BlockingFileChunks<T> {
    pub(super) fn new(call: SaveCall<'_, blocking::Client<T>>) -> Self {
        Self {
            saving: Saving::new(call),
        }
    }

    pub(super) fn step(&mut self) -> Option<Next> {
        #[cfg(feature = "tracing")]
        let _entered = self.saving.run.span().entered();
        loop {
            let saving = &mut self.saving;
            let client = &saving.client;
            let arrived = match saving.step.take()? {
                Step::Begin => {
                    saving.begin();
                    continue;
                }
                Step::Export(export, left) => {
                    let options = saving.run.options(left);
                    Arrived::Exported(client.call_with(export, options).send())
                }
                Step::Fetch(url, left) => {
                    let options = saving.run.options(left);
                    Arrived::Opened(client.download(url).part(&options).send())
                }
                Step::Read => {
                    let chunk = saving.download.as_mut().and_then(BlockingDownload::chunk);
                    match saving.read(chunk) {
                        Some(bytes) => return Some(Next::Chunk(bytes)),
                        None => continue,
                    }
                }
                Step::Sleep(wait) => {
                    client.transport().sleep(wait);
                    Arrived::Woke
                }
                Step::Done(result) => return Some(Next::End(result)),
            };
            saving.arrived(arrived, BlockingDownload::raw_head);
        }
    }
}

impl<T: BlockingHttpTransport> Iterator for BlockingFileChunks<T> {
    type Item = Result<Bytes, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.step();
        self.saving.item(next)
    }
}

impl<T: BlockingHttpTransport> FusedIterator for BlockingFileChunks<T> {}
