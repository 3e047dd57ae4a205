//! A download under way, without the way to wait.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::HeaderMap;

use super::SaveCall;
use crate::client::options::Options;
use crate::client::parts::PartsRun;
use crate::client::run::{Cancel, Clock, Running};
use crate::error::Error;
use crate::operations::documents::ExportedDocument;
use crate::operations::documents::save::{NAME, Save, Step};
use crate::transport::{Now, ProgressFn};

pub(super) struct Saving<C: Clock, D> {
    pub(super) client: C,
    pub(super) run: Running<SaveRun, C>,
    progress: Option<ProgressFn>,
    /// `None` at the end.
    pub(super) step: Option<Step>,
    pub(super) download: Option<D>,
}

/// What a step brings.
pub(super) enum Arrived<D> {
    Exported(Result<ExportedDocument, Error>),
    Opened(Result<D, Error>),
    Woke,
}

/// The next chunk, or the length of the file at the end. After the end, call [`Saving::finish`].
pub(super) enum Next {
    Chunk(Bytes),
    End(Result<u64, Error>),
}

impl<C: Clock + Clone, D> Saving<C, D> {
    pub(super) fn new(call: SaveCall<'_, C>) -> Self {
        let (client, config, mut options) = (call.client.clone(), call.config, call.options);
        let policy = options.retry.unwrap_or(config.retry);
        let limit = options.deadline;
        let save = Save::new(
            call.document_id,
            call.version_id,
            policy,
            config.jitter_seed,
        );
        let progress = options.progress.take();
        let run = SaveRun {
            save,
            limit,
            parts: PartsRun::new(NAME, &config.watch, options, client.now()),
            has_begun: false,
        };
        Self {
            run: Running::new(run, client.clone()),
            client,
            progress,
            step: Some(Step::Begin),
            download: None,
        }
    }

    /// Begins the call, with its time.
    pub(super) fn begin(&mut self) {
        let now = self.client.now();
        self.run.parts.begin(now);
        let limit = self.run.limit;
        let deadline = limit.map(|limit| now.monotonic.saturating_add(limit));
        self.step = Some(self.run.save.begin(now, deadline));
    }

    /// Continues with what a step has brought. `head` is that of a download.
    pub(super) fn arrived(
        &mut self,
        arrived: Arrived<D>,
        head: fn(&D) -> (StatusCode, &HeaderMap),
    ) {
        let now = self.client.now();
        let save = &mut self.run.save;
        let step = match arrived {
            Arrived::Exported(result) => save.exported(now, result),
            Arrived::Opened(Ok(download)) => {
                let step = save.opened(now, Ok(head(&download)));
                self.download = Some(download);
                step
            }
            Arrived::Opened(Err(error)) => save.opened(now, Err(error)),
            Arrived::Woke => save.woke(now),
        };
        self.step = Some(step);
    }

    /// The new bytes of a chunk, unless there are none.
    pub(super) fn read(&mut self, chunk: Option<Result<Bytes, Error>>) -> Option<Bytes> {
        let (client, save) = (&self.client, &mut self.run.save);
        let ended = match chunk {
            Some(Ok(chunk)) => match save.chunk(|| client.now(), chunk) {
                Ok(bytes) => {
                    self.step = Some(Step::Read);
                    return self.report(bytes);
                }
                Err(error) => {
                    self.step = Some(Step::Done(Err(error)));
                    return None;
                }
            },
            Some(Err(error)) => Err(error),
            None => Ok(()),
        };
        self.step = Some(save.ended(client.now(), ended));
        None
    }

    fn report(&self, bytes: Bytes) -> Option<Bytes> {
        let bytes = Some(bytes).filter(|bytes| !bytes.is_empty())?;
        if let Some(progress) = &self.progress {
            progress.report(self.run.save.bytes(), self.run.save.total());
        }
        Some(bytes)
    }

    /// Reports the end.
    pub(super) fn finish(&mut self, result: Result<u64, Error>) -> Result<u64, Error> {
        (self.step, self.download) = (None, None);
        let now = self.client.now();
        self.run.parts.finish(now, result)
    }

    /// Makes an item of the next chunk, and reports the end.
    pub(super) fn item(&mut self, next: Option<Next>) -> Option<Result<Bytes, Error>> {
        match next? {
            Next::Chunk(bytes) => Some(Ok(bytes)),
            Next::End(result) => self.finish(result).err().map(Err),
        }
    }
}

/// The machine of a call, and its requests.
pub(super) struct SaveRun {
    pub(super) save: Save,
    /// The time for the whole call.
    limit: Option<Duration>,
    parts: PartsRun,
    has_begun: bool,
}

impl SaveRun {
    /// The options of the next request.
    pub(super) fn options(&mut self, left: Option<Duration>) -> Options {
        self.has_begun = true;
        self.parts.options(left)
    }

    /// The span of the call.
    #[cfg(feature = "tracing")]
    pub(super) fn span(&self) -> tracing::Span {
        self.parts.span()
    }
}

impl Cancel for SaveRun {
    fn is_reported(&self) -> bool {
        self.parts.has_ended() || !self.has_begun
    }

    fn cancel(&mut self, now: Now) {
        self.parts.cancel(now, false);
    }
}
