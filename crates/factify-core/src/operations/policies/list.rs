use factify_types::DocumentId;
use factify_types::policies::DocumentPolicy;

use super::PoliciesResource;
use crate::operations::declare::operation;

operation! {
    /// Lists the policies that are attached to the document, one page at a time.
    #[id = "listDocumentPolicies", sdk = "policies.list"]
    #[idempotent]
    #[GET = "/v1beta/documents/{document_id}/policies"]
    #[response(Page<DocumentPolicy>)]
    #[verify(items.document_id == document_id)]
    #[call(PoliciesResource::list)]
    pub struct ListDocumentPolicies {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The maximum number of policies in a page. The API's default is 50.
        #[limit(value = 1..=100)]
        pub page_size: Option<u32>,
        /// The token of the page to read. Without it, the first page.
        pub page_token: Option<String>,
    }
}
