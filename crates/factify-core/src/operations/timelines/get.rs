use factify_types::DocumentId;
use factify_types::timelines::TimelineEvent;

use crate::documents::DocumentResource;
use crate::operations::declare::operation;

operation! {
    /// Lists what happened to the document, one page at a time. Its admins see all events, its viewers only their own.
    #[id = "getDocumentTimeline", sdk = "timelines.get"]
    #[idempotent]
    #[GET = "/v1beta/documents/{document_id}/timeline"]
    #[response(Page<TimelineEvent> in crate::page::Events)]
    #[call(DocumentResource::get_timeline)]
    pub struct GetDocumentTimeline {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The maximum number of events in a page. The API documents no default.
        #[limit(value = 1..=100)]
        pub page_size: Option<u32>,
        /// The token of the page to read, which the API calls `cursor`. Without it, the first page.
        #[wire = "cursor"]
        pub page_token: Option<String>,
    }
}
