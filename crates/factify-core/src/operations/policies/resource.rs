use factify_types::DocumentId;

use crate::operations::resource::resource;

resource! {
    /// The policies that are attached to one document. The API has no operation that lists or creates policies.
    ///
    /// Made by [`DocumentResource::policies`](crate::documents::DocumentResource::policies).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{DocumentId, Error, PolicyId};
    ///
    /// fn replace(
    ///     client: &Client<impl HttpTransport>,
    ///     document: DocumentId,
    ///     (old, new): (PolicyId, PolicyId),
    /// ) -> Result<(), Error> {
    ///     let policies = client.document(document).policies();
    ///     policies.attach(new).send()?;
    ///     policies.detach(old).send()?;
    ///     for attached in policies.list().items() {
    ///         println!("{}", attached?.policy.name);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub struct PoliciesResource {
        document_id: DocumentId,
    }
}
