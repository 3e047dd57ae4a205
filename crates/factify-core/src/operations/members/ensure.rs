//! Makes sure that a user is not a member, even if responses are lost.

use factify_types::organizations::OrganizationRole;
use factify_types::{OrganizationId, Timestamp, UserId};
use serde_json::value::RawValue;

use super::{ListOrganizationMembers, RemoveOrganizationMember};
use crate::client::EnsureCall;
use crate::labels::labelled;
use crate::operations::ensure::{Ensure, Item, Judgement, fields, text};
use crate::page::MAX_PAGE_SIZE;

labelled! {
    /// The result of [`MembersResource::ensure_removed`](super::MembersResource::ensure_removed). The user is not
    /// a member.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum EnsuredState {
        /// This call removed the member. If an attempt of this call got no response, somebody else may have done
        /// it, or the user was not a member.
        Removed = "removed",
        /// The user was not a member before this call.
        NotMember = "not_member",
    }
}

/// The result of [`MembersResource::ensure_removed`](super::MembersResource::ensure_removed): the user is not
/// a member.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ensured {
    /// What the call found.
    pub state: EnsuredState,
}

impl Ensured {
    /// A result, for your tests.
    pub fn new(state: EnsuredState) -> Self {
        Self { state }
    }
}

/// A call of [`MembersResource::ensure_removed`](super::MembersResource::ensure_removed). Its `send` returns
/// an [`Ensured`].
pub type EnsureRemovedCall<'c, C> = EnsureCall<'c, C, EnsureRemoved>;

/// What [`MembersResource::ensure_removed`](super::MembersResource::ensure_removed) makes sure of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnsureRemoved {
    organization_id: OrganizationId,
    user_id: UserId,
}

/// The fields that are read of a member in the list.
#[derive(Debug)]
pub struct State {
    /// `None` if it cannot be read.
    role: Option<OrganizationRole>,
}

impl EnsureRemoved {
    pub(crate) fn new(organization_id: OrganizationId, user_id: UserId) -> Self {
        Self {
            organization_id,
            user_id,
        }
    }
}

impl Ensure for EnsureRemoved {
    const NAME: &'static str = "members.ensure_removed";
    const GOAL: &'static str = "the user is not a member";
    const RISK: &'static str = "The user may still be a member.";
    const REFUSED: &'static str = "The user is the owner, whom the API does not remove.";
    const NOT_FOUND_IS_A_STATE: bool = true;

    type Act = RemoveOrganizationMember;
    type List = ListOrganizationMembers;
    type State = State;
    type Ensured = Ensured;

    fn act(&self) -> RemoveOrganizationMember {
        RemoveOrganizationMember::new(self.organization_id, self.user_id)
    }

    fn acted(&self, (): ()) -> Option<Ensured> {
        Some(Ensured::new(EnsuredState::Removed))
    }

    fn list(&self, _: Option<(Timestamp, Timestamp)>) -> ListOrganizationMembers {
        let mut list = ListOrganizationMembers::new(self.organization_id);
        list.page_size = Some(MAX_PAGE_SIZE);
        list
    }

    fn read(&self, item: &RawValue) -> Item<State> {
        let Some([user, role]) = fields(item, ["user", "role"]) else {
            return Item::Unreadable;
        };
        let id = user.and_then(|user| fields(user, ["id"]));
        match id.and_then(|[id]| text(id)) {
            None => Item::Unreadable,
            Some(id) if id != self.user_id.as_str() => Item::Other,
            Some(_) => Item::Found(State {
                role: text(role).map(|role| role.as_str().into()),
            }),
        }
    }

    fn judge(&self, state: State, _: bool) -> Judgement<Ensured> {
        match state.role {
            Some(OrganizationRole::Owner) => {
                Judgement::Refused(None, "the owner cannot be removed")
            }
            _ => Judgement::Again("the user is still a member"),
        }
    }

    fn absent(&self, in_doubt: bool) -> Option<Ensured> {
        Some(Ensured::new(if in_doubt {
            EnsuredState::Removed
        } else {
            EnsuredState::NotMember
        }))
    }
}
