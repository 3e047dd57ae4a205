//! The files of a folder, and a journal of their uploads.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use factify::{DocumentId, Timestamp};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use crate::journal::Journal;
use crate::sha256::Sha256;
use crate::tally::Tally;
use crate::{Failure, at, explain};

/// How long a request may still be under way when its client has stopped.
pub const SETTLED_AFTER: Duration = Duration::from_secs(120);

/// How wrong the clock of this machine may be.
const CLOCK_ERROR: Duration = Duration::from_secs(3_600);

/// The content of a file at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The length.
    pub bytes: u64,
    /// The SHA-256.
    pub sha256: String,
}

impl Content {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn of(path: &Path) -> Result<Self, Failure> {
        let (bytes, sha256) = Sha256::of(path)?;
        Ok(Self { bytes, sha256 })
    }
}

/// An upload that has begun, and whose result is not known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Begun {
    /// What is uploaded.
    pub content: Content,
    /// When the first attempt began.
    pub first: Timestamp,
    /// When the last attempt began.
    pub last: Timestamp,
}

impl Begun {
    /// When a document of this upload was created, at the earliest.
    pub fn since(&self) -> Timestamp {
        self.first.checked_sub(CLOCK_ERROR).unwrap_or(self.first)
    }

    /// How long the request may still be under way.
    pub fn wait(&self, now: Timestamp, settled_after: Duration) -> Duration {
        let passed = now.duration_since(self.last).unwrap_or_default();
        settled_after.saturating_sub(passed)
    }

    /// The result if no document has the content, but these have the title.
    ///
    /// # Errors
    /// If there are any.
    pub fn not_found(&self, others: &[DocumentId]) -> Result<Option<DocumentId>, Failure> {
        if others.is_empty() {
            return Ok(None);
        }
        let others: Vec<_> = others.iter().map(DocumentId::as_str).collect();
        let others = others.join(", ");
        Err(format!(
            "it is not certain whether it was uploaded at {}: compare it with {others}, which has other content",
            self.last
        )
        .into())
    }
}

/// A line of the journal.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    file: String,
    #[serde(flatten)]
    state: State,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum State {
    /// The request may have been sent.
    Begun(Begun),
    /// The request created nothing.
    Refused,
    Uploaded {
        document_id: DocumentId,
        content: Content,
    },
}

/// What to do with a file.
#[derive(Debug)]
pub enum Next {
    /// Upload it.
    Upload,
    /// Look whether a document was created; if not, upload it.
    Look(Begun),
    /// Nothing: it is already uploaded.
    Nothing,
}

/// The uploads of a folder. Only one process can have the journal open.
#[derive(Debug)]
pub struct Uploads {
    folder: PathBuf,
    journal: Mutex<(Journal<Line>, BTreeMap<String, State>)>,
    bars: MultiProgress,
    tally: Tally,
}

impl Uploads {
    /// The uploads of a folder, with the journal beside it, or at another path.
    ///
    /// # Errors
    /// If the journal cannot be read, or another process has it open.
    pub fn open(folder: impl Into<PathBuf>, journal: Option<PathBuf>) -> Result<Self, Failure> {
        let folder = folder.into();
        // Without a slash at its end.
        let folder = folder.canonicalize().map_err(at(&folder))?;
        if !folder.is_dir() {
            return Err(format!("{} is not a folder", folder.display()).into());
        }
        let journal = journal.unwrap_or_else(|| {
            let mut name = OsString::from(&folder);
            name.push(".uploads.jsonl");
            name.into()
        });
        let (journal, lines) = Journal::open(journal)?;
        let states = lines.into_iter().map(|line: Line| (line.file, line.state));
        Ok(Self {
            folder,
            journal: Mutex::new((journal, states.collect())),
            bars: MultiProgress::new(),
            tally: Tally::default(),
        })
    }

    /// The names of the files in the folder, but not in folders in it. Names that begin with a dot are left out.
    ///
    /// # Errors
    /// If the folder cannot be read, or a name is not Unicode.
    pub fn files(&self) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            // A link to nothing is reported when it is uploaded.
            let metadata = fs::metadata(entry.path());
            if metadata.is_ok_and(|metadata| !metadata.is_file()) {
                continue;
            }
            let name = entry.file_name().into_string();
            names.push(name.map_err(|name| format!("{} is not Unicode", name.display()))?);
        }
        names.retain(|name| !name.starts_with('.'));
        names.sort();
        Ok(names)
    }

    /// The path of a file.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// What to do with a file that has this content.
    ///
    /// # Errors
    /// If it has changed since it was uploaded.
    pub fn next(&self, file: &str, content: &Content) -> Result<Next, Failure> {
        match self.journal().1.get(file) {
            None | Some(State::Refused) => Ok(Next::Upload),
            Some(State::Begun(begun)) => Ok(Next::Look(begun.clone())),
            Some(State::Uploaded { content: old, .. }) if old == content => Ok(Next::Nothing),
            Some(State::Uploaded { document_id, .. }) => {
                Err(format!("it has changed since it was uploaded as {document_id}").into())
            }
        }
    }

    /// How long to wait until the request of an earlier run cannot be under way any longer.
    #[allow(clippy::print_stderr)]
    pub fn wait(&self, file: &str, begun: &Begun, settled_after: Duration) -> Duration {
        let wait = begun.wait(Timestamp::now(), settled_after);
        if !wait.is_zero() {
            let seconds = wait.as_secs();
            eprintln!(
                "{file}: an earlier upload has no result; waiting {seconds} s until it can be looked for"
            );
        }
        wait
    }

    /// Writes down that an upload begins. Call it before the request is sent.
    ///
    /// # Errors
    /// If the journal cannot be written: then do not upload the file.
    pub fn begin(&self, file: &str, content: Content) -> Result<(), Failure> {
        let last = Timestamp::now();
        let first = match self.journal().1.get(file) {
            Some(State::Begun(earlier)) => earlier.first,
            _ => last,
        };
        let begun = Begun {
            content,
            first,
            last,
        };
        self.write(file, State::Begun(begun))
    }

    /// Writes down that the request created nothing.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn refused(&self, file: &str) -> Result<(), Failure> {
        self.write(file, State::Refused)
    }

    /// Writes down which document was created.
    ///
    /// # Errors
    /// If the journal cannot be written. The next run then looks for the document.
    pub fn uploaded(
        &self,
        file: &str,
        content: Content,
        document_id: DocumentId,
    ) -> Result<(), Failure> {
        self.write(
            file,
            State::Uploaded {
                document_id,
                content,
            },
        )?;
        self.say(format_args!("{file}: {document_id}"));
        Ok(())
    }

    fn write(&self, file: &str, state: State) -> Result<(), Failure> {
        let (journal, states) = &mut *self.journal();
        let file = file.to_owned();
        let line = Line { file, state };
        journal.append(&line)?;
        states.insert(line.file, line.state);
        Ok(())
    }

    /// A progress bar, if standard error is a terminal.
    pub fn bar(&self, file: &str, bytes: u64) -> ProgressBar {
        let bar = ProgressBar::new(bytes).with_message(file.to_owned());
        let template = "{msg} {wide_bar} {bytes} of {total_bytes}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        self.bars.add(bar)
    }

    /// Counts a file: whether it was uploaded now, or before. Prints an error.
    pub fn count(&self, file: &str, result: &Result<bool, Failure>) {
        if let Err(failure) = result {
            self.say(format_args!("{file}: {}", explain(failure)));
        }
        self.tally.count(result);
    }

    #[allow(clippy::print_stdout)]
    fn say(&self, line: fmt::Arguments<'_>) {
        self.bars.suspend(|| println!("{line}"));
    }

    /// A summary.
    ///
    /// # Errors
    /// If a file was not uploaded.
    pub fn finish(&self) -> Result<String, Failure> {
        self.tally.summary("uploaded")
    }

    fn journal(&self) -> MutexGuard<'_, (Journal<Line>, BTreeMap<String, State>)> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
