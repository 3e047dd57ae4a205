use factify_types::DocumentId;

use super::DocumentResource;
use crate::operations::declare::operation;

operation! {
    /// Moves the document to the trash. This ends all access to it, except that of its owner.
    #[id = "trashDocument", sdk = "documents.trash"]
    #[idempotent = "a document that is in the trash already stays there"]
    #[POST = "/v1beta/documents/{document_id}/trash"]
    #[body(json)]
    #[response({})]
    #[call(DocumentResource::trash)]
    pub struct TrashDocument {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
    }
}
