use factify_types::members::OrganizationMember;
use factify_types::organizations::OrganizationRole;
use factify_types::{OrganizationId, UserId};

use super::MembersResource;
use super::add::not_owner;
use crate::operations::declare::operation;
use crate::wire::InvalidParameter;

operation! {
    /// Changes the role of a member.
    ///
    /// Needs the permission to manage members: that of an owner or admin. The API refuses to change the role of
    /// the owner. The role `owner` is refused before anything is sent.
    #[id = "updateOrganizationMember", sdk = "organizations.members.update"]
    #[idempotent]
    #[PATCH = "/v1beta/organizations/{organization_id}/members/{user_id}"]
    #[body(json)]
    #[response({ member: OrganizationMember })]
    #[verify(member.user.id == user_id)]
    #[call(MembersResource::update)]
    #[check = check]
    pub struct UpdateOrganizationMember {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The member.
        #[path]
        pub user_id: UserId,
        /// The new role: admin or member.
        pub role: OrganizationRole,
    }
}

fn check(update: &UpdateOrganizationMember) -> Result<(), InvalidParameter> {
    not_owner(&update.role)
}
