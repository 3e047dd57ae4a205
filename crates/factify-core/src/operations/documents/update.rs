use factify_types::DocumentId;
use factify_types::documents::Document;

use super::DocumentResource;
use crate::operations::declare::operation;

operation! {
    /// Changes the title or the description of the document. A value that you do not set does not change.
    #[id = "updateDocument", sdk = "documents.update"]
    #[idempotent]
    #[PATCH = "/v1beta/documents/{document_id}"]
    #[body(json)]
    #[response({ document: Document })]
    #[verify(document.id == document_id)]
    #[call(DocumentResource::update)]
    pub struct UpdateDocument {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The new title.
        #[limit(characters = 1..=255)]
        pub title: Option<String>,
        /// The new description.
        #[limit(characters = 0..=2_000)]
        pub description: Option<String>,
    }
}
