//! A new file for a secret, readable only by its owner.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
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
            if io::stdout().is_terminal() {
                return Err(Failure::usage(
                    "standard output is a terminal, which would show the secret: redirect it, or name a file",
                ));
            }
            return Ok(Self::StandardOutput);
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| {
            let advice = match error.kind() {
                io::ErrorKind::AlreadyExists => "\n  It is never replaced: choose a new name.",
                _ => "",
            };
            Failure::usage(format!(
                "the file of --secret-file cannot be created: {error}{advice}"
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

    /// The path of the file, or `None` for standard output.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        match self {
            Self::StandardOutput => None,
            Self::File(_, path) => Some(path.clone()),
        }
    }

    /// Removes the file, because it has no secret, or only a part of one.
    pub(crate) fn discard(path: Option<&Path>) {
        if let Some(path) = path {
            // A file that stays does no harm.
            let _ = fs::remove_file(path);
        }
    }
}
