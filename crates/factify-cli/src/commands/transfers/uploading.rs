//! The upload of one file as a document: with the journal, after a lost response, and until it is processed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use factify_core::documents::{AccessLevel, CreateDocument, Document};
use factify_core::{DocumentId, Error, ErrorKind, Operation, Outcome, Timestamp};

use super::content::Content;
use super::files::{self, LocalFile};
use super::journal::{Begun, Journal, State};
use super::lost::{self, Taken};
use crate::client::Client;
use crate::console::Console;
use crate::failure::Failure;
use crate::output::{Uploaded, shown};

/// How long to wait before each look for a document whose response was lost.
const LOOKS: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(500),
    Duration::from_secs(1),
];

/// A server may round the time at which it creates a document.
const ROUNDING: Duration = Duration::from_secs(1);

pub(super) const UPLOADED: &str = "uploaded";
pub(super) const ALREADY: &str = "already uploaded";
const NOT_PROCESSED: &str = "uploaded but not processed";
const NOT_WRITTEN_DOWN: &str = "uploaded but not in the journal";

/// What the threads share.
pub(super) struct Uploads {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) access_level: Option<AccessLevel>,
    /// How long to wait for the processing of each.
    pub(super) within: Option<Duration>,
    pub(super) journal: Option<Journal>,
    pub(super) taken: Taken,
    /// The documents whose processing goes on.
    pub(super) waiting: Mutex<BTreeMap<String, DocumentId>>,
    pub(super) console: Arc<Console>,
}

impl Uploads {
    fn create(&self, file: &LocalFile) -> Result<CreateDocument, String> {
        let title = match &self.title {
            Some(title) => title.clone(),
            None => file.title()?,
        };
        let mut create = CreateDocument::new(file.upload().clone(), title);
        create.description.clone_from(&self.description);
        create.access_level.clone_from(&self.access_level);
        Ok(create)
    }

    /// Refuses titles and a description that the API does not allow.
    pub(super) fn check(&self, files: &[LocalFile]) -> Result<(), Failure> {
        let mut problems = Vec::new();
        for file in files {
            let create = self.create(file);
            let invalid =
                create.and_then(|it| it.validate().map_err(|invalid| invalid.to_string()));
            if let Err(problem) = invalid {
                problems.push(format!("{file}: {problem}"));
            }
        }
        files::refuse(&problems)
    }

    pub(super) fn upload(&self, client: &Client, file: &LocalFile) -> Result<Uploaded, Error> {
        let create = self.create(file).map_err(Error::invalid)?;
        let title = create.title.clone();
        if let Some((journal, path)) = self.journal.as_ref().zip(file.path()) {
            let content = content(file)?;
            if let Some((document, known)) = self.earlier(client, file)? {
                if known != content {
                    return Err(of_file(format!(
                        "it has changed since it was uploaded as {document}; for a new version: factify versions \
                         upload {document} {file}"
                    )));
                }
                return Ok(self.processed(client, file, document, title, ALREADY));
            }
            journal
                .begin(path, &title, content)
                .map_err(not_written_down)?;
        }
        let started = Timestamp::now();
        let result = {
            let shown = self
                .console
                .transfer(&file.upload().file_name(), Some(file.upload().len()));
            client.call(create).on_progress(shown.report()).send()
        };
        let result = match result {
            Err(error) if error.outcome() != Outcome::NotApplied => {
                let since = started.checked_sub(ROUNDING).unwrap_or(started);
                self.lost(client, file, &title, since).ok_or(error)
            }
            result => result,
        };
        let written = self.write_down(file, &title, &result);
        let document = result?.id;
        self.taken.take(document);
        let result = match written {
            Ok(()) => UPLOADED,
            Err(error) => {
                self.console.warn(format_args!(
                    "{file} was uploaded as {document}, but {error}"
                ));
                NOT_WRITTEN_DOWN
            }
        };
        Ok(self.processed(client, file, document, title, result))
    }

    /// The document that an earlier run created, and the content that it had then.
    fn earlier(
        &self,
        client: &Client,
        file: &LocalFile,
    ) -> Result<Option<(DocumentId, Content)>, Error> {
        let Some((journal, path)) = self.journal.as_ref().zip(file.path()) else {
            return Ok(None);
        };
        match journal.state(path) {
            None | Some(State::Refused) => Ok(None),
            Some(State::Uploaded {
                document_id,
                content,
                ..
            }) => Ok(Some((document_id, content))),
            Some(State::Begun(begun)) => {
                let Some(document_id) = self.begun(client, journal, file, &begun)? else {
                    return Ok(None);
                };
                let Begun { title, content, .. } = begun;
                let uploaded = State::Uploaded {
                    document_id,
                    title,
                    content: content.clone(),
                };
                journal.write(path, uploaded).map_err(not_written_down)?;
                Ok(Some((document_id, content)))
            }
        }
    }

    /// The document of an upload without a known result, if there is one.
    fn begun(
        &self,
        client: &Client,
        journal: &Journal,
        file: &LocalFile,
        begun: &Begun,
    ) -> Result<Option<DocumentId>, Error> {
        loop {
            let unsettled = begun.unsettled();
            let found = lost::find(
                client,
                &begun.title,
                &begun.content,
                begun.since(),
                &self.taken,
            )?;
            let ids = found.same.iter().map(|document| document.id);
            let mut ids = ids.filter(|id| !journal.has(*id));
            if let Some(id) = ids.find(|id| self.taken.take(*id)) {
                return Ok(Some(id));
            }
            if !found.others.is_empty() {
                let others: Vec<_> = found.others.iter().map(DocumentId::as_str).collect();
                let detail = format!(
                    "it is not certain whether an earlier run uploaded it: compare it with {}, which has its title \
                     but other content; to upload it anyway, remove its lines from the journal",
                    others.join(", ")
                );
                return Err(
                    Error::new(ErrorKind::RequestBody, Outcome::Unknown).with_detail(detail)
                );
            }
            if unsettled.is_zero() {
                return Ok(None);
            }
            // The request of the earlier run may still be under way.
            let seconds = unsettled.as_secs();
            self.console.say(format_args!(
                "{file}: an earlier upload has no result; looking again in {seconds} s"
            ));
            thread::sleep(unsettled);
        }
    }

    /// The document of an upload whose response was lost, if it is certain.
    fn lost(
        &self,
        client: &Client,
        file: &LocalFile,
        title: &str,
        since: Timestamp,
    ) -> Option<Document> {
        let content = content(file).ok()?;
        for wait in LOOKS {
            thread::sleep(wait);
            let found = lost::find(client, title, &content, since, &self.taken).ok()?;
            let mut same = found.same;
            match (same.pop(), same.is_empty()) {
                (Some(document), true) => {
                    return self.taken.take(document.id).then_some(document);
                }
                (Some(_), false) => return None,
                (None, _) => {}
            }
        }
        None
    }

    /// Writes the result into the journal, if it is certain.
    fn write_down(
        &self,
        file: &LocalFile,
        title: &str,
        result: &Result<Document, Error>,
    ) -> Result<(), Error> {
        let Some((journal, path)) = self.journal.as_ref().zip(file.path()) else {
            return Ok(());
        };
        let state = match (result, journal.state(path)) {
            (Ok(document), Some(State::Begun(begun))) => State::Uploaded {
                document_id: document.id,
                title: title.to_owned(),
                content: begun.content,
            },
            (Err(error), _) if error.outcome() == Outcome::NotApplied => State::Refused,
            _ => return Ok(()),
        };
        journal.write(path, state).map_err(not_written_down)
    }

    /// The result, after the processing if it is waited for.
    fn processed(
        &self,
        client: &Client,
        file: &LocalFile,
        document: DocumentId,
        title: String,
        mut result: &'static str,
    ) -> Uploaded {
        if let Some(within) = self.within {
            self.waiting().insert(file.to_string(), document);
            let wait = client.document(document).wait_until_processed();
            if let Err(error) = wait.deadline(within).send() {
                let what = format_args!("{file} was uploaded as {document}, but is not processed");
                self.console.error(&Failure::call(what, &error));
                result = NOT_PROCESSED;
            }
            self.waiting().remove(&file.to_string());
        }
        Uploaded {
            file: shown(file.name()),
            document,
            title,
            result,
            bytes: file.upload().len(),
        }
    }

    pub(super) fn waiting(&self) -> MutexGuard<'_, BTreeMap<String, DocumentId>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the file.
fn content(file: &LocalFile) -> Result<Content, Error> {
    let content = Content::of(file.upload());
    content.map_err(|error| of_file("it cannot be read".to_owned()).with_source(error))
}

fn of_file(detail: String) -> Error {
    Error::new(ErrorKind::RequestBody, Outcome::NotApplied).with_detail(detail)
}

#[allow(clippy::needless_pass_by_value)] // For `map_err`.
fn not_written_down(error: std::io::Error) -> Error {
    of_file(error.to_string())
}
