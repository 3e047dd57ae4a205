use bytes::Bytes;
use factify_types::{EmailAddress, OrganizationId, OrganizationInvite};
use http::Method;
use serde::Serialize;

use super::decode_invite;
use crate::call::Call;
use crate::decode::DecodeError;
use crate::encode::PathBuilder;
use crate::operation::{Operation, OperationInfo, Repeat};

/// `POST /v1beta/organizations/{organization_id}/invites`
///
/// Invites an address and sends an email. When the address has a pending invite, that one is sent
/// again, with a new token and a new expiry, and returned. Refused for the address of a member.
///
/// Sending it again repeats the email, so it is sent again only when the first attempt surely was
/// not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreateOrganizationInvite {
    /// The organization to join.
    pub organization_id: OrganizationId,
    /// Whom to invite.
    pub email: EmailAddress,
    /// A text for the email, at most [`MAX_MESSAGE_BYTES`](Self::MAX_MESSAGE_BYTES).
    pub message: Option<String>,
    /// Reserved by the API, which ignores it: inviting is idempotent by address. At most
    /// [`MAX_IDEMPOTENCY_KEY_CHARS`](Self::MAX_IDEMPOTENCY_KEY_CHARS).
    pub idempotency_key: Option<String>,
}

impl CreateOrganizationInvite {
    /// The longest message, in bytes of UTF-8.
    pub const MAX_MESSAGE_BYTES: usize = 2_000;

    /// The longest idempotency key, in characters.
    pub const MAX_IDEMPOTENCY_KEY_CHARS: usize = 255;

    /// Invites this address to this organization.
    pub const fn new(organization_id: OrganizationId, email: EmailAddress) -> Self {
        Self {
            organization_id,
            email,
            message: None,
            idempotency_key: None,
        }
    }
}

impl<C> Call<'_, C, CreateOrganizationInvite> {
    /// A text for the email, at most 2,000 bytes of UTF-8; a longer one is refused by `send`.
    pub fn message(self, message: impl Into<String>) -> Self {
        self.set(|create| create.message = Some(message.into()))
    }

    /// Reserved by the API, which ignores it. At most 255 characters.
    pub fn idempotency_key(self, key: impl Into<String>) -> Self {
        self.set(|create| create.idempotency_key = Some(key.into()))
    }
}

impl Operation for CreateOrganizationInvite {
    type Output = OrganizationInvite;

    const INFO: OperationInfo = OperationInfo::new(
        "createOrganizationInvite",
        Method::POST,
        "/v1beta/organizations/{organization_id}/invites",
        Repeat::Repeats,
    );

    fn path(&self, path: &mut PathBuilder) {
        path.id(&self.organization_id);
    }

    fn validate(&self) -> Result<(), String> {
        let bytes = self.message.as_deref().map_or(0, str::len);
        if bytes > Self::MAX_MESSAGE_BYTES {
            let limit = Self::MAX_MESSAGE_BYTES;
            return Err(format!(
                "message: {bytes} bytes, the limit is {limit} bytes"
            ));
        }
        let key = self.idempotency_key.as_deref().unwrap_or_default();
        let (chars, limit) = (key.chars().count(), Self::MAX_IDEMPOTENCY_KEY_CHARS);
        if chars > limit {
            return Err(format!(
                "idempotency_key: {chars} characters, the limit is {limit}"
            ));
        }
        Ok(())
    }

    fn body(&self) -> Result<Option<Bytes>, serde_json::Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            email: &'a EmailAddress,
            #[serde(skip_serializing_if = "Option::is_none")]
            message: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            idempotency_key: Option<&'a str>,
        }
        let body = Body {
            email: &self.email,
            message: self.message.as_deref(),
            idempotency_key: self.idempotency_key.as_deref(),
        };
        serde_json::to_vec(&body).map(|json| Some(json.into()))
    }

    fn decode_body(body: &[u8]) -> Result<Self::Output, DecodeError> {
        decode_invite(body)
    }
}
