use factify_types::{OrganizationId, UserId};

use super::MembersResource;
use crate::operations::declare::operation;

operation! {
    /// Removes a member from the organization.
    ///
    /// Needs the permission to manage members: that of an owner or admin. Members can remove themselves. The
    /// owner cannot be removed.
    #[id = "removeOrganizationMember", sdk = "organizations.members.remove"]
    #[idempotent = "a second request finds no member to remove; if somebody added the user again in between, it removes them again"]
    #[DELETE = "/v1beta/organizations/{organization_id}/members/{user_id}"]
    #[response({})]
    #[call(MembersResource::remove)]
    pub struct RemoveOrganizationMember {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The member.
        #[path]
        pub user_id: UserId,
    }
}
