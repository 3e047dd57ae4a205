//! The file that has the API key in use.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use factify::ApiKeyId;
use factify::api_keys::{ApiKey, ApiKeySecret};

use crate::{Failure, sync_directory_of};

/// A file with the secret of a key in its first line, and the ID of the key in its second. Only its owner can
/// read it.
#[derive(Debug)]
pub struct KeyFile {
    path: PathBuf,
    /// Another file, because this one is replaced.
    lock: File,
}

/// What a [`KeyFile`] has.
#[derive(Debug)]
pub struct UsedKey {
    /// The secret.
    pub secret: ApiKeySecret,
    /// The ID. `None` if the file has only the secret.
    pub id: Option<ApiKeyId>,
}

impl KeyFile {
    /// Opens a file for this process alone. A new file gets the first key.
    ///
    /// # Errors
    /// If the file cannot be written, or if another process uses it.
    pub fn open(path: impl Into<PathBuf>, first: &UsedKey) -> Result<Self, Failure> {
        let path = path.into();
        let context = |error| format!("{}: {error}", path.display());
        let lock = beside(&path, ".lock");
        let lock = File::create(lock).map_err(context)?;
        if let Err(error) = lock.try_lock() {
            return Err(match error {
                TryLockError::WouldBlock => format!("another process uses {}", path.display()),
                TryLockError::Error(error) => context(error),
            }
            .into());
        }
        let is_new = !path.try_exists().map_err(context)?;
        let file = Self { path, lock };
        if is_new {
            file.write(first)?;
        }
        Ok(file)
    }

    /// The key in use.
    ///
    /// # Errors
    /// If the file cannot be read, or has no key.
    pub fn read(&self) -> Result<UsedKey, Failure> {
        let context = |error: &dyn fmt::Display| format!("{self}: {error}");
        let text = fs::read_to_string(&self.path).map_err(|error| context(&error))?;
        let mut lines = text.lines().map(str::trim);
        let secret = ApiKeySecret::new(lines.next().unwrap_or_default());
        let id = lines.next().filter(|line| !line.is_empty());
        let id = id.map(str::parse).transpose();
        Ok(UsedKey {
            secret: secret.map_err(|error| context(&error))?,
            id: id.map_err(|error| context(&error))?,
        })
    }

    /// Replaces the key. After an error or a crash, the file has either the old key or the new one.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, key: &UsedKey) -> Result<(), Failure> {
        let written = self.replace(key);
        Ok(written.map_err(|error| format!("{self} cannot be written: {error}"))?)
    }

    fn replace(&self, key: &UsedKey) -> io::Result<()> {
        let new = beside(&self.path, ".new");
        // What an earlier run left, which may be readable for others.
        match fs::remove_file(&new) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        writeln!(file, "{}", key.secret.expose())?;
        if let Some(id) = key.id {
            writeln!(file, "{id}")?;
        }
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        // The directory too, or a power failure could bring back the old key.
        sync_directory_of(&self.path)
    }

    /// Deletes the file.
    ///
    /// # Errors
    /// If it cannot be deleted.
    pub fn delete(self) -> io::Result<()> {
        drop(self.lock);
        fs::remove_file(beside(&self.path, ".lock"))?;
        fs::remove_file(self.path)
    }
}

/// The path with this suffix.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

impl fmt::Display for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}

impl UsedKey {
    /// The key in use among the active keys: by its ID, or else by the part of the secret that the API shows.
    /// Keys that were created within the same half minute show the same part.
    ///
    /// # Errors
    /// If not exactly one key matches.
    pub fn find(&self, active: &[ApiKey]) -> Result<ApiKey, Failure> {
        let is_used = |key: &&ApiKey| {
            if let Some(id) = self.id {
                return key.id == id;
            }
            let shown = key.key_prefix.trim_end_matches(['.', '…']);
            shown.len() >= 16 && self.secret.expose().starts_with(shown)
        };
        let used: Vec<_> = active.iter().filter(is_used).collect();
        match &*used {
            [key] => Ok((*key).clone()),
            [] => Err("no active key of this organization matches the key in the file".into()),
            several => {
                let several = several
                    .iter()
                    .map(|key| format!("\n{} {}", key.id, key.name));
                let several: String = several.collect();
                let what = "several active keys match: write the ID of yours into the second line of the file";
                Err(format!("{what}{several}").into())
            }
        }
    }
}
