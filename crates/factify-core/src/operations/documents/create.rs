use factify_types::documents::{AccessLevel, Document};

use super::DocumentsResource;
use crate::error::Error;
use crate::operations::declare::operation;

operation! {
    /// Uploads a file as a new document. Its processing begins: see [`Document::processing_status`].
    ///
    /// If the response is lost, the document may exist: [`Error::report`](crate::Error::report) says how to look for
    /// it. The API documents no maximum size.
    #[id = "createDocument", sdk = "documents.create"]
    #[not_idempotent = "it creates another document"]
    #[POST = "/v1beta/documents"]
    #[body(multipart)]
    #[response({ document: Document })]
    #[call(DocumentsResource::create)]
    #[advice = advice]
    #[in_doubt = in_doubt]
    pub struct CreateDocument {
        /// The file.
        pub payload: Upload,
        /// The title.
        #[limit(characters = 1..=255)]
        pub title: String,
        /// The description.
        #[limit(characters = 0..=2_000)]
        pub description: Option<String>,
        /// Who can open it. Without it, the members of your organization. If you are in no organization, only you.
        pub access_level: Option<AccessLevel>,
    }
}

fn advice(error: &Error) -> Option<&'static str> {
    error.is_quota_exceeded().then_some(
        "Raise the quota of the organization that is used up. If it is that of documents, see `documents().get_quota`: \
         documents in the trash count too. Nothing was changed.",
    )
}

fn in_doubt(create: &CreateDocument) -> String {
    format!(
        "A document with the title {:?} may exist now. Look for it with `documents().find_upload` before you upload \
         the file again.",
        create.title,
    )
}
