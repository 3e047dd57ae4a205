//! The versions of a document.

use alloc::string::String;

use crate::documents::ProcessingStatus;
use crate::users::Subject;
use crate::{DocumentId, Timestamp, VersionId};

model! {
    /// A version of a document: one uploaded file. Schema `Version`, v1beta.
    pub struct Version {
        /// Its ID.
        pub id: VersionId,
        /// The document.
        pub document_id: DocumentId,
        /// The title, at most 255 characters. It can be empty.
        pub title: Option<String>,
        /// The description.
        pub description: Option<String>,
        /// The page of the version on Factify's site.
        pub url: String,
        /// Who uploaded it.
        pub created_by: Subject,
        /// When it was uploaded.
        pub created_at: Timestamp,
        /// Whether it can be read.
        pub processing_status: ProcessingStatus,
    }
}
