use factify_types::DocumentId;

use super::AccessRequestsResource;
use crate::operations::declare::operation;

operation! {
    /// Checks whether you have a pending request for access to the document.
    #[id = "checkAccessRequestStatus", sdk = "accessRequests.checkStatus"]
    #[idempotent]
    #[GET = "/v1beta/documents/{document_id}/access-requests/status"]
    #[response({ has_pending_request: bool })]
    #[call(AccessRequestsResource::check_status)]
    pub struct CheckAccessRequestStatus {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
    }
}
