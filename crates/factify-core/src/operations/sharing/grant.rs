use factify_types::DocumentId;
use factify_types::sharing::{GrantResults, RecipientGrant};

use super::SharingResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Gives access to the document to at most 50 recipients.
    ///
    /// The API responds with a success even if grants failed: see [`GrantResults`].
    #[id = "grantDocumentAccess", sdk = "sharing.grant"]
    #[not_idempotent = "it notifies the recipients, except with `should_send_notification(false)`", unless = notifies_nobody]
    #[POST = "/v1beta/documents/{document_id}/share"]
    #[body(json)]
    #[response(results: GrantResults)]
    #[verify(results.document_id == document_id)]
    #[call(SharingResource::grant)]
    #[in_doubt = in_doubt]
    pub struct GrantDocumentAccess {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// Who gets which role.
        #[required]
        #[limit(items = 1..=50)]
        pub recipients: Vec<RecipientGrant>,
        /// Whether the API notifies the recipients. The API does not document its default.
        pub should_send_notification: Option<bool>,
        /// A message for the notification.
        pub custom_message: Option<String>,
    }
}

impl ResponseBody for GrantResults {
    const HAS_RESULT: bool = true;
}

fn notifies_nobody(grant: &GrantDocumentAccess) -> bool {
    grant.should_send_notification == Some(false)
}

fn in_doubt(_: &GrantDocumentAccess) -> String {
    "The recipients may have access now, and a notification. Read `sharing().list` before you call again.".to_owned()
}
