//! A file that gets its name when it is complete, and never replaces another by accident.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tempfile::{Builder, NamedTempFile, TempPath};

/// The most characters of the name at the start of the name of the part.
const CHARACTERS: usize = 40;

/// The parts of all downloads in flight.
#[derive(Clone, Default)]
pub(super) struct Parts(Arc<Mutex<HashSet<PathBuf>>>);

/// What has arrived, under another name. It is removed if it does not become complete.
pub(super) struct Part {
    file: NamedTempFile,
    path: PathBuf,
    parts: Parts,
}

impl Parts {
    pub(super) fn create(&self, path: &Path) -> io::Result<Part> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name: String = name.chars().take(CHARACTERS).collect();
        let (prefix, suffix) = (format!("{name}."), ".part");
        let mut builder = Builder::new();
        builder.prefix(&prefix).suffix(suffix);
        // As other new files.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let directory = path.parent().filter(|path| !path.as_os_str().is_empty());
        let file = builder.tempfile_in(directory.unwrap_or(Path::new(".")))?;
        self.paths().insert(file.path().to_owned());
        Ok(Part {
            file,
            path: path.to_owned(),
            parts: self.clone(),
        })
    }

    /// Removes the parts of downloads that were abandoned. Their threads may still run.
    pub(super) fn remove(&self) {
        for path in self.paths().drain() {
            let _ = fs::remove_file(path);
        }
    }

    fn paths(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Part {
    /// Gives the file its name. Another file stays, unless it may be replaced.
    pub(super) fn complete(self, replace: bool) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        let part = self.file.path().to_owned();
        // Some systems do not rename an open file.
        let file: TempPath = self.file.into_temp_path();
        let named = if replace {
            file.persist(&self.path)
        } else {
            file.persist_noclobber(&self.path)
        };
        self.parts.paths().remove(&part);
        named.map_err(io::Error::from)
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
