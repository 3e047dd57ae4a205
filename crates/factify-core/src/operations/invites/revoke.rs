use bytes::Bytes;
use factify_types::{InviteId, OrganizationId, OrganizationInvite};
use http::Method;

use super::{EMPTY_BODY, decode_invite};
use crate::decode::DecodeError;
use crate::encode::PathBuilder;
use crate::operation::{Operation, OperationInfo, Repeat};

/// `POST /v1beta/organizations/{organization_id}/invites/{invite_id}/revoke`
///
/// Revokes a pending invite: its recipient can no longer join with it. Needs the permission to
/// manage members, that is an owner or admin. An invite that is not pending is refused.
///
/// Sending it again converges, so it is sent again after a failure that leaves it in doubt. The
/// second attempt may then find the invite already revoked: the error's outcome says that it is
/// not known by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevokeOrganizationInvite {
    /// The organization that the invite is for.
    pub organization_id: OrganizationId,
    /// The invite to revoke.
    pub invite_id: InviteId,
}

impl RevokeOrganizationInvite {
    /// Revokes this invite of this organization.
    pub const fn new(organization_id: OrganizationId, invite_id: InviteId) -> Self {
        Self {
            organization_id,
            invite_id,
        }
    }
}

impl Operation for RevokeOrganizationInvite {
    type Output = OrganizationInvite;

    const INFO: OperationInfo = OperationInfo::new(
        "revokeOrganizationInvite",
        Method::POST,
        "/v1beta/organizations/{organization_id}/invites/{invite_id}/revoke",
        Repeat::Converges,
    );

    fn path(&self, path: &mut PathBuilder) {
        path.id(&self.organization_id).id(&self.invite_id);
    }

    fn body(&self) -> Result<Option<Bytes>, serde_json::Error> {
        Ok(Some(EMPTY_BODY))
    }

    fn decode_body(body: &[u8]) -> Result<Self::Output, DecodeError> {
        decode_invite(body)
    }
}
