use factify_types::DocumentId;

use super::EntryPage;
use crate::documents::DocumentResource;
use crate::operations::declare::operation;

operation! {
    /// Makes the entry page of the document: a PDF that leads to it. Fetch it with
    /// [`Client::download`](crate::Client::download).
    #[id = "generateDocumentEntryPage", sdk = "entryPages.generate"]
    #[idempotent = "the page is the same, and only its URL is another one"]
    #[POST = "/v1beta/documents/{document_id}/entry_page"]
    #[body(none)]
    #[response(page: EntryPage)]
    #[call(DocumentResource::generate_entry_page)]
    pub struct GenerateDocumentEntryPage {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
    }
}
