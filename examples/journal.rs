//! A file to which a program appends what it has done, so that it can go on after a crash.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Failure, sync_directory_of};

/// A file with an entry in each line, as JSON. Only one process can have it open.
#[derive(Debug)]
pub struct Journal<T> {
    path: PathBuf,
    file: File,
    length: u64,
    /// Whether an incomplete line could not be removed. The next run removes it.
    is_broken: bool,
    entries: PhantomData<fn(&T)>,
}

impl<T: Serialize + DeserializeOwned> Journal<T> {
    /// Opens or creates the file, and reads its entries. If a crash has cut the last line, the line is removed.
    ///
    /// # Errors
    /// If the file cannot be read, or another process has it open.
    pub fn open(path: impl Into<PathBuf>) -> Result<(Self, Vec<T>), Failure> {
        let path = path.into();
        let (file, text) = read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut entries = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let entry = serde_json::from_str(line);
            let at = |error| format!("{}, line {}: {error}", path.display(), index + 1);
            entries.push(entry.map_err(at)?);
        }
        let journal = Self {
            path,
            file,
            length: text.len() as u64,
            is_broken: false,
            entries: PhantomData,
        };
        Ok((journal, entries))
    }

    /// Appends an entry. After an error or a crash, the file has all of it or nothing.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn append(&mut self, entry: &T) -> Result<(), Failure> {
        if self.is_broken {
            return Err(format!("{} has a line that is cut", self.path.display()).into());
        }
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let written = self.file.write_all(&line);
        if let Err(error) = written.and_then(|()| self.file.sync_data()) {
            // The next entry must not continue this line.
            let cut = self.file.set_len(self.length);
            let cut = cut.and_then(|()| self.file.seek(SeekFrom::Start(self.length)));
            self.is_broken = cut.is_err();
            return Err(format!("{} cannot be written: {error}", self.path.display()).into());
        }
        self.length += line.len() as u64;
        Ok(())
    }
}

impl<T> Drop for Journal<T> {
    fn drop(&mut self) {
        // A process that this one is starting may have the file open too, for a moment.
        let _ = self.file.unlock();
    }
}

/// The locked file, and its complete lines.
fn read(path: &Path) -> Result<(File, String), Failure> {
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(path)?;
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => Failure::from("another process uses it"),
        TryLockError::Error(error) => error.into(),
    })?;
    sync_directory_of(path)?;
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    let end = text.iter().rposition(|byte| *byte == b'\n');
    text.truncate(end.map_or(0, |end| end + 1));
    file.set_len(text.len() as u64)?;
    file.seek(SeekFrom::End(0))?;
    Ok((file, String::from_utf8(text)?))
}
