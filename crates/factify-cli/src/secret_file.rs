//! A new file for a secret, readable only by its owner.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The place of a secret. A file exists before the secret does, so that no secret is lost because the file
/// cannot be created.
pub(crate) enum SecretFile {
    StandardOutput,
    File(File, PathBuf),
}

impl SecretFile {
    /// Creates the file, or selects standard output for `-`.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        if path.as_os_str() == "-" {
            return Ok(Self::StandardOutput);
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| {
            Failure::usage(format!(
                "the file of --secret-file cannot be created: {error}"
            ))
        })?;
        Ok(Self::File(file, path.to_owned()))
    }

    pub(crate) fn write(self, secret: &str) -> io::Result<()> {
        match self {
            Self::StandardOutput => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(secret.as_bytes())?;
                stdout.write_all(b"\n")?;
                stdout.flush()
            }
            Self::File(mut file, _) => {
                file.write_all(secret.as_bytes())?;
                file.write_all(b"\n")?;
                file.sync_all()
            }
        }
    }

    /// Removes the file, because there is no secret.
    pub(crate) fn discard(self) {
        if let Self::File(_, path) = self {
            // An empty file that stays does no harm.
            let _ = fs::remove_file(path);
        }
    }
}
