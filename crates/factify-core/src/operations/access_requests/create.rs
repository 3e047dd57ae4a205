use factify_types::DocumentId;
use factify_types::access_requests::{AccessRequest, AccessRequestPermission};

use super::AccessRequestsResource;
use crate::operations::declare::operation;

operation! {
    /// Asks for access to the document.
    #[id = "createAccessRequest", sdk = "accessRequests.create"]
    #[not_idempotent = "it may create another request, and notify the owner again"]
    #[POST = "/v1beta/documents/{document_id}/access-requests"]
    #[body(json)]
    #[response({ access_request: AccessRequest })]
    #[verify(access_request.document_id == document_id)]
    #[call(AccessRequestsResource::create)]
    #[in_doubt = in_doubt]
    pub struct CreateAccessRequest {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The access that you ask for.
        pub permission: AccessRequestPermission,
        /// A message to those who decide.
        #[limit(characters = 0..=1_024)]
        pub message: Option<String>,
    }
}

fn in_doubt(_: &CreateAccessRequest) -> String {
    "The request may exist now. Check it with `access_requests().check_status` before you ask again.".to_owned()
}
