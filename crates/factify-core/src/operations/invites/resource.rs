use factify_types::{InviteId, OrganizationId};

use super::EnsureRevokedCall;
use crate::operations::resource::resource;

resource! {
    /// The invites of one organization.
    ///
    /// Made by [`OrganizationResource::invites`](crate::organizations::OrganizationResource::invites).
    ///
    /// ```
    /// use factify_core::invites::{InvitationToken, OrganizationInviteStatus};
    /// use factify_core::{Error, InviteId, OrganizationId};
    /// use factify_core::blocking::{Client, HttpTransport};
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
    /// Revokes an invite and verifies it, so that you know whether somebody has joined or still can:
    /// [`EnsureRevoked`](super::EnsureRevoked). It sends as many requests as necessary within the
    /// client's deadline.
    ///
    /// ```
    /// use factify_core::invites::Ensured;
    /// use factify_core::blocking::{Client, HttpTransport};
    /// use factify_core::{Error, InviteId, OrganizationId};
    ///
    /// fn is_revoked(
    ///     client: &Client<impl HttpTransport>,
    ///     organization: OrganizationId,
    ///     invite: InviteId,
    /// ) -> Result<bool, Error> {
    ///     let invites = client.organization(organization).invites();
    ///     let ensured = invites.ensure_revoked(invite).send()?;
    ///     Ok(matches!(ensured, Ensured::Revoked(_) | Ensured::AlreadyRevoked(_)))
    /// }
    /// ```
    pub fn ensure_revoked(&self, invite_id: InviteId) -> EnsureRevokedCall<'c, C> {
        EnsureRevokedCall::new(self.client, self.config, self.organization_id, invite_id)
    }
}
