use factify_types::{DocumentId, VersionId};

use crate::operations::resource::resource;

resource! {
    /// The versions of one document.
    ///
    /// Made by [`DocumentResource::versions`](crate::documents::DocumentResource::versions).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{DocumentId, Error, Upload};
    ///
    /// fn replace(
    ///     client: &Client<impl HttpTransport>,
    ///     document: DocumentId,
    ///     file: Upload,
    /// ) -> Result<(), Error> {
    ///     let versions = client.document(document).versions();
    ///     let version = versions.create(file).title("Second edition").send()?;
    ///     println!("{} {}", version.id, version.processing_status);
    ///     Ok(())
    /// }
    /// ```
    pub struct VersionsResource {
        document_id: DocumentId,
    }
}

resource! {
    /// One version of a document.
    ///
    /// Made by [`Client::version`](crate::Client::version).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{Error, VersionId};
    ///
    /// fn rename(client: &Client<impl HttpTransport>, version: VersionId) -> Result<(), Error> {
    ///     let version = client.version(version).update().title("Final").send()?;
    ///     println!("{} of {}", version.id, version.document_id);
    ///     Ok(())
    /// }
    /// ```
    pub struct VersionResource {
        version_id: VersionId,
    }
}
