use factify_types::documents::{
    AccessLevel, Document, DocumentOwnership, DocumentSort, DocumentTrashState, ProcessingStatus,
    SourceFormat,
};
use factify_types::{PrincipalId, Timestamp};

use super::DocumentsResource;
use crate::operations::declare::operation;
use crate::wire::InvalidParameter;
use crate::wire::limit::check_order;

operation! {
    /// Lists the documents that the caller can see, one page at a time, newest first.
    ///
    /// A document is in the list if it matches all filters. It matches a filter with several values if it has one of
    /// them. Without `trash_state`, documents in the trash are not in the list.
    #[id = "listDocuments", sdk = "documents.list"]
    #[idempotent]
    #[GET = "/v1beta/documents"]
    #[response(Page<Document>)]
    #[call(DocumentsResource::list)]
    #[check = check]
    pub struct ListDocuments {
        /// Documents created at this time or later. It must be before `created_before`.
        #[wire = "created.after"]
        pub created_after: Option<Timestamp>,
        /// Documents created at this time or earlier. It must be after `created_after`.
        #[wire = "created.before"]
        pub created_before: Option<Timestamp>,
        /// Documents that this user or bot created.
        pub created_by_id: Vec<PrincipalId>,
        /// Documents with this access level.
        pub access_level: Vec<AccessLevel>,
        /// Documents with this status.
        pub processing_status: Vec<ProcessingStatus>,
        /// The order. The API's default is newest first.
        pub sort: Option<DocumentSort>,
        /// Documents whose title or description contains this text, case-insensitive. An empty text is refused
        /// before sending.
        pub query: Option<String>,
        /// Documents that the caller owns, or that somebody else owns.
        pub ownership: Vec<DocumentOwnership>,
        /// Documents in the trash, or outside of it. The API's default is only those outside of it.
        pub trash_state: Vec<DocumentTrashState>,
        /// Whether to list all documents of the organization, instead of the caller's own.
        pub organization_scope: Option<bool>,
        /// Documents whose title contains this text. An empty text is refused before sending.
        #[limit(characters = 0..=255)]
        pub title_contains: Option<String>,
        /// Documents whose description contains this text. Those without a description never match. An empty text
        /// is refused before sending.
        #[limit(characters = 0..=255)]
        pub description_contains: Option<String>,
        /// Documents from a file of this format.
        pub source_format: Vec<SourceFormat>,
        /// The maximum number of documents in a page. The API's default is 50.
        #[limit(value = 1..=100)]
        pub page_size: Option<u32>,
        /// The token of the page to read. Without it, the first page.
        pub page_token: Option<String>,
    }
}

fn check(list: &ListDocuments) -> Result<(), InvalidParameter> {
    check_order(
        ("created.after", list.created_after),
        ("created.before", list.created_before),
    )
}
