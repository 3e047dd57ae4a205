use factify_types::sharing::{AccessChange, DocumentRole};
use factify_types::{DocumentId, PrincipalId};

use super::SharingResource;
use crate::operation::Rejection;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Changes the role of a user or a bot on the document.
    ///
    /// A response that says that the API refused it is an error: [`ErrorKind::Refused`](crate::ErrorKind::Refused).
    #[id = "updateDocumentAccess", sdk = "sharing.update"]
    #[idempotent = "the role is absolute"]
    #[PATCH = "/v1beta/documents/{document_id}/share/{recipient_id}"]
    #[body(json)]
    #[response(change: AccessChange)]
    #[call(SharingResource::update)]
    pub struct UpdateDocumentAccess {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The user or the bot.
        #[path]
        pub recipient_id: PrincipalId,
        /// The new role.
        pub document_role: DocumentRole,
    }
}

impl ResponseBody for AccessChange {
    const HAS_RESULT: bool = true;

    fn rejected(&self) -> Option<Rejection> {
        match self.success {
            Some(true) => None,
            Some(false) => Some(Rejection::Refused(self.error.clone().unwrap_or_default())),
            None => Some(Rejection::Unclear("success")),
        }
    }

    #[cfg(feature = "serve")]
    fn succeed(&mut self) {
        self.success = Some(true);
    }
}
