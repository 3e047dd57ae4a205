//! The journal of uploads: which file became which document. With it, an interrupted upload goes on.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use factify_core::{DocumentId, Timestamp};
use serde::{Deserialize, Serialize};

use super::content::Content;
use crate::failure::Failure;

/// How long a request may still be under way when its process has ended.
const SETTLED_AFTER: Duration = Duration::from_secs(120);

/// How wrong the clock of this machine may be.
const CLOCK_ERROR: Duration = Duration::from_secs(3_600);

/// A line of the journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Line {
    /// The URL of the API: a rehearsal with a sandbox says nothing about another API.
    api: String,
    /// The absolute path.
    file: String,
    #[serde(flatten)]
    state: State,
}

/// What is known about the upload of a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(super) enum State {
    /// The request may have been sent.
    Begun(Begun),
    /// The request created nothing.
    Refused,
    Uploaded {
        document_id: DocumentId,
        title: String,
        #[serde(flatten)]
        content: Content,
    },
}

/// An upload without a known result.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Begun {
    pub(super) title: String,
    #[serde(flatten)]
    pub(super) content: Content,
    /// When the first attempt began.
    first: Timestamp,
    /// When the last attempt began.
    last: Timestamp,
}

/// How each line begins: with the first field of [`Line`].
const LINE_START: &str = "{\"api\":";

impl Begun {
    /// When its document was created, at the earliest.
    pub(super) fn since(&self) -> Timestamp {
        self.first.checked_sub(CLOCK_ERROR).unwrap_or(self.first)
    }

    /// How long its request may still be under way.
    pub(super) fn unsettled(&self) -> Duration {
        let passed = Timestamp::now().duration_since(self.last);
        SETTLED_AFTER.saturating_sub(passed.unwrap_or_default())
    }
}

/// A file to which each change is appended. Only one process has it open.
pub(super) struct Journal {
    path: PathBuf,
    api: String,
    written: Mutex<Written>,
}

struct Written {
    file: File,
    length: u64,
    /// Whether an incomplete line could not be removed.
    is_broken: bool,
    states: HashMap<String, State>,
}

impl Journal {
    /// Opens or creates it. If a crash has cut the last line, the line is removed.
    pub(super) fn open(path: &Path, api: String) -> Result<Self, Failure> {
        let failed = |error: &dyn std::fmt::Display| {
            Failure::usage(format!("the journal {}: {error}", path.display()))
        };
        let mut file = open(path).map_err(|error| failed(&error))?;
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|error| failed(&error))?;
        let complete = text.rfind('\n').map_or(0, |end| end + 1);
        // Only what a crash of this command can have left is removed.
        let rest = text.get(complete..).unwrap_or_default();
        if !rest.starts_with(LINE_START) && !LINE_START.starts_with(rest) {
            return Err(failed(
                &"it is not a journal: its last line is of something else",
            ));
        }
        text.truncate(complete);
        let mut states = HashMap::new();
        for (index, line) in text.lines().enumerate() {
            let line: Line = serde_json::from_str(line).map_err(|error| {
                failed(&format_args!("line {} cannot be read: {error}", index + 1))
            })?;
            if line.api == api {
                states.insert(line.file, line.state);
            }
        }
        let length = text.len() as u64;
        file.set_len(length)
            .and_then(|()| file.seek(SeekFrom::Start(length)))
            .map_err(|error| failed(&error))?;
        let written = Mutex::new(Written {
            file,
            length,
            is_broken: false,
            states,
        });
        Ok(Self {
            path: path.to_owned(),
            api,
            written,
        })
    }

    pub(super) fn state(&self, file: &Path) -> Option<State> {
        self.written().states.get(&key(file)).cloned()
    }

    /// Whether it has this document, for any file.
    pub(super) fn has(&self, document: DocumentId) -> bool {
        let is_it = |state: &State| matches!(state, State::Uploaded { document_id, .. } if *document_id == document);
        self.written().states.values().any(is_it)
    }

    /// Writes down that an upload begins. Call it before the request is sent.
    pub(super) fn begin(&self, file: &Path, title: &str, content: Content) -> io::Result<()> {
        let last = Timestamp::now();
        let first = match self.state(file) {
            Some(State::Begun(earlier)) => earlier.first,
            _ => last,
        };
        let title = title.to_owned();
        self.write(
            file,
            State::Begun(Begun {
                title,
                content,
                first,
                last,
            }),
        )
    }

    pub(super) fn write(&self, file: &Path, state: State) -> io::Result<()> {
        let line = Line {
            api: self.api.clone(),
            file: key(file),
            state,
        };
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        let mut written = self.written();
        written.append(&text).map_err(|error| {
            let path = self.path.display();
            io::Error::new(error.kind(), format!("the journal {path}: {error}"))
        })?;
        written.states.insert(line.file, line.state);
        Ok(())
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Written {
    /// After an error, the file has all of the line or nothing.
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        if self.is_broken {
            return Err(io::Error::other("an earlier line is cut"));
        }
        let written = self.file.write_all(line);
        if let Err(error) = written.and_then(|()| self.file.sync_data()) {
            // The next line must not continue this one.
            let cut = self.file.set_len(self.length);
            let cut = cut.and_then(|()| self.file.seek(SeekFrom::Start(self.length)));
            self.is_broken = cut.is_err();
            return Err(error);
        }
        self.length += line.len() as u64;
        Ok(())
    }
}

/// The path as text. Files with other names are refused before.
fn key(file: &Path) -> String {
    file.to_string_lossy().into_owned()
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 0);
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use rustix::fs::{FlockOperation, flock};
        flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|error| match error {
            rustix::io::Errno::WOULDBLOCK => io::Error::other("another process uses it"),
            error => error.into(),
        })?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: &str = "https://api.factify.com";

    fn content() -> Content {
        Content {
            bytes: 3,
            sha256: "4f".to_owned(),
        }
    }

    #[test]
    fn a_journal_remembers_each_file_of_its_api() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal");
        let file = Path::new("/a/report.pdf");
        let id = DocumentId::literal("doc_01h2xcejqtf2nbrexx3vqjhp41");
        let journal = Journal::open(&path, API.to_owned()).unwrap();
        assert!(journal.state(file).is_none());
        journal.begin(file, "report", content()).unwrap();
        assert!(
            Journal::open(&path, API.to_owned()).is_err(),
            "it is locked"
        );
        drop(journal);

        let journal = Journal::open(&path, API.to_owned()).unwrap();
        let Some(State::Begun(begun)) = journal.state(file) else {
            panic!("{:?}", journal.state(file));
        };
        assert_eq!((begun.title.as_str(), begun.content), ("report", content()));
        let uploaded = State::Uploaded {
            document_id: id,
            title: "report".to_owned(),
            content: content(),
        };
        journal.write(file, uploaded).unwrap();
        drop(journal);

        // A crash has cut the last line.
        let mut appended = OpenOptions::new().append(true).open(&path).unwrap();
        appended.write_all(b"{\"api\":").unwrap();
        let journal = Journal::open(&path, API.to_owned()).unwrap();
        assert!(matches!(journal.state(file), Some(State::Uploaded { .. })));
        assert!(journal.has(id));
        drop(journal);
        let other = Journal::open(&path, "http://localhost".to_owned()).unwrap();
        assert!(other.state(file).is_none());
    }

    #[test]
    fn a_line_that_cannot_be_read_is_refused_with_its_number() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal");
        std::fs::write(&path, "not a journal\n").unwrap();
        let error = Journal::open(&path, API.to_owned()).err().unwrap();
        assert!(
            error.to_string().contains("line 1 cannot be read"),
            "{error}"
        );
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "not a journal\n");
    }
}
