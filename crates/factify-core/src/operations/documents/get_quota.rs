use factify_types::documents::DocumentQuota;

use super::DocumentsResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Reads how many documents the organization of the caller has, and may have.
    #[id = "getDocumentQuota", sdk = "documents.getQuota"]
    #[idempotent]
    #[GET = "/v1beta/documents/quota"]
    #[response(quota: DocumentQuota)]
    #[call(DocumentsResource::get_quota)]
    pub struct GetDocumentQuota {}
}

impl ResponseBody for DocumentQuota {}
