use factify_types::access_requests::AccessRequest;
use factify_types::{AccessRequestId, DocumentId};

use super::AccessRequestsResource;
use crate::operations::declare::operation;

operation! {
    /// Gives the user the access that the request asks for. The API does not document which role it becomes.
    #[id = "approveAccessRequest", sdk = "accessRequests.approve"]
    #[idempotent = "a request that is approved stays approved, or the API refuses to decide again"]
    #[POST = "/v1beta/documents/{document_id}/access-requests/{access_request_id}/approve"]
    #[body(json)]
    #[response({ access_request: AccessRequest })]
    #[verify(access_request.document_id == document_id, access_request.id == access_request_id)]
    #[call(AccessRequestsResource::approve)]
    pub struct ApproveAccessRequest {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The request.
        #[path]
        pub access_request_id: AccessRequestId,
    }
}
