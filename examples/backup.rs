//! A directory with the files of documents, and a manifest that says what they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use factify::documents::{Document, SourceFormat};
use factify::{DocumentId, Timestamp, VersionId};
use serde::{Deserialize, Serialize};

use crate::journal::Journal;
use crate::sha256::Sha256;
use crate::tally::Tally;
use crate::{Failure, at, explain};

/// A file in the backup: a line of the manifest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SavedFile {
    /// The document.
    pub document_id: DocumentId,
    /// The title of the document.
    pub title: String,
    /// The version that was current.
    pub version_id: VersionId,
    /// The name of the file in the directory. It has the IDs, so it is valid on every system, and no two
    /// documents have the same.
    pub file: String,
    /// The length of the file.
    pub bytes: u64,
    /// The SHA-256 of the file.
    pub sha256: String,
    /// When it was saved.
    pub saved_at: Timestamp,
}

/// A backup. Only one process can have it open.
///
/// It only grows: files of earlier versions stay, and those of documents that are in the trash now.
#[derive(Debug)]
pub struct Backup {
    directory: PathBuf,
    manifest: Mutex<Manifest>,
    tally: Tally,
}

#[derive(Debug)]
struct Manifest {
    journal: Journal<SavedFile>,
    files: BTreeMap<VersionId, SavedFile>,
    /// The files that this run has read and found undamaged.
    verified: BTreeSet<VersionId>,
}

/// A file to download.
#[derive(Debug)]
pub struct Download {
    /// The version to download.
    pub version_id: VersionId,
    /// Where to download it to.
    pub path: PathBuf,
    name: String,
}

impl Backup {
    /// Opens or creates a backup.
    ///
    /// # Errors
    /// If the directory cannot be written, or another process has it open.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, Failure> {
        let directory = directory.into();
        fs::create_dir_all(&directory).map_err(at(&directory))?;
        let manifest = directory.join("manifest.jsonl");
        let mut entries = fs::read_dir(&directory).map_err(at(&directory))?;
        if !manifest.try_exists()? && entries.next().is_some() {
            let directory = directory.display();
            return Err(format!("{directory} is neither empty nor a backup").into());
        }
        let (journal, files) = Journal::open(manifest)?;
        let files = files
            .into_iter()
            .map(|file: SavedFile| (file.version_id, file));
        let files: BTreeMap<_, _> = files.collect();
        let mut manifest = Manifest {
            journal,
            files,
            verified: BTreeSet::new(),
        };
        manifest.recover(&directory)?;
        Ok(Self {
            directory,
            manifest: Mutex::new(manifest),
            tally: Tally::default(),
        })
    }

    /// What to download for a document. `None` if its current version is in the backup, undamaged.
    ///
    /// # Errors
    /// If the document has no version, or the manifest cannot be written.
    pub fn missing(&self, document: &Document) -> Result<Option<Download>, Failure> {
        let version = document.current_version.as_ref();
        let version_id = version.and_then(|version| version.id.id());
        let version_id = version_id.ok_or("it has no version")?;
        let saved = self.manifest().files.get(&version_id).cloned();
        if let Some(saved) = saved.filter(|saved| self.is_undamaged(saved)) {
            self.manifest().verified.insert(version_id);
            if saved.title != document.title {
                let title = document.title.clone();
                self.manifest().add(SavedFile { title, ..saved })?;
            }
            return Ok(None);
        }
        let extension = match document.source_format {
            Some(SourceFormat::Pdf) => "pdf",
            Some(SourceFormat::Docx) => "docx",
            Some(SourceFormat::Xlsx) => "xlsx",
            Some(SourceFormat::Csv) => "csv",
            Some(SourceFormat::Markdown) => "md",
            _ => "bin",
        };
        let name = format!("{}.{version_id}.{extension}", document.id);
        Ok(Some(Download {
            version_id,
            path: self.directory.join(&name),
            name,
        }))
    }

    /// Verifies a download of this length, and adds it to the backup.
    ///
    /// # Errors
    /// If it has another length, or the backup cannot be written.
    pub fn add(
        &self,
        document: &Document,
        download: Download,
        received: u64,
    ) -> Result<(), Failure> {
        let (bytes, sha256) = Sha256::of(&download.path)?;
        if bytes != received {
            return Err(format!("the file has {bytes} bytes instead of {received}").into());
        }
        let mut manifest = self.manifest();
        manifest.add(SavedFile {
            document_id: document.id,
            title: document.title.clone(),
            version_id: download.version_id,
            file: download.name,
            bytes,
            sha256,
            saved_at: Timestamp::now(),
        })?;
        manifest.verified.insert(download.version_id);
        Ok(())
    }

    /// Counts a document: whether it was saved now, or before. Prints an error.
    #[allow(clippy::print_stderr)]
    pub fn count(&self, what: &str, result: &Result<bool, Failure>) {
        if let Err(failure) = result {
            eprintln!("{what}: {}", explain(failure));
        }
        self.tally.count(result);
    }

    /// Verifies the files of the manifest that this run has not verified yet, and returns a summary.
    ///
    /// # Errors
    /// If a document was not saved, or a file is damaged.
    pub fn finish(&self) -> Result<String, Failure> {
        let files = self.manifest().unverified();
        for file in files.iter().filter(|file| !self.is_undamaged(file)) {
            self.count(&file.file, &Err("it is damaged or missing".into()));
        }
        self.tally.summary("saved")
    }

    fn is_undamaged(&self, saved: &SavedFile) -> bool {
        let found = Sha256::of(&self.directory.join(&saved.file));
        found.is_ok_and(|(bytes, sha256)| bytes == saved.bytes && sha256 == saved.sha256)
    }

    fn manifest(&self) -> MutexGuard<'_, Manifest> {
        self.manifest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Manifest {
    fn add(&mut self, file: SavedFile) -> Result<(), Failure> {
        self.journal.append(&file)?;
        self.files.insert(file.version_id, file);
        Ok(())
    }

    fn unverified(&self) -> Vec<SavedFile> {
        let files = self.files.iter();
        let files = files.filter(|(version, _)| !self.verified.contains(*version));
        files.map(|(_, file)| file.clone()).collect()
    }

    /// Removes the parts of files that a crash has left, and adds files that are not in the manifest. They are
    /// complete: a download gets this name at its end.
    fn recover(&mut self, directory: &Path) -> Result<(), Failure> {
        for entry in fs::read_dir(directory).map_err(at(directory))? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            match *name.split('.').collect::<Vec<_>>() {
                // The part of a download, whose name may be shortened.
                [document, .., mark, "part"] if is_id(document) && is_mark(mark) => {
                    fs::remove_file(entry.path())?;
                }
                [document, version, _] => {
                    let ids = ids(document, version);
                    let ids = ids.filter(|(_, version)| !self.files.contains_key(version));
                    if let Some((document_id, version_id)) = ids {
                        let (bytes, sha256) = Sha256::of(&entry.path())?;
                        self.add(SavedFile {
                            document_id,
                            // The next run that finds the document in the list adds its title.
                            title: String::new(),
                            version_id,
                            file: name.to_owned(),
                            bytes,
                            sha256,
                            saved_at: Timestamp::now(),
                        })?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn is_id(text: &str) -> bool {
    text.parse::<DocumentId>().is_ok()
}

fn is_mark(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The IDs in the name of a file.
fn ids(document: &str, version: &str) -> Option<(DocumentId, VersionId)> {
    Some((document.parse().ok()?, version.parse().ok()?))
}
