use factify_types::{InviteId, OrganizationId};

use super::{EnsureRevoked, EnsureRevokedCall};
use crate::client::EnsureCall;
use crate::operations::resource::resource;

resource! {
    /// The invites of one organization.
    ///
    /// Made by [`OrganizationResource::invites`](crate::organizations::OrganizationResource::invites).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::invites::{InvitationToken, OrganizationInviteStatus};
    /// use factify::{Error, InviteId, OrganizationId};
    /// use factify::blocking::{Client, HttpTransport};
    ///
    /// fn tour(
    ///     client: &Client<impl HttpTransport>,
    ///     organization: OrganizationId,
    ///     token: InvitationToken,
    /// ) -> Result<(), Error> {
    ///     let invites = client.organization(organization).invites();
    ///     let invite = invites.create("dwight@example.com".parse()?).message("Join us").send()?;
    ///     invites.resend(invite.id).send()?;
    ///     invites.revoke(invite.id).send()?;
    ///     for invite in invites.list().status(OrganizationInviteStatus::Pending).items() {
    ///         println!("{}", invite?.email);
    ///     }
    ///     invites.accept(token).send()?;
    ///     Ok(())
    /// }
    /// ```
    pub struct InvitesResource {
        organization_id: OrganizationId,
    }
}

impl<'c, C> InvitesResource<'c, C> {
    /// Makes sure that nobody can join with an invite, and returns its [state](super::EnsuredState):
    /// `AlreadyAccepted` means that somebody has joined. You can call it again at any time; it sends no
    /// email.
    ///
    /// It revokes the invite. If the server says that the invite is not pending, or if it is unknown
    /// whether an attempt was applied, it looks for the invite in the list, and revokes it again while it
    /// is pending. It needs only the ID and the status of the invite to be readable. It returns only what
    /// the server said and never guesses. It sends as many requests as necessary within the client's
    /// deadline, of which it reserves a quarter for the list, and reads at most 1,000 pages. For observers
    /// it is one call.
    ///
    /// After an error somebody may still join. [`ErrorKind::Unverified`](crate::ErrorKind::Unverified)
    /// means that the state could not be verified.
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::invites::EnsuredState;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{Error, InviteId, OrganizationId};
    ///
    /// fn is_revoked(
    ///     client: &Client<impl HttpTransport>,
    ///     organization: OrganizationId,
    ///     invite: InviteId,
    /// ) -> Result<bool, Error> {
    ///     let invites = client.organization(organization).invites();
    ///     let ensured = invites.ensure_revoked(invite).send()?;
    ///     Ok(matches!(ensured.state, EnsuredState::Revoked | EnsuredState::AlreadyRevoked))
    /// }
    /// ```
    pub fn ensure_revoked(&self, invite_id: InviteId) -> EnsureRevokedCall<'c, C> {
        let ensure = EnsureRevoked::new(self.organization_id, invite_id);
        EnsureCall::new(self.client, self.config, ensure)
    }
}
