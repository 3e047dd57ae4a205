use factify_types::{DocumentId, VersionId};

use super::{DocumentResource, ExportedDocument};
use crate::operations::declare::operation;

operation! {
    /// Makes a URL for the download of the file. [`Client::download`](crate::Client::download) reads from it.
    #[id = "exportDocument", sdk = "documents.export"]
    #[idempotent]
    #[GET = "/v1beta/documents/{document_id}/export"]
    #[response(exported: ExportedDocument)]
    #[call(DocumentResource::export)]
    pub struct ExportDocument {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The version. Without it, the current one.
        pub version_id: Option<VersionId>,
    }
}
