use factify_types::DocumentId;
use factify_types::sharing::InspectedAccess;

use super::AccessRequestsResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Reads what you may do with the document.
    #[id = "inspectDocumentAccess", sdk = "accessRequests.inspect"]
    #[idempotent]
    #[GET = "/v1beta/documents/{document_id}/capabilities"]
    #[response(access: InspectedAccess)]
    #[verify(access.document_id == document_id)]
    #[call(AccessRequestsResource::inspect)]
    pub struct InspectDocumentAccess {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
    }
}

impl ResponseBody for InspectedAccess {}
