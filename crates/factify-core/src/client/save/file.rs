//! A file that gets its name when it is complete.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The most characters of the name at the start of the name of the part. A name may not be long.
const CHARACTERS: usize = 48;

/// How often to look for a name that no file has.
const TRIES: u32 = 16;

/// The part of a file that has arrived, under another name. It is removed if it does not become complete.
pub(super) struct PartFile<'p> {
    path: &'p Path,
    part: PathBuf,
    file: Option<File>,
}

impl<'p> PartFile<'p> {
    /// Creates a file that no other download writes.
    pub(super) fn create(path: &'p Path) -> io::Result<Self> {
        let is_directory =
            path.is_dir() || path.as_os_str().to_string_lossy().ends_with(is_separator);
        let name = path.file_name().filter(|_| !is_directory);
        let name = name.ok_or(io::ErrorKind::IsADirectory)?.to_string_lossy();
        let name: String = name.chars().take(CHARACTERS).collect();
        let mut tries = 0;
        loop {
            let part = path.with_file_name(format!("{name}.{:08x}.part", fastrand::u32(..)));
            match File::create_new(&part) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < TRIES => {
                    tries += 1;
                }
                file => {
                    let file = Some(file?);
                    return Ok(Self { path, part, file });
                }
            }
        }
    }

    /// Gives the file its name. It stays even if the machine stops.
    pub(super) fn complete(mut self) -> io::Result<()> {
        if let Some(file) = &self.file {
            file.sync_all()?;
        }
        // Some systems do not rename an open file.
        self.file = None;
        fs::rename(&self.part, self.path)?;
        self.part.clear();
        #[cfg(unix)]
        sync_directory(self.path);
        Ok(())
    }
}

fn is_separator(symbol: char) -> bool {
    std::path::is_separator(symbol)
}

/// Not all file systems can do this. The file is complete in any case.
#[cfg(unix)]
fn sync_directory(path: &Path) {
    let directory = path.parent().filter(|path| !path.as_os_str().is_empty());
    let directory = File::open(directory.unwrap_or(Path::new(".")));
    let _ = directory.and_then(|directory| directory.sync_all());
}

impl Write for PartFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => Ok(0),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for PartFile<'_> {
    fn drop(&mut self) {
        if !self.part.as_os_str().is_empty() {
            self.file = None;
            let _ = fs::remove_file(&self.part);
        }
    }
}
