//! Invites: who may join an organization.

mod accept;
mod create;
mod ensure;
mod list;
mod resend;
mod revoke;

use bytes::Bytes;
use factify_types::{EmailAddress, InviteId, OrganizationId, OrganizationInvite};
use serde::Deserialize;

use crate::call::Call;
use crate::config::ClientConfig;
use crate::decode::{self, DecodeError};
use crate::operation::Operation;
use crate::token::InvitationToken;

pub use accept::AcceptOrganizationInvite;
pub use create::CreateOrganizationInvite;
pub use ensure::{EnsureRevoked, EnsureRevokedCall, EnsureStep, Ensured};
pub use list::ListOrganizationInvites;
pub use resend::ResendOrganizationInvite;
pub use revoke::RevokeOrganizationInvite;

/// What the API wants where there is nothing to say.
const EMPTY_BODY: Bytes = Bytes::from_static(b"{}");

/// The invites of one organization.
///
/// Made by [`OrganizationResource::invites`](crate::OrganizationResource::invites).
#[derive(Debug)]
pub struct OrganizationInvites<'c, C> {
    client: &'c C,
    config: &'c ClientConfig,
    organization_id: OrganizationId,
}

impl<'c, C> OrganizationInvites<'c, C> {
    pub(crate) fn new(
        client: &'c C,
        config: &'c ClientConfig,
        organization_id: OrganizationId,
    ) -> Self {
        Self {
            client,
            config,
            organization_id,
        }
    }

    /// Joins the organization with the token of an email: [`AcceptOrganizationInvite`].
    pub fn accept(&self, token: InvitationToken) -> Call<'c, C, AcceptOrganizationInvite> {
        self.call(AcceptOrganizationInvite::new(self.organization_id, token))
    }

    /// Invites an address: [`CreateOrganizationInvite`].
    pub fn create(&self, email: EmailAddress) -> Call<'c, C, CreateOrganizationInvite> {
        self.call(CreateOrganizationInvite::new(self.organization_id, email))
    }

    /// Revokes an invite and finds out what became of it, so that one knows whether somebody has
    /// joined or can: [`EnsureRevoked`](crate::EnsureRevoked). Within the client's deadline it asks as
    /// often as it must.
    ///
    /// ```
    /// use factify_core::{Error, InviteId, OrganizationId};
    /// use factify_core::{Ensured, blocking::{Client, HttpTransport}};
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

    /// Reads invites, a page or all of them: [`ListOrganizationInvites`].
    pub fn list(&self) -> Call<'c, C, ListOrganizationInvites> {
        self.call(ListOrganizationInvites::new(self.organization_id))
    }

    /// Sends the email of an invite again: [`ResendOrganizationInvite`].
    pub fn resend(&self, invite_id: InviteId) -> Call<'c, C, ResendOrganizationInvite> {
        self.call(ResendOrganizationInvite::new(
            self.organization_id,
            invite_id,
        ))
    }

    /// Revokes a pending invite: [`RevokeOrganizationInvite`].
    pub fn revoke(&self, invite_id: InviteId) -> Call<'c, C, RevokeOrganizationInvite> {
        self.call(RevokeOrganizationInvite::new(
            self.organization_id,
            invite_id,
        ))
    }

    fn call<O: Operation>(&self, operation: O) -> Call<'c, C, O> {
        Call::new(self.client, self.config, operation)
    }
}

/// The body of the answers that hold one invite.
#[derive(Deserialize)]
struct InviteEnvelope {
    invite: OrganizationInvite,
}

fn decode_invite(body: &[u8]) -> Result<OrganizationInvite, DecodeError> {
    decode::json::<InviteEnvelope>(body).map(|envelope| envelope.invite)
}
