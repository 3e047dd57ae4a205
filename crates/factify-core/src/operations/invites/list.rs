use factify_types::invites::{OrganizationInvite, OrganizationInviteStatus};
use factify_types::{OrganizationId, Timestamp, UserId};

use super::InvitesResource;
use crate::operations::declare::operation;
use crate::wire::InvalidParameter;
use crate::wire::limit::check_order;

operation! {
    /// Lists the organization's invites, one page at a time.
    ///
    /// All filters must match. Needs the permission to invite members.
    #[id = "listOrganizationInvites", sdk = "organizations.invites.list"]
    #[idempotent]
    #[GET = "/v1beta/organizations/{organization_id}/invites"]
    #[response(Page<OrganizationInvite>)]
    #[verify(items.organization_id == organization_id)]
    #[call(InvitesResource::list)]
    #[check = check]
    pub struct ListOrganizationInvites {
        /// The organization that the invites are for.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// Invites with this status.
        pub status: Vec<OrganizationInviteStatus>,
        /// Invites whose address contains this text, case-insensitive. An empty text, and a text
        /// together with `email_exact`, are refused before sending.
        #[wire = "email.contains"]
        pub email_contains: Option<String>,
        /// Invites of exactly this address, case-sensitive. An empty text, and a text together with
        /// `email_contains`, are refused before sending.
        #[wire = "email.exact"]
        pub email_exact: Option<String>,
        /// Invites sent by this user.
        pub sender_id: Option<UserId>,
        /// Invites created at this time or later. It must be before `created_before`.
        #[wire = "created.after"]
        pub created_after: Option<Timestamp>,
        /// Invites created at this time or earlier. It must be after `created_after`.
        #[wire = "created.before"]
        pub created_before: Option<Timestamp>,
        /// The maximum number of invites in a page. The API's default is 50.
        #[limit(value = 1..=100)]
        pub page_size: Option<u32>,
        /// The token of the page to read. Without it, the first page.
        pub page_token: Option<String>,
    }
}

impl ListOrganizationInvites {
    /// Whether an invite matches all filters, and is of the organization. The size of a page and the
    /// page token do not matter.
    pub fn matches(&self, invite: &OrganizationInvite) -> bool {
        let contains = |text: &String| invite.email.to_lowercase().contains(&text.to_lowercase());
        let is_exact = |email: &String| invite.email == *email;
        invite.organization_id == self.organization_id
            && (self.status.is_empty() || self.status.contains(&invite.status))
            && self.email_contains.as_ref().is_none_or(contains)
            && self.email_exact.as_ref().is_none_or(is_exact)
            && self.sender_id.is_none_or(|id| invite.sender.id == id)
            && self
                .created_after
                .is_none_or(|time| invite.created_at >= time)
            && self
                .created_before
                .is_none_or(|time| invite.created_at <= time)
    }
}

fn check(list: &ListOrganizationInvites) -> Result<(), InvalidParameter> {
    if list.email_contains.is_some() && list.email_exact.is_some() {
        let problem = "it cannot be combined with email.exact";
        return Err(InvalidParameter::new("email.contains", problem));
    }
    check_order(
        ("created.after", list.created_after),
        ("created.before", list.created_before),
    )
}
