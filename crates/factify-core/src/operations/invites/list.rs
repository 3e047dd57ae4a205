use factify_types::{
    OrganizationId, OrganizationInvite, OrganizationInviteStatus, Timestamp, UserId,
};
use http::Method;

use crate::call::Call;
use crate::decode::{self, DecodeError};
use crate::encode::{PathBuilder, QueryBuilder};
use crate::operation::{Operation, OperationInfo, Repeat};
use crate::page::{Page, PageSize, PagedOperation};

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

    /// Invites whose address contains this text, upper and lower case being the same. Neither empty
    /// nor with [`email_exact`](Self::email_exact): then `send` is refused.
    pub fn email_contains(self, text: impl Into<String>) -> Self {
        self.set(|list| list.email_contains = Some(text.into()))
    }

    /// Invites of exactly this address, upper and lower case being different. Neither empty nor with
    /// [`email_contains`](Self::email_contains): then `send` is refused.
    pub fn email_exact(self, email: impl Into<String>) -> Self {
        self.set(|list| list.email_exact = Some(email.into()))
    }

    /// Invites sent by this user.
    pub fn sender_id(self, sender: UserId) -> Self {
        self.set(|list| list.sender_id = Some(sender))
    }

    /// Invites created at this time or later. It must be before
    /// [`created_before`](Self::created_before), or `send` is refused.
    pub fn created_after(self, time: Timestamp) -> Self {
        self.set(|list| list.created_after = Some(time))
    }

    /// Invites created at this time or earlier. It must be after
    /// [`created_after`](Self::created_after), or `send` is refused.
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
        let unknown = |status: &&OrganizationInviteStatus| {
            matches!(status, OrganizationInviteStatus::Unknown(_))
        };
        if let Some(status) = self.status.iter().find(unknown) {
            let known = OrganizationInviteStatus::KNOWN;
            let known: Vec<_> = known.iter().map(OrganizationInviteStatus::as_str).collect();
            return Err(format!(
                "status: {:?} is none of {}",
                status.as_str(),
                known.join(", ")
            ));
        }
        // An empty filter matches everything: most likely a variable that was never filled.
        for (name, text) in [
            ("email.contains", &self.email_contains),
            ("email.exact", &self.email_exact),
            ("page_token", &self.page_token),
        ] {
            if text.as_ref().is_some_and(String::is_empty) {
                return Err(format!("{name}: it is empty; leave it out instead"));
            }
        }
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

impl PagedOperation for ListOrganizationInvites {
    type Item = OrganizationInvite;

    fn page_token(&self) -> Option<&str> {
        self.page_token.as_deref()
    }

    fn set_page_token(&mut self, token: Option<String>) {
        self.page_token = token;
    }
}
