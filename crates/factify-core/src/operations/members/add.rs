use factify_types::members::OrganizationMember;
use factify_types::organizations::OrganizationRole;
use factify_types::{OrganizationId, UserId};

use super::MembersResource;
use crate::operations::declare::operation;
use crate::wire::InvalidParameter;

operation! {
    /// Adds a user to the organization, without an invite and without an email.
    ///
    /// Needs the permission to manage members: that of an owner or admin. The role `owner` is refused before
    /// anything is sent.
    #[id = "addOrganizationMember", sdk = "organizations.members.add"]
    #[not_idempotent = "a second request could add a member again who was removed in between"]
    #[POST = "/v1beta/organizations/{organization_id}/members"]
    #[body(json)]
    #[response({ member: OrganizationMember })]
    #[verify(member.user.id == user_id)]
    #[call(MembersResource::add)]
    #[check = check]
    pub struct AddOrganizationMember {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The user to add.
        pub user_id: UserId,
        /// The role of the new member: admin or member.
        pub role: OrganizationRole,
    }
}

fn check(add: &AddOrganizationMember) -> Result<(), InvalidParameter> {
    not_owner(&add.role)
}

/// The API does not transfer the ownership.
pub(super) fn not_owner(role: &OrganizationRole) -> Result<(), InvalidParameter> {
    if *role == OrganizationRole::Owner {
        let problem = "it must be admin or member: the API does not transfer the ownership";
        return Err(InvalidParameter::new("role", problem));
    }
    Ok(())
}
