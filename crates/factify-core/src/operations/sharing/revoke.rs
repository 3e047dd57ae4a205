use factify_types::sharing::AccessChange;
use factify_types::{DocumentId, PrincipalId};

use super::SharingResource;
use crate::operations::declare::operation;

operation! {
    /// Revokes the access of a user or a bot to the document. Access by other ways stays: see
    /// [`ensure_no_access`](SharingResource::ensure_no_access).
    ///
    /// A response that says that the API refused it is an error: [`ErrorKind::Refused`](crate::ErrorKind::Refused).
    #[id = "revokeDocumentAccess", sdk = "sharing.revoke"]
    #[idempotent = "without access there is nothing to take: the API finds nothing to change, or refuses it"]
    #[DELETE = "/v1beta/documents/{document_id}/share/{recipient_id}"]
    #[response(change: AccessChange)]
    #[call(SharingResource::revoke)]
    pub struct RevokeDocumentAccess {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The user or the bot.
        #[path]
        pub recipient_id: PrincipalId,
    }
}
