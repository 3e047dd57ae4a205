use factify_types::DocumentId;
use factify_types::documents::Document;

use super::DocumentResource;
use crate::operations::declare::operation;

operation! {
    /// Reads the document.
    #[id = "getDocument", sdk = "documents.get"]
    #[idempotent]
    #[GET = "/v1beta/documents/{document_id}"]
    #[response({ document: Document })]
    #[verify(document.id == document_id)]
    #[call(DocumentResource::get)]
    pub struct GetDocument {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
    }
}
