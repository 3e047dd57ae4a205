use factify_types::DocumentId;
use factify_types::sharing::GeneralAccess;

use super::SharingResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Reads the access of all who have none of their own.
    #[id = "getGeneralAccess", sdk = "sharing.getGeneralAccess"]
    #[idempotent]
    #[GET = "/v1beta/documents/{document_id}/access"]
    #[response(access: GeneralAccess)]
    #[verify(access.document_id == document_id)]
    #[call(SharingResource::get_general_access)]
    pub struct GetGeneralAccess {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
    }
}

impl ResponseBody for GeneralAccess {}
