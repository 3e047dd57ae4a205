use factify_types::documents::DocumentOwnership;
use factify_types::{DocumentId, Timestamp};

use super::ListDocuments;
use super::wait::Wait;
use crate::client::{Call, SaveCall, WaitCall};
use crate::operations::access_requests::AccessRequestsResource;
use crate::operations::policies::PoliciesResource;
use crate::operations::resource::resource;
use crate::operations::sharing::SharingResource;
use crate::operations::versions::VersionsResource;

resource! {
    /// The documents of the caller.
    ///
    /// Made by [`Client::documents`](crate::Client::documents).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::documents::SourceFormat;
    /// use factify::{Error, Upload};
    ///
    /// fn tour(client: &Client<impl HttpTransport>) -> Result<(), Box<dyn std::error::Error>> {
    ///     let documents = client.documents();
    ///     let file = Upload::file("report.pdf")?;
    ///     let document = documents.create(file, "Report of the year").send()?;
    ///     println!("{} {}", document.id, document.processing_status);
    ///     for document in documents.list().source_format(SourceFormat::Pdf).items() {
    ///         let document = document?;
    ///         println!("{} {}", document.id, document.title);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub struct DocumentsResource {}
}

impl<'c, C> DocumentsResource<'c, C> {
    /// Lists what an upload may have created whose response was lost: documents that the caller owns, whose title
    /// contains this title, and that were created at this time or later. Note the time before you upload. If your clock
    /// may be wrong, subtract a few minutes. In a test with the sandbox, take the time of its clock.
    ///
    /// Compare the titles: the API also finds longer ones. It does not find documents in the trash. If there is no such document, the request may
    /// still be under way. So before you upload the file again, wait as long as the time limit of the upload.
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::documents::Document;
    /// use factify::{Error, Outcome, Timestamp, Upload};
    ///
    /// fn upload(
    ///     client: &Client<impl HttpTransport>,
    ///     file: Upload,
    ///     started: Timestamp,
    /// ) -> Result<Option<Document>, Error> {
    ///     let documents = client.documents();
    ///     match documents.create(file, "Report").send() {
    ///         Err(error) if error.outcome() != Outcome::NotApplied => {
    ///             let found = documents.find_upload("Report", started).items();
    ///             let found = found.collect::<Result<Vec<_>, _>>()?;
    ///             Ok(found.into_iter().find(|document| document.title == "Report"))
    ///         }
    ///         created => created.map(Some),
    ///     }
    /// }
    /// ```
    pub fn find_upload(
        &self,
        title: impl Into<String>,
        since: Timestamp,
    ) -> Call<'c, C, ListDocuments> {
        let list = self.list().title_contains(title).created_after(since);
        list.ownership(DocumentOwnership::Owned)
    }
}

resource! {
    /// One document, with its versions.
    ///
    /// Made by [`Client::document`](crate::Client::document).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{DocumentId, Error};
    ///
    /// fn save(
    ///     client: &Client<impl HttpTransport>,
    ///     document: DocumentId,
    ///     file: &mut std::fs::File,
    /// ) -> Result<(), Error> {
    ///     client.document(document).download().to_writer(file)?;
    ///     Ok(())
    /// }
    /// ```
    pub struct DocumentResource {
        document_id: DocumentId,
    }
}

impl<'c, C> DocumentResource<'c, C> {
    /// Waits until the document can be read: until its [`processing_status`](super::Document::processing_status)
    /// is no longer `processing`.
    ///
    /// It reads the document again and again, first after half a second, later every ten seconds. For observers it is
    /// one call.
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{Error, Upload};
    ///
    /// fn upload(client: &Client<impl HttpTransport>, file: Upload) -> Result<(), Error> {
    ///     let document = client.documents().create(file, "Report").send()?;
    ///     let document = client.document(document.id).wait_until_processed().send()?;
    ///     println!("{} is {}", document.id, document.processing_status);
    ///     Ok(())
    /// }
    /// ```
    pub fn wait_until_processed(&self) -> WaitCall<'c, C> {
        WaitCall::new(self.client, self.config, Wait::new(self.document_id))
    }

    /// Downloads the file of the document: [`export`](Self::export), then a download that resumes. It writes into a
    /// file or a writer, or gives you the chunks.
    ///
    /// ```no_run
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{DocumentId, Error};
    ///
    /// fn save(client: &Client<impl HttpTransport>, document: DocumentId) -> Result<(), Error> {
    ///     let bytes = client.document(document).download().to_file("report.pdf")?;
    ///     println!("{bytes} bytes");
    ///     Ok(())
    /// }
    /// ```
    pub fn download(&self) -> SaveCall<'c, C> {
        SaveCall::new(self.client, self.config, self.document_id)
    }

    /// The requests for access to the document.
    pub fn access_requests(&self) -> AccessRequestsResource<'c, C> {
        AccessRequestsResource::new(self.client, self.config, self.document_id)
    }

    /// The policies that are attached to the document.
    pub fn policies(&self) -> PoliciesResource<'c, C> {
        PoliciesResource::new(self.client, self.config, self.document_id)
    }

    /// Who has access to the document.
    pub fn sharing(&self) -> SharingResource<'c, C> {
        SharingResource::new(self.client, self.config, self.document_id)
    }

    /// The versions of the document.
    pub fn versions(&self) -> VersionsResource<'c, C> {
        VersionsResource::new(self.client, self.config, self.document_id)
    }
}
