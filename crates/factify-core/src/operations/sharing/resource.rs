use factify_types::sharing::RecipientGrant;
use factify_types::{DocumentId, PrincipalId};

use super::grant_many::GrantMany;
use super::no_access::NoAccess;
use crate::client::{EnsureNoAccessCall, GrantManyCall};
use crate::operations::resource::resource;

resource! {
    /// Who has access to one document.
    ///
    /// Made by [`DocumentResource::sharing`](crate::documents::DocumentResource::sharing).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::sharing::{DocumentRole, GeneralAccessLevel, RecipientGrant};
    /// use factify::{DocumentId, UserId};
    ///
    /// fn share(
    ///     client: &Client<impl HttpTransport>,
    ///     document: DocumentId,
    ///     user: UserId,
    /// ) -> Result<(), Box<dyn std::error::Error>> {
    ///     let sharing = client.document(document).sharing();
    ///     sharing.set_general_access(GeneralAccessLevel::Restricted).send()?;
    ///     let grant = RecipientGrant::new(user, DocumentRole::Viewer);
    ///     // Each grant has its own result.
    ///     sharing.grant(vec![grant]).should_send_notification(false).send()?.into_result()?;
    ///     for recipient in sharing.list().send()?.recipients {
    ///         println!("{} {}", recipient.id, recipient.document_role);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub struct SharingResource {
        document_id: DocumentId,
    }
}

impl<'c, C> SharingResource<'c, C> {
    /// Gives access to any number of recipients, and reports each grant. It sends at most 50 in a request, one request
    /// after the other, and stops at the first error. Without recipients it sends nothing. For observers it is one call.
    ///
    /// The API does not document what a grant does to a recipient who has another role: in the sandbox, it replaces it.
    /// So a recipient who is named twice is an error, before anything is sent.
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::sharing::{DocumentRole, RecipientGrant};
    /// use factify::{DocumentId, UserId};
    ///
    /// fn share(
    ///     client: &Client<impl HttpTransport>,
    ///     document: DocumentId,
    ///     users: &[UserId],
    /// ) -> Result<(), Box<dyn std::error::Error>> {
    ///     let grants = users.iter().map(|user| RecipientGrant::new(*user, DocumentRole::Viewer));
    ///     let sharing = client.document(document).sharing();
    ///     sharing.grant_many(grants).should_send_notification(false).send()?.into_result()?;
    ///     Ok(())
    /// }
    /// ```
    pub fn grant_many(
        &self,
        recipients: impl IntoIterator<Item = RecipientGrant>,
    ) -> GrantManyCall<'c, C> {
        let machine = GrantMany::new(self.document_id, recipients.into_iter().collect());
        GrantManyCall::new(self.client, self.config, machine)
    }

    /// Makes sure that a user or a bot has no access to the document, and returns what [it found](super::Ensured): the
    /// access is gone, there was none, or there is still access by other ways. You can call it again at any time.
    ///
    /// It reads who has access: the recipients, the general access, and the members of the organizations that have
    /// access. If this user or bot is a recipient, it revokes that, and reads again. It changes nothing else. It returns
    /// only what the server said and never guesses: where it cannot read something, it says so as an
    /// [`AccessWay`](super::AccessWay). An ID that nobody has is not a recipient, so check the ID. For observers it is
    /// one call.
    ///
    /// Each way was closed when it was read: others may give access again afterwards. The API does not show the share
    /// links of a document, and does not document whether one opens a document whose general access is restricted. It
    /// shows which policies are attached, but not what they allow.
    ///
    /// After an error there may still be access. [`ErrorKind::Unverified`](crate::ErrorKind::Unverified) means that
    /// the state could not be verified.
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{DocumentId, Error, UserId};
    ///
    /// fn close(
    ///     client: &Client<impl HttpTransport>,
    ///     document: DocumentId,
    ///     user: UserId,
    /// ) -> Result<bool, Error> {
    ///     let ensured = client.document(document).sharing().ensure_no_access(user).send()?;
    ///     for way in &ensured.still_by {
    ///         println!("{user}: {way}");
    ///     }
    ///     Ok(!ensured.may_have_access())
    /// }
    /// ```
    pub fn ensure_no_access(&self, id: impl Into<PrincipalId>) -> EnsureNoAccessCall<'c, C> {
        let machine = NoAccess::new(self.document_id, id.into());
        EnsureNoAccessCall::new(self.client, self.config, machine)
    }
}
