//! The content of a file, to compare it.

use std::io::{self, Write};

use factify_core::Upload;
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

const CHUNK: usize = 64 << 10;

/// The length and the SHA-256 of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

impl Content {
    pub(super) fn of(upload: &Upload) -> io::Result<Self> {
        let mut hash = Hash::new();
        let mut content = upload.body().open()?;
        while let Some(chunk) = content.chunk(CHUNK)? {
            hash.write_all(&chunk)?;
        }
        Ok(hash.finish())
    }
}

/// The content of what is written to it.
pub(super) struct Hash {
    bytes: u64,
    context: Context,
}

impl Hash {
    pub(super) fn new() -> Self {
        Self {
            bytes: 0,
            context: Context::new(&SHA256),
        }
    }

    pub(super) fn finish(self) -> Content {
        let digest = self.context.finish();
        let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
        Content {
            bytes: self.bytes,
            sha256: digits.collect(),
        }
    }
}

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        self.context.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
