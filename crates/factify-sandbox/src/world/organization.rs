use factify_core::organizations::{Organization, OrganizationRole};
use factify_core::usage::QuotaTier;
use factify_core::{Timestamp, UserId};

use super::invites::Invites;
use super::store::Store;
use super::usage::Tally;

/// The requests that an organization of the free plan may send in a period.
const FREE: i32 = 10_000_000;

/// An organization and what belongs to it.
pub(crate) struct OrganizationState {
    pub(crate) profile: Organization,
    /// All members that there ever were. A user who joins again is a new member.
    members: Store<UserId, Member>,
    pub(crate) invites: Invites,
    pub(crate) tally: Tally,
    /// The organization's own quota. Without it, that of the free plan applies.
    pub(crate) quota: Option<i32>,
    /// The maximum number of documents; 0 if there is none.
    pub(crate) document_limit: i32,
}

/// A user in an organization.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) id: UserId,
    pub(crate) role: OrganizationRole,
    pub(crate) joined_at: Timestamp,
    pub(crate) is_removed: bool,
}

impl OrganizationState {
    pub(crate) fn new(profile: Organization) -> Self {
        Self {
            profile,
            members: Store::new(),
            invites: Invites::new(),
            tally: Tally::default(),
            quota: None,
            document_limit: 0,
        }
    }

    /// The role of a user, or `None` if the user is not a member.
    pub(crate) fn role(&self, user: UserId) -> Option<&OrganizationRole> {
        self.member(user).map(|member| &member.role)
    }

    pub(crate) fn member(&self, user: UserId) -> Option<&Member> {
        self.members.get(&user).filter(|member| !member.is_removed)
    }

    /// The members that there ever were, in the order in which they joined.
    pub(crate) fn all_members(&self) -> &[Member] {
        self.members.all()
    }

    pub(super) fn current_members(&self) -> impl Iterator<Item = &Member> + Clone {
        let members = self.members.all().iter();
        members.filter(|member| !member.is_removed)
    }

    /// The members, in the order in which they joined.
    pub(crate) fn members(&self) -> impl Iterator<Item = UserId> + Clone {
        self.current_members().map(|member| member.id)
    }

    /// Adds a user, or changes the role of a member.
    pub(crate) fn add_member(&mut self, user: UserId, role: OrganizationRole, now: Timestamp) {
        let found = self.members.get_mut(&user);
        if let Some(member) = found.filter(|member| !member.is_removed) {
            member.role = role;
        } else {
            let member = Member {
                id: user,
                role,
                joined_at: now,
                is_removed: false,
            };
            self.members.push(user, member);
        }
    }

    pub(crate) fn remove_member(&mut self, user: UserId) {
        if let Some(member) = self.members.get_mut(&user) {
            member.is_removed = true;
        }
    }

    pub(crate) fn tier(&self) -> QuotaTier {
        self.quota.map_or(QuotaTier::Free, |_| QuotaTier::Custom)
    }

    pub(crate) fn limit(&self) -> i32 {
        self.quota.unwrap_or(FREE)
    }
}
