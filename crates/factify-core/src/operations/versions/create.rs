use factify_types::DocumentId;
use factify_types::versions::Version;

use super::VersionsResource;
use crate::operations::declare::operation;

operation! {
    /// Uploads a file as the new current version of the document.
    ///
    /// If the response is lost, the version may exist: [`Error::report`](crate::Error::report) says how to look for
    /// it. The API documents no maximum size.
    #[id = "createDocumentVersion", sdk = "versions.create"]
    #[not_idempotent = "it creates another version"]
    #[POST = "/v1beta/documents/{document_id}/versions"]
    #[body(multipart)]
    #[response(version: Version)]
    #[verify(version.document_id == document_id)]
    #[call(VersionsResource::create)]
    #[in_doubt = in_doubt]
    pub struct CreateDocumentVersion {
        /// The document.
        #[path(resource)]
        pub document_id: DocumentId,
        /// The file.
        pub payload: Upload,
        /// The title.
        #[limit(characters = 0..=255)]
        pub title: Option<String>,
        /// The description.
        pub description: Option<String>,
    }
}

fn in_doubt(create: &CreateDocumentVersion) -> String {
    format!(
        "The document {} may have another version now. List its versions before you upload the file again.",
        create.document_id,
    )
}
