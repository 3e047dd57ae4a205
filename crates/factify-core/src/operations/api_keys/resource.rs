use factify_types::{ApiKeyId, OrganizationId};

use super::{EnsureRevoked, EnsureRevokedCall};
use crate::client::EnsureCall;
use crate::operations::resource::resource;

resource! {
    /// The API keys.
    ///
    /// Made by [`Client::api_keys`](crate::Client::api_keys).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{Error, OrganizationId};
    ///
    /// fn tour(client: &Client<impl HttpTransport>, organization: OrganizationId) -> Result<(), Error> {
    ///     let keys = client.api_keys();
    ///     let created = keys.create(organization, "nightly export").send()?;
    ///     // Store `created.secret.expose()` in a safe place: no other response contains it.
    ///     for key in keys.list(organization).include_revoked(true).items() {
    ///         let key = key?;
    ///         println!("{} {} {}", key.id, key.name, key.is_active);
    ///     }
    ///     keys.ensure_revoked(organization, created.api_key.id).send()?;
    ///     Ok(())
    /// }
    /// ```
    pub struct ApiKeysResource {}
}

impl<'c, C> ApiKeysResource<'c, C> {
    /// Makes sure that an API key no longer works, and returns its [state](super::EnsuredState). You can call it
    /// again at any time.
    ///
    /// It revokes the key. If the server refuses that because of the state of the key, or if it is unknown
    /// whether an attempt was applied, it looks for the key in the list of the organization, with revoked
    /// keys, and revokes it again while it is not revoked. It returns only what the server said and never
    /// guesses. It sends as many requests as necessary within the client's deadline, of which it reserves a
    /// quarter for the list, and reads at most 1,000 pages. For observers it is one call.
    ///
    /// The organization must be that of the key. With another one, a lost response cannot be verified.
    ///
    /// After an error the key may still work. [`ErrorKind::Unverified`](crate::ErrorKind::Unverified) means
    /// that its state could not be verified. This also happens if a client revokes its own key and the
    /// response is lost, because it cannot read the list then.
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{ApiKeyId, Error, OrganizationId};
    ///
    /// fn revoke(
    ///     client: &Client<impl HttpTransport>,
    ///     organization: OrganizationId,
    ///     key: ApiKeyId,
    /// ) -> Result<(), Error> {
    ///     let ensured = client.api_keys().ensure_revoked(organization, key).send()?;
    ///     println!("{key} is {}", ensured.state.as_str());
    ///     Ok(())
    /// }
    /// ```
    pub fn ensure_revoked(
        &self,
        organization_id: OrganizationId,
        api_key_id: ApiKeyId,
    ) -> EnsureRevokedCall<'c, C> {
        let ensure = EnsureRevoked {
            organization_id,
            api_key_id,
            reason: None,
        };
        EnsureCall::new(self.client, self.config, ensure)
    }
}
