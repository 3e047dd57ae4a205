use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::source::BodySource;

/// A file that must not change from the first look until the last byte of the last attempt is read.
pub(super) struct FileSource {
    path: PathBuf,
    first_look: FirstLook,
}

/// The metadata that shows whether a file has changed.
#[derive(Clone, Copy, PartialEq, Eq)]
struct FirstLook {
    length: u64,
    modified: Option<SystemTime>,
    /// The device and the inode, because another file may have replaced it.
    identity: Option<(u64, u64)>,
}

impl FirstLook {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let identity = {
            use std::os::unix::fs::MetadataExt;
            Some((metadata.dev(), metadata.ino()))
        };
        #[cfg(not(unix))]
        let identity = None;
        Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            identity,
        }
    }
}

impl FileSource {
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        let metadata = path.metadata().map_err(at(path))?;
        if !metadata.is_file() {
            let message =
                "only a regular file can be uploaded, not a directory, a pipe or a device";
            let error = io::Error::new(io::ErrorKind::InvalidInput, message);
            return Err(at(path)(error));
        }
        // An unreadable file must fail here.
        File::open(path).map_err(at(path))?;
        Ok(Self {
            path: path.to_owned(),
            first_look: FirstLook::of(&metadata),
        })
    }
}

impl BodySource for FileSource {
    fn length(&self) -> u64 {
        self.first_look.length
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let file = UnchangedFile {
            file: File::open(&self.path).map_err(at(&self.path))?,
            first_look: self.first_look,
            left: self.first_look.length,
        };
        file.check().map_err(at(&self.path))?;
        Ok(Box::new(file))
    }
}

/// Adds the path to an error.
fn at(path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

struct UnchangedFile {
    file: File,
    first_look: FirstLook,
    left: u64,
}

impl UnchangedFile {
    fn check(&self) -> io::Result<()> {
        if FirstLook::of(&self.file.metadata()?) == self.first_look {
            return Ok(());
        }
        Err(io::Error::other(
            "the file has changed since the call was made",
        ))
    }
}

impl Read for UnchangedFile {
    /// Returns the last bytes only if the file is unchanged. So a server never receives all of a file
    /// that changes during the upload.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.file.by_ref().take(self.left).read(out)?;
        self.left -= u64::try_from(read).unwrap_or(self.left);
        if self.left == 0 || (read == 0 && !out.is_empty()) {
            self.check()?;
        }
        Ok(read)
    }
}
