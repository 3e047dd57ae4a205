use factify_types::DocumentId;
use factify_types::sharing::CreatedShareLink;

use super::SharingResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Creates a link to the document. The API documents no way to list or to delete links, and does not say whether a
    /// link opens a document whose general access is restricted.
    #[id = "createShareLink", sdk = "sharing.createShareLink"]
    #[not_idempotent = "it creates another link"]
    #[POST = "/v1beta/documents/{document_id}/share-links"]
    #[body(json)]
    #[response(share_link in CreatedShareLink)]
    #[verify(share_link.document_id == document_id)]
    #[call(SharingResource::create_share_link)]
    #[in_doubt = in_doubt]
    pub struct CreateShareLink {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
    }
}

impl ResponseBody for CreatedShareLink {}

fn in_doubt(_: &CreateShareLink) -> String {
    "A link may exist now. The API can neither show nor delete it. Call again for another link."
        .to_owned()
}
