//! The SHA-256 of files.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use ring::digest::{Context, SHA256};

/// The hash of what is written to it.
pub struct Sha256(Context);

impl Sha256 {
    /// The hash of nothing yet.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    /// The hash in hexadecimal digits.
    pub fn finish(self) -> String {
        let digest = self.0.finish();
        let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
        digits.collect()
    }

    /// The length and the hash of a file.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn of(path: &Path) -> io::Result<(u64, String)> {
        let mut hash = Self::new();
        let bytes = io::copy(&mut File::open(path)?, &mut hash)?;
        Ok((bytes, hash.finish()))
    }
}

impl Write for Sha256 {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
