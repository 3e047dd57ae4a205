use factify_types::invites::OrganizationInvite;
use factify_types::{InviteId, OrganizationId};

use super::InvitesResource;
use crate::operations::declare::operation;

operation! {
    /// Revokes a pending invite: nobody can join with it afterwards.
    ///
    /// Needs the permission to manage members: that of an owner or admin. An invite that is not pending
    /// is refused with `failed_precondition`.
    #[id = "revokeOrganizationInvite", sdk = "organizations.invites.revoke"]
    #[idempotent = "a second request is refused, since the invite is not pending, and changes nothing"]
    #[POST = "/v1beta/organizations/{organization_id}/invites/{invite_id}/revoke"]
    #[body(json)]
    #[response({ invite: OrganizationInvite })]
    #[verify(invite.id == invite_id, invite.organization_id == organization_id)]
    #[call(InvitesResource::revoke)]
    pub struct RevokeOrganizationInvite {
        /// The organization that the invite is for.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The invite to revoke.
        #[path]
        pub invite_id: InviteId,
    }
}
