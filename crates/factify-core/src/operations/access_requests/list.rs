use factify_types::DocumentId;
use factify_types::access_requests::PendingAccessRequests;

use super::AccessRequestsResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Lists the pending requests for access to the document.
    ///
    /// The API shows one page, and no way to the next one: see [`PendingAccessRequests::has_more`].
    #[id = "listAccessRequests", sdk = "accessRequests.list"]
    #[idempotent]
    #[GET = "/v1beta/documents/{document_id}/access-requests"]
    #[response(items in PendingAccessRequests)]
    #[verify(items.document_id == document_id)]
    #[call(AccessRequestsResource::list)]
    pub struct ListAccessRequests {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
    }
}

impl ResponseBody for PendingAccessRequests {}
