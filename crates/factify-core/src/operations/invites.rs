//! Invites: who may join an organization.

use bytes::Bytes;
use factify_types::{
    EmailAddress, InviteId, OrganizationId, OrganizationInvite, OrganizationInviteStatus,
    Timestamp, UserId,
};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::config::ClientConfig;
use crate::decode::{self, DecodeError};
use crate::encode::{PathBuilder, QueryBuilder};
use crate::operation::{Operation, OperationInfo, Repeat};
use crate::page::{Page, PageSize};

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

    /// Invites an address: [`CreateOrganizationInvite`].
    pub fn create(&self, email: EmailAddress) -> Call<'c, C, CreateOrganizationInvite> {
        self.call(CreateOrganizationInvite::new(self.organization_id, email))
    }

    /// Reads a page of invites: [`ListOrganizationInvites`].
    pub fn list(&self) -> Call<'c, C, ListOrganizationInvites> {
        self.call(ListOrganizationInvites::new(self.organization_id))
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
        Ok(Some(Bytes::from_static(b"{}")))
    }

    fn decode_body(body: &[u8]) -> Result<Self::Output, DecodeError> {
        decode::json::<InviteEnvelope>(body).map(|envelope| envelope.invite)
    }
}

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
}

impl CreateOrganizationInvite {
    /// The longest message, in bytes of UTF-8.
    pub const MAX_MESSAGE_BYTES: usize = 2_000;

    /// Invites this address to this organization.
    pub const fn new(organization_id: OrganizationId, email: EmailAddress) -> Self {
        Self {
            organization_id,
            email,
            message: None,
        }
    }
}

impl<C> Call<'_, C, CreateOrganizationInvite> {
    /// A text for the email, at most 2,000 bytes of UTF-8; a longer one is refused by `send`.
    pub fn message(self, message: impl Into<String>) -> Self {
        self.set(|create| create.message = Some(message.into()))
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
            return Err(format!(
                "message: {bytes} bytes, the limit is {} bytes",
                Self::MAX_MESSAGE_BYTES
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
        }
        let body = Body {
            email: &self.email,
            message: self.message.as_deref(),
        };
        serde_json::to_vec(&body).map(|json| Some(json.into()))
    }

    fn decode_body(body: &[u8]) -> Result<Self::Output, DecodeError> {
        decode::json::<InviteEnvelope>(body).map(|envelope| envelope.invite)
    }
}

/// `GET /v1beta/organizations/{organization_id}/invites`
///
/// Reads one page of the organization's invites. Filters of different kinds must all match. Needs
/// the permission to invite members.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListOrganizationInvites {
    /// The organization that the invites are for.
    pub organization_id: OrganizationId,
    /// Any of these statuses; empty for all.
    pub status: Vec<OrganizationInviteStatus>,
    /// The address contains this, upper and lower case being the same. Not with `email_exact`.
    pub email_contains: Option<String>,
    /// The address is exactly this, upper and lower case being different.
    pub email_exact: Option<String>,
    /// Sent by this user.
    pub sender_id: Option<UserId>,
    /// Created at this time or later.
    pub created_after: Option<Timestamp>,
    /// Created at this time or earlier.
    pub created_before: Option<Timestamp>,
    /// How many invites a page holds at most; the server's default is 50.
    pub page_size: Option<PageSize>,
    /// The token of the page, from the page before it; `None` for the first.
    pub page_token: Option<String>,
}

impl ListOrganizationInvites {
    /// Reads the first page of all invites of this organization.
    pub const fn new(organization_id: OrganizationId) -> Self {
        Self {
            organization_id,
            status: Vec::new(),
            email_contains: None,
            email_exact: None,
            sender_id: None,
            created_after: None,
            created_before: None,
            page_size: None,
            page_token: None,
        }
    }
}

impl<C> Call<'_, C, ListOrganizationInvites> {
    /// Invites of this status; given several times, of any of them.
    pub fn status(self, status: OrganizationInviteStatus) -> Self {
        self.set(|list| list.status.push(status))
    }

    /// Invites whose address contains this text, upper and lower case being the same.
    pub fn email_contains(self, text: impl Into<String>) -> Self {
        self.set(|list| list.email_contains = Some(text.into()))
    }

    /// Invites of exactly this address, upper and lower case being different.
    pub fn email_exact(self, email: impl Into<String>) -> Self {
        self.set(|list| list.email_exact = Some(email.into()))
    }

    /// Invites sent by this user.
    pub fn sender_id(self, sender: UserId) -> Self {
        self.set(|list| list.sender_id = Some(sender))
    }

    /// Invites created at this time or later.
    pub fn created_after(self, time: Timestamp) -> Self {
        self.set(|list| list.created_after = Some(time))
    }

    /// Invites created at this time or earlier.
    pub fn created_before(self, time: Timestamp) -> Self {
        self.set(|list| list.created_before = Some(time))
    }

    /// How many invites a page holds at most.
    pub fn page_size(self, size: PageSize) -> Self {
        self.set(|list| list.page_size = Some(size))
    }

    /// The page that this token stands for.
    pub fn page_token(self, token: impl Into<String>) -> Self {
        self.set(|list| list.page_token = Some(token.into()))
    }
}

impl Operation for ListOrganizationInvites {
    type Output = Page<OrganizationInvite>;

    const INFO: OperationInfo = OperationInfo::new(
        "listOrganizationInvites",
        Method::GET,
        "/v1beta/organizations/{organization_id}/invites",
        Repeat::Converges,
    );

    fn path(&self, path: &mut PathBuilder) {
        path.id(&self.organization_id);
    }

    fn query(&self, query: &mut QueryBuilder) {
        for status in &self.status {
            query.pair("status", status.as_str());
        }
        let texts = [
            ("email.contains", &self.email_contains),
            ("email.exact", &self.email_exact),
            ("page_token", &self.page_token),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                query.pair(name, text);
            }
        }
        if let Some(sender) = &self.sender_id {
            query.pair("sender_id", sender.as_str());
        }
        for (name, time) in [
            ("created.after", self.created_after),
            ("created.before", self.created_before),
        ] {
            if let Some(time) = time {
                query.pair(name, &time.to_string());
            }
        }
        if let Some(size) = self.page_size {
            query.pair("page_size", &size.to_string());
        }
    }

    fn validate(&self) -> Result<(), String> {
        if self.email_contains.is_some() && self.email_exact.is_some() {
            return Err("email.contains and email.exact exclude each other".into());
        }
        match (self.created_after, self.created_before) {
            (Some(after), Some(before)) if after >= before => Err(format!(
                "created.after ({after}) is not before created.before ({before})"
            )),
            _ => Ok(()),
        }
    }

    fn decode_body(body: &[u8]) -> Result<Self::Output, DecodeError> {
        decode::json(body)
    }
}
