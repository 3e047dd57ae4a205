use factify_types::access_requests::AccessRequest;
use factify_types::{AccessRequestId, DocumentId};

use super::AccessRequestsResource;
use crate::operations::declare::operation;

operation! {
    /// Refuses the access that the request asks for.
    #[id = "denyAccessRequest", sdk = "accessRequests.deny"]
    #[idempotent = "a request that is denied stays denied, or the API refuses to decide again"]
    #[POST = "/v1beta/documents/{document_id}/access-requests/{access_request_id}/deny"]
    #[body(json)]
    #[response({ access_request: AccessRequest })]
    #[verify(access_request.document_id == document_id, access_request.id == access_request_id)]
    #[call(AccessRequestsResource::deny)]
    pub struct DenyAccessRequest {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The request.
        #[path]
        pub access_request_id: AccessRequestId,
    }
}
