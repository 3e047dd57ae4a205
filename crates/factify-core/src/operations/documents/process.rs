use factify_types::documents::ProcessedDocument;
use factify_types::{DocumentId, VersionId};

use super::DocumentResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Processes the document, so that its content can be read.
    ///
    /// An upload is processed without this call.
    #[id = "processDocument", sdk = "documents.process"]
    #[idempotent = "a second request finds the version in process or processed, and says so"]
    #[POST = "/v1beta/documents/{document_id}/process"]
    #[body(json)]
    #[response(processed: ProcessedDocument)]
    #[verify(processed.document_id == document_id, processed.version_id == version_id)]
    #[call(DocumentResource::process)]
    pub struct ProcessDocument {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The version. Without it, the current one.
        pub version_id: Option<VersionId>,
        /// Whether to respond before the processing has ended.
        #[wire = "async"]
        pub asynchronous: Option<bool>,
    }
}

impl ResponseBody for ProcessedDocument {}
