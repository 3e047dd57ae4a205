//! Waits until a document is processed: a state machine without I/O.

use std::time::Duration;

use factify_types::DocumentId;
use factify_types::documents::{Document, ProcessingStatus};

use super::GetDocument;
use crate::client::Machine;
use crate::error::{Error, ErrorKind, Outcome};
use crate::transport::Now;

/// The time limit, if the caller sets none.
pub(crate) const DEADLINE: Duration = Duration::from_secs(5 * 60);

/// The first wait. Each further one is half as long again.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// What is left for the last request before the deadline.
const LAST_REQUEST: Duration = Duration::from_millis(250);

#[derive(Debug)]
pub(crate) struct Wait {
    document_id: DocumentId,
    deadline: Duration,
    next: Duration,
    /// Whether no time is left for another request.
    is_last: bool,
    /// The error of the last request, if it may succeed later.
    error: Option<Error>,
}

/// The next step for the driver of a [`Wait`].
#[derive(Debug)]
#[must_use]
pub(crate) enum Step {
    /// Send this within the given time, then call [`Wait::read`].
    Read(GetDocument, Duration),
    /// Wait, then call [`Wait::woke`].
    Sleep(Duration),
    Done(Box<Result<Document, Error>>),
}

impl Wait {
    pub(crate) fn new(document_id: DocumentId) -> Self {
        Self {
            document_id,
            deadline: Duration::ZERO,
            next: FIRST_WAIT,
            is_last: false,
            error: None,
        }
    }

    pub(crate) fn start(&mut self, now: Now, deadline: Duration) -> Step {
        self.deadline = now.monotonic.saturating_add(deadline);
        self.woke(now)
    }

    pub(crate) fn woke(&mut self, now: Now) -> Step {
        let left = self.deadline.saturating_sub(now.monotonic);
        if left.is_zero() {
            return self.late();
        }
        Step::Read(GetDocument::new(self.document_id), left)
    }

    pub(crate) fn read(&mut self, now: Now, result: Result<Document, Error>) -> Step {
        self.error = match result {
            Ok(document) => match document.processing_status {
                ProcessingStatus::Ready => return Step::Done(Box::new(Ok(document))),
                ProcessingStatus::Failed => {
                    let id = self.document_id;
                    let error = Error::new(ErrorKind::Processing, Outcome::NotApplied)
                        .with_detail(format!("the API could not read the file of {id}"));
                    return Step::Done(Box::new(Err(error)));
                }
                // An unknown status may come before `ready` or `failed`.
                _ => None,
            },
            Err(error) if error.is_retryable() => Some(error),
            error => return Step::Done(Box::new(error)),
        };
        let left = self.deadline.saturating_sub(now.monotonic);
        if self.is_last || left.is_zero() {
            return self.late();
        }
        let longest = left.saturating_sub(LAST_REQUEST.min(left / 2));
        let asked = self.error.as_ref().and_then(Error::retry_after);
        let asked = asked.unwrap_or_default();
        // The server allows no other request before the deadline.
        if asked > longest {
            return self.late();
        }
        let wait = self.next.max(asked);
        self.next = (self.next + self.next / 2).min(LONGEST_WAIT);
        self.is_last = wait >= longest;
        Step::Sleep(wait.min(longest))
    }

    fn late(&mut self) -> Step {
        let error = self.error.take().unwrap_or_else(|| {
            Error::new(ErrorKind::Timeout, Outcome::NotApplied)
                .with_detail("the document was still being processed at the deadline")
                .with_retryable(true)
        });
        Step::Done(Box::new(Err(error)))
    }
}

impl Machine for Wait {
    const NAME: &'static str = "documents.wait_until_processed";
}
