//! Stores of certificate authorities, in processes whose system has no other.

use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::Authority;
use crate::scratch::Directory;

/// How a call ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    /// The server responds.
    Reached,
    /// The server's certificate is refused.
    NotTrusted,
    /// The transport is not built, because the store is empty.
    Empty,
}

/// The environment variable that names the store.
const FILE: &str = "SSL_CERT_FILE";
const DIRECTORY: &str = "SSL_CERT_DIR";

/// The variable, what it names, and how the call ends.
pub(super) type Store = (&'static str, PathBuf, End);

/// A directory with stores, which is removed at the end.
pub(super) struct Stores(Directory);

impl Stores {
    pub(super) fn new(authority: &Authority) -> Self {
        let stores = Directory::new();
        let directory = |name| {
            let path = stores.0.join(name);
            std::fs::create_dir(&path).unwrap();
            path
        };
        write(&directory("trusted").join("it.pem"), &pem(authority));
        write(
            &directory("stranger").join("it.pem"),
            &pem(&Authority::new()),
        );
        write(&directory("empty").join("it.pem"), "");
        let bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        write(&directory("bad").join("it.pem"), bad);
        Self(stores)
    }

    pub(super) fn rows(&self) -> Vec<Store> {
        let file = |name| self.0.0.join(name).join("it.pem");
        vec![
            (FILE, file("trusted"), End::Reached),
            (FILE, file("stranger"), End::NotTrusted),
            (FILE, file("empty"), End::Empty),
            (FILE, file("bad"), End::Empty),
            (FILE, file("missing"), End::Empty),
            (DIRECTORY, self.0.0.join("trusted"), End::Reached),
            (DIRECTORY, self.0.0.join("stranger"), End::NotTrusted),
            (DIRECTORY, self.0.0.join("empty"), End::Empty),
            (DIRECTORY, self.0.0.join("missing"), End::Empty),
        ]
    }
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

pub(super) fn pem(authority: &Authority) -> String {
    let text = BASE64_STANDARD.encode(authority.certificate());
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}
