use factify_types::invites::OrganizationInvite;
use factify_types::{InviteId, OrganizationId};

use super::InvitesResource;
use crate::operations::declare::operation;

operation! {
    /// Revokes a pending invite: nobody can join with it any more.
    ///
    /// Needs the permission to manage members: that of an owner or admin. An invite that is not pending
    /// is refused with `failed_precondition`.
    #[id = "revokeOrganizationInvite"]
    #[POST = "/v1beta/organizations/{organization_id}/invites/{invite_id}/revoke"]
    #[idempotent = "an invite that is revoked stays revoked"]
    #[response(invite: OrganizationInvite)]
    #[same(id = invite_id, organization_id = organization_id)]
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
