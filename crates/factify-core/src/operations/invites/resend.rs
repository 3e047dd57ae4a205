use bytes::Bytes;
use factify_types::{InviteId, OrganizationId, OrganizationInvite};
use http::Method;

use super::{EMPTY_BODY, decode_invite};
use crate::decode::DecodeError;
use crate::encode::PathBuilder;
use crate::operation::{Operation, OperationInfo, Repeat};

/// `POST /v1beta/organizations/{organization_id}/invites/{invite_id}/resend`
///
/// Sends the email of an invite again. Needs the permission to invite members. The document leaves
/// open what becomes of an expired invite; one that was accepted or revoked is refused.
///
/// Sending it again repeats the email, so it is sent again only when the first attempt surely was
/// not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResendOrganizationInvite {
    /// The organization that the invite is for.
    pub organization_id: OrganizationId,
    /// The invite to send again.
    pub invite_id: InviteId,
}

impl ResendOrganizationInvite {
    /// Sends this invite of this organization again.
    pub const fn new(organization_id: OrganizationId, invite_id: InviteId) -> Self {
        Self {
            organization_id,
            invite_id,
        }
    }
}

impl Operation for ResendOrganizationInvite {
    type Output = OrganizationInvite;

    const INFO: OperationInfo = OperationInfo::new(
        "resendOrganizationInvite",
        Method::POST,
        "/v1beta/organizations/{organization_id}/invites/{invite_id}/resend",
        Repeat::Repeats,
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
