use factify_types::DocumentId;

use super::DocumentResource;
use crate::operations::declare::operation;

operation! {
    /// Restores the document from the trash. Others do not get back the access that they had.
    #[id = "untrashDocument", sdk = "documents.untrash"]
    #[idempotent = "a document that is not in the trash stays as it is"]
    #[POST = "/v1beta/documents/{document_id}/untrash"]
    #[body(json)]
    #[response({})]
    #[call(DocumentResource::untrash)]
    pub struct UntrashDocument {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
    }
}
