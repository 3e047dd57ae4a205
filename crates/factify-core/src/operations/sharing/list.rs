use factify_types::DocumentId;
use factify_types::sharing::DocumentAccess;

use super::SharingResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Lists who has access to the document, all at once.
    #[id = "listDocumentAccess", sdk = "sharing.list"]
    #[idempotent]
    #[GET = "/v1beta/documents/{document_id}/share"]
    #[response(access: DocumentAccess)]
    #[verify(access.document_id == document_id)]
    #[call(SharingResource::list)]
    pub struct ListDocumentAccess {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
    }
}

impl ResponseBody for DocumentAccess {}
