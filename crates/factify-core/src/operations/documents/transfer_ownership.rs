use factify_types::documents::TransferredDocument;
use factify_types::{DocumentId, UserId};

use super::DocumentResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Makes another user of the organization the owner of the document.
    #[id = "transferDocumentOwnership", sdk = "documents.transferOwnership"]
    #[idempotent = "the new owner is absolute; a second request finds nothing to change, or is refused because you are not the owner any longer"]
    #[POST = "/v1beta/documents/{document_id}/transfer"]
    #[body(json)]
    #[response(transferred: TransferredDocument)]
    #[verify(transferred.document_id == document_id, transferred.new_owner_id == new_owner_id)]
    #[call(DocumentResource::transfer_ownership)]
    pub struct TransferDocumentOwnership {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The new owner.
        pub new_owner_id: UserId,
    }
}

impl ResponseBody for TransferredDocument {}
