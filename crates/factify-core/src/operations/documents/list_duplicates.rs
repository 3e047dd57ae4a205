use factify_types::DocumentId;
use factify_types::documents::DuplicateDocument;

use super::DocumentResource;
use crate::operations::declare::operation;

operation! {
    /// Lists the documents that look like this one and that you can open, all at once.
    #[id = "listDocumentDuplicates", sdk = "documents.listDuplicates"]
    #[idempotent]
    #[GET = "/v1beta/documents/{document_id}/duplicates"]
    #[response({ items: Vec<DuplicateDocument> })]
    #[call(DocumentResource::list_duplicates)]
    pub struct ListDocumentDuplicates {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The hash of the content of a file, 64 characters. The API does not document how it is made.
        #[limit(characters = 64..=64)]
        pub file_contents_hash: Option<String>,
    }
}
