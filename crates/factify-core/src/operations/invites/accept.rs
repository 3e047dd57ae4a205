use bytes::Bytes;
use factify_types::{Organization, OrganizationId};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::decode::{self, DecodeError};
use crate::encode::PathBuilder;
use crate::operation::{Operation, OperationInfo, Repeat};
use crate::token::InvitationToken;

/// `POST /v1beta/organizations/{organization_id}/invites/accept`
///
/// Joins the organization with the token of an invitation's email. The caller must be a user whose
/// verified address is the invited one, upper and lower case being the same.
///
/// A second attempt would find the token used, so it is sent again only when the first surely was
/// not applied.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AcceptOrganizationInvite {
    /// The organization to join.
    pub organization_id: OrganizationId,
    /// The secret from the email.
    pub token: InvitationToken,
}

impl AcceptOrganizationInvite {
    /// Joins this organization with this token.
    pub const fn new(organization_id: OrganizationId, token: InvitationToken) -> Self {
        Self {
            organization_id,
            token,
        }
    }
}

impl Operation for AcceptOrganizationInvite {
    type Output = Organization;

    const INFO: OperationInfo = OperationInfo::new(
        "acceptOrganizationInvite",
        Method::POST,
        "/v1beta/organizations/{organization_id}/invites/accept",
        Repeat::Repeats,
    );

    fn path(&self, path: &mut PathBuilder) {
        path.id(&self.organization_id);
    }

    fn body(&self) -> Result<Option<Bytes>, serde_json::Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            token: &'a str,
        }
        let token = self.token.expose();
        serde_json::to_vec(&Body { token }).map(|json| Some(json.into()))
    }

    fn secret(&self) -> Option<&str> {
        Some(self.token.expose())
    }

    fn decode_body(body: &[u8]) -> Result<Self::Output, DecodeError> {
        #[derive(Deserialize)]
        struct Envelope {
            organization: Organization,
        }
        decode::json::<Envelope>(body).map(|envelope| envelope.organization)
    }
}
