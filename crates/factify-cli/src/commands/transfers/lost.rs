//! Looks for documents of uploads whose response was lost.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use factify_core::documents::Document;
use factify_core::{DocumentId, Error, Timestamp};

use super::content::{Content, Hash};
use crate::client::Client;

/// The documents that are known to be others: each document is the result of one upload at most.
#[derive(Default)]
pub(super) struct Taken(Mutex<HashSet<DocumentId>>);

impl Taken {
    /// Whether it was not taken before.
    pub(super) fn take(&self, document: DocumentId) -> bool {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.insert(document)
    }

    fn has(&self, document: DocumentId) -> bool {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.contains(&document)
    }
}

/// The documents with this title.
pub(super) struct Found {
    /// Those that also have the content.
    pub(super) same: Vec<Document>,
    pub(super) others: Vec<DocumentId>,
}

/// Looks for documents with this title and content that were created since this time. It compares the content,
/// because two files may have the same title.
pub(super) fn find(
    client: &Client,
    title: &str,
    content: &Content,
    since: Timestamp,
    taken: &Taken,
) -> Result<Found, Error> {
    let (mut same, mut others) = (Vec::new(), Vec::new());
    for document in client.documents().find_upload(title, since).items() {
        let document = document?;
        if document.title != title || taken.has(document.id) {
            continue;
        }
        let mut hash = Hash::new();
        let download = client.document(document.id).download();
        download.to_writer(&mut hash)?;
        if hash.finish() == *content {
            same.push(document);
        } else {
            others.push(document.id);
        }
    }
    Ok(Found { same, others })
}
