use factify_types::{OrganizationId, UserId};

use super::{EnsureRemoved, EnsureRemovedCall};
use crate::client::EnsureCall;
use crate::operations::resource::resource;

resource! {
    /// The members of one organization.
    ///
    /// Made by [`OrganizationResource::members`](crate::organizations::OrganizationResource::members).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::organizations::OrganizationRole;
    /// use factify::{Error, OrganizationId, UserId};
    ///
    /// fn tour(
    ///     client: &Client<impl HttpTransport>,
    ///     organization: OrganizationId,
    ///     user: UserId,
    /// ) -> Result<(), Error> {
    ///     let members = client.organization(organization).members();
    ///     members.add(user, OrganizationRole::Member).send()?;
    ///     members.update(user, OrganizationRole::Admin).send()?;
    ///     for member in members.list().items() {
    ///         let member = member?;
    ///         println!("{} {}", member.user.email, member.role);
    ///     }
    ///     members.ensure_removed(user).send()?;
    ///     Ok(())
    /// }
    /// ```
    pub struct MembersResource {
        organization_id: OrganizationId,
    }
}

impl<'c, C> MembersResource<'c, C> {
    /// Makes sure that a user is not a member, and returns what [it found](super::EnsuredState). You can call
    /// it again at any time.
    ///
    /// It removes the member. If the server says that there is no such member, or if it is unknown whether an
    /// attempt was applied, it reads the whole list of members, and removes the user again while they are in
    /// it. It returns only what the server said and never guesses. It sends as many requests as necessary
    /// within the client's deadline, of which it reserves a quarter for the list, and reads at most 1,000
    /// pages. For observers it is one call.
    ///
    /// After an error the user may still be a member. The owner cannot be removed: the error is that of the
    /// API. [`ErrorKind::Unverified`](crate::ErrorKind::Unverified) means that the state could not be
    /// verified. This also happens if users remove themselves and the response is lost, because they cannot
    /// read the list then.
    ///
    /// A pending invite can bring a user back: see
    /// [`InvitesResource::ensure_revoked`](crate::invites::InvitesResource::ensure_revoked).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{Error, OrganizationId, UserId};
    ///
    /// fn remove(
    ///     client: &Client<impl HttpTransport>,
    ///     organization: OrganizationId,
    ///     user: UserId,
    /// ) -> Result<(), Error> {
    ///     let ensured = client.organization(organization).members().ensure_removed(user).send()?;
    ///     println!("{user}: {}", ensured.state.as_str());
    ///     Ok(())
    /// }
    /// ```
    pub fn ensure_removed(&self, user_id: UserId) -> EnsureRemovedCall<'c, C> {
        let ensure = EnsureRemoved::new(self.organization_id, user_id);
        EnsureCall::new(self.client, self.config, ensure)
    }
}
