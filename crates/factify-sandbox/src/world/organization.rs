use factify_core::UserId;
use factify_core::organizations::{Organization, OrganizationRole};

use super::invites::Invites;
use super::store::Store;

/// An organization and what belongs to it.
pub(crate) struct OrganizationState {
    pub(crate) profile: Organization,
    members: Store<UserId, Member>,
    pub(crate) invites: Invites,
}

struct Member {
    id: UserId,
    role: OrganizationRole,
}

impl OrganizationState {
    pub(crate) fn new(profile: Organization) -> Self {
        Self {
            profile,
            members: Store::new(),
            invites: Invites::new(),
        }
    }

    /// The role of a user, or `None` if the user is not a member.
    pub(crate) fn role(&self, user: UserId) -> Option<&OrganizationRole> {
        self.members.get(&user).map(|member| &member.role)
    }

    /// The members, in the order in which they joined.
    pub(crate) fn members(&self) -> impl Iterator<Item = UserId> + Clone {
        self.members.all().iter().map(|member| member.id)
    }

    /// Adds a user, or changes the role of a member.
    pub(crate) fn add_member(&mut self, user: UserId, role: OrganizationRole) {
        match self.members.get_mut(&user) {
            Some(member) => member.role = role,
            None => {
                self.members.push(user, Member { id: user, role });
            }
        }
    }
}
