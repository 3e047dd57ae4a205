use factify_types::DocumentId;
use factify_types::versions::Version;

use super::VersionsResource;
use crate::operations::declare::operation;

operation! {
    /// Lists the versions of the document, one page at a time.
    #[id = "listDocumentVersions", sdk = "versions.list"]
    #[idempotent]
    #[GET = "/v1beta/documents/{document_id}/versions"]
    #[response(Page<Version>)]
    #[verify(items.document_id == document_id)]
    #[call(VersionsResource::list)]
    pub struct ListDocumentVersions {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The maximum number of versions in a page. The API's default is 50.
        #[limit(value = 1..=100)]
        pub page_size: Option<u32>,
        /// The token of the page to read. Without it, the first page.
        pub page_token: Option<String>,
    }
}
