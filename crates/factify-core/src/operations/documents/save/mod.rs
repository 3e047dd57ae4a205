//! Downloads the file of a document, and resumes if the download breaks off: a state machine without I/O.

mod file;

use std::time::Duration;

use bytes::Bytes;
use factify_types::{DocumentId, VersionId};
use fastrand::Rng;
use http::StatusCode;
use http::header::HeaderMap;

use super::{ExportDocument, ExportedDocument};
use crate::error::{Error, ErrorKind, Outcome};
use crate::exchange::RetryPolicy;
use crate::presigned_url::PresignedUrl;
use crate::transport::Now;

use file::{Arriving, changed};

/// The name of the call, for errors and observers.
pub(crate) const NAME: &str = "documents.download";

/// How often a download may start again. Each time, the server sends again what has already arrived.
const RESTARTS: u32 = 5;

#[derive(Debug)]
pub(crate) struct Save {
    export: ExportDocument,
    policy: RetryPolicy,
    random: Rng,
    /// When the call must end.
    deadline: Option<Duration>,
    url: Option<PresignedUrl>,
    /// Whether a request for the URL has succeeded.
    url_works: bool,
    file: Arriving,
    /// How often in a row the download broke off without a new byte.
    breaks: u32,
}

/// The next step for the driver of a [`Save`]. A time is what is left until the deadline of the call.
#[derive(Debug)]
#[must_use]
pub(crate) enum Step {
    /// Call [`Save::begin`].
    Begin,
    /// Send this, then call [`Save::exported`].
    Export(ExportDocument, Option<Duration>),
    /// Download from this URL, then call [`Save::opened`].
    Fetch(PresignedUrl, Option<Duration>),
    /// Pass each chunk to [`Save::chunk`]; at the end, call [`Save::ended`].
    Read,
    /// Wait, then call [`Save::woke`].
    Sleep(Duration),
    Done(Result<u64, Error>),
}

impl Save {
    pub(crate) fn new(
        document_id: DocumentId,
        version_id: Option<VersionId>,
        policy: RetryPolicy,
        seed: Option<u64>,
    ) -> Self {
        let mut export = ExportDocument::new(document_id);
        export.version_id = version_id;
        Self {
            export,
            policy,
            random: seed.map_or_else(Rng::new, Rng::with_seed),
            deadline: None,
            url: None,
            url_works: false,
            file: Arriving::default(),
            breaks: 0,
        }
    }

    /// Begins the call, which must end at this time.
    pub(crate) fn begin(&mut self, now: Now, deadline: Option<Duration>) -> Step {
        self.deadline = deadline;
        self.export(now)
    }

    /// The bytes that have arrived.
    pub(crate) fn bytes(&self) -> u64 {
        self.file.bytes()
    }

    /// The length of the file, if the server has announced it.
    pub(crate) fn total(&self) -> Option<u64> {
        self.file.total()
    }

    fn left(&self, now: Now) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_sub(now.monotonic))
    }

    fn is_late(&self, now: Now) -> bool {
        self.left(now).is_some_and(|left| left.is_zero())
    }

    /// Asks for a URL.
    fn export(&mut self, now: Now) -> Step {
        if self.is_late(now) {
            return Step::Done(Err(self.timed_out()));
        }
        (self.url, self.url_works) = (None, false);
        Step::Export(self.export.clone(), self.left(now))
    }

    pub(crate) fn exported(&mut self, now: Now, result: Result<ExportedDocument, Error>) -> Step {
        match result {
            Ok(exported) => {
                self.url = Some(exported.url);
                self.woke(now)
            }
            Err(error) => Step::Done(Err(error)),
        }
    }

    /// Downloads what has not arrived yet.
    pub(crate) fn woke(&mut self, now: Now) -> Step {
        let Some(url) = &self.url else {
            return self.export(now);
        };
        if self.is_late(now) {
            return Step::Done(Err(self.timed_out()));
        }
        match self.file.rest(url.clone()) {
            Ok(url) => Step::Fetch(url, self.left(now)),
            Err(error) => Step::Done(Err(error)),
        }
    }

    /// The step after the head of a response.
    pub(crate) fn opened(
        &mut self,
        now: Now,
        result: Result<(StatusCode, &HeaderMap), Error>,
    ) -> Step {
        let (status, headers) = match result {
            Ok(head) => head,
            Err(error) => return self.refused(now, error),
        };
        self.url_works = true;
        match self.file.opened(status, headers) {
            Ok(()) => Step::Read,
            Err(error) => Step::Done(Err(error)),
        }
    }

    /// The step after an error of a request, which was repeated as often as the policy allows.
    fn refused(&mut self, now: Now, error: Error) -> Step {
        match error.status().map(|status| status.as_u16()) {
            // There is another file, or not as much of it as has arrived.
            Some(412 | 416) if self.file.is_resumed() => Step::Done(Err(changed())),
            // The URL has expired. Stores do not agree on the status.
            Some(400 | 401 | 403 | 404 | 410) if self.url_works => self.export(now),
            _ => Step::Done(Err(error)),
        }
    }

    /// The part of a chunk that has not arrived before.
    pub(crate) fn chunk(
        &mut self,
        now: impl FnOnce() -> Now,
        chunk: Bytes,
    ) -> Result<Bytes, Error> {
        if self.deadline.is_some() && self.is_late(now()) {
            return Err(self.timed_out());
        }
        let new = self.file.chunk(chunk)?;
        if !new.is_empty() {
            self.breaks = 0;
        }
        Ok(new)
    }

    /// The step after the last chunk, or after an error instead of it.
    pub(crate) fn ended(&mut self, now: Now, result: Result<(), Error>) -> Step {
        let result = result.and_then(|()| self.file.ended());
        match result {
            Err(error) if !self.file.is_complete() => self.broken(now, error),
            _ => Step::Done(Ok(self.file.bytes())),
        }
    }

    fn broken(&mut self, now: Now, error: Error) -> Step {
        let bytes = self.file.bytes();
        let error = match error.kind() {
            ErrorKind::Interrupted => {
                error.with_detail(format!("the download broke off after {bytes} bytes"))
            }
            ErrorKind::Timeout => {
                error.with_detail(format!("the download stalled after {bytes} bytes"))
            }
            _ => error,
        };
        self.breaks = self.breaks.saturating_add(1);
        let is_enough = self.breaks >= self.policy.max_attempts || self.file.restarts() >= RESTARTS;
        if !error.is_retryable() || is_enough {
            return Step::Done(Err(error));
        }
        let wait = self.policy.wait_after(self.breaks, &mut self.random);
        if self.left(now).is_some_and(|left| wait >= left) {
            return Step::Done(Err(error));
        }
        Step::Sleep(wait)
    }

    fn timed_out(&self) -> Error {
        let bytes = self.file.bytes();
        Error::new(ErrorKind::Timeout, Outcome::NotApplied)
            .with_detail(format!(
                "the download was not complete at the deadline, after {bytes} bytes"
            ))
            .with_retryable(true)
    }
}
