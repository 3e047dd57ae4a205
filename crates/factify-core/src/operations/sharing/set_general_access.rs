use factify_types::DocumentId;
use factify_types::sharing::{GeneralAccess, GeneralAccessLevel};

use super::SharingResource;
use crate::operations::declare::operation;

operation! {
    /// Sets the access of all who have none of their own.
    #[id = "setGeneralAccess", sdk = "sharing.setGeneralAccess"]
    #[idempotent]
    #[PUT = "/v1beta/documents/{document_id}/access"]
    #[body(json)]
    #[response(access: GeneralAccess)]
    #[verify(access.document_id == document_id, access.general_access_level == general_access_level)]
    #[call(SharingResource::set_general_access)]
    pub struct SetGeneralAccess {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The level.
        pub general_access_level: GeneralAccessLevel,
    }
}
