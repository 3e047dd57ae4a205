use factify_types::DocumentId;

use crate::operations::resource::resource;

resource! {
    /// The requests for access to one document.
    ///
    /// Made by [`DocumentResource::access_requests`](crate::documents::DocumentResource::access_requests).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{DocumentId, Error};
    ///
    /// /// Returns whether the API did not show all requests.
    /// fn approve_all(
    ///     client: &Client<impl HttpTransport>,
    ///     document: DocumentId,
    /// ) -> Result<bool, Error> {
    ///     let requests = client.document(document).access_requests();
    ///     let pending = requests.list().send()?;
    ///     for request in &pending.items {
    ///         requests.approve(request.id).send()?;
    ///     }
    ///     Ok(pending.has_more)
    /// }
    /// ```
    pub struct AccessRequestsResource {
        document_id: DocumentId,
    }
}
