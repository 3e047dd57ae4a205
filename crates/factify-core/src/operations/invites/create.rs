use factify_types::invites::OrganizationInvite;
use factify_types::{EmailAddress, OrganizationId};

use super::InvitesResource;
use crate::operations::declare::operation;

operation! {
    /// Invites an address and sends an email.
    ///
    /// If the address has a pending invite, that invite is sent again with a new token and a new
    /// expiry, and returned. The address of a member is refused with `failed_precondition`.
    #[id = "createOrganizationInvite", sdk = "organizations.invites.create"]
    #[not_idempotent = "it sends another email"]
    #[POST = "/v1beta/organizations/{organization_id}/invites"]
    #[body(json)]
    #[response({ invite: OrganizationInvite })]
    #[verify(invite.organization_id == organization_id, invite.email == email)]
    #[call(InvitesResource::create)]
    pub struct CreateOrganizationInvite {
        /// The organization to join.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The address to invite.
        pub email: EmailAddress,
        /// A message for the email.
        #[limit(bytes = 0..=2_000)]
        pub message: Option<String>,
        /// Reserved: the API ignores it, because an address has at most one pending invite.
        #[limit(characters = 0..=255)]
        pub idempotency_key: Option<String>,
    }
}
