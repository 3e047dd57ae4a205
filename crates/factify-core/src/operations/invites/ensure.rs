//! Makes sure that nobody can join with an invite, even if responses are lost.

use factify_types::invites::{OrganizationInvite, OrganizationInviteStatus as Status};
use factify_types::{InviteId, OrganizationId, Timestamp};
use serde_json::value::RawValue;

use super::{ListOrganizationInvites, RevokeOrganizationInvite};
use crate::client::EnsureCall;
use crate::labels::labelled;
use crate::operations::ensure::{Ensure, Item, Judgement, fields, text};
use crate::page::MAX_PAGE_SIZE;

labelled! {
    /// The state of an invite after [`InvitesResource::ensure_revoked`](super::InvitesResource::ensure_revoked).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum EnsuredState {
        /// It is revoked. This call did it if each of its attempts got a response. Otherwise it may have been revoked
        /// before, or by somebody else.
        Revoked = "revoked",
        /// It was already revoked, not by this call.
        AlreadyRevoked = "already_revoked",
        /// Somebody **has joined** with it. Check [`accepted_by`](OrganizationInvite::accepted_by), and
        /// remove the member if necessary.
        AlreadyAccepted = "already_accepted",
        /// It has expired and is **not revoked**: nobody can join with it unless it is resent. The API does
        /// not document whether resending makes it pending again.
        Expired = "expired",
    }
}

impl EnsuredState {
    /// The status of the invite.
    pub fn status(self) -> Status {
        match self {
            Self::Revoked | Self::AlreadyRevoked => Status::Revoked,
            Self::AlreadyAccepted => Status::Accepted,
            Self::Expired => Status::Expired,
        }
    }
}

/// The result of [`InvitesResource::ensure_revoked`](super::InvitesResource::ensure_revoked). Check its
/// state: somebody may have joined.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "somebody may have joined with it"]
#[non_exhaustive]
pub struct Ensured {
    /// The state of the invite.
    pub state: EnsuredState,
    /// The invite from the server, or `None` if only its ID and its status could be read.
    pub invite: Option<OrganizationInvite>,
}

impl Ensured {
    /// A result, for your tests.
    pub fn new(state: EnsuredState, invite: Option<OrganizationInvite>) -> Self {
        Self { state, invite }
    }

    /// The invite, if it could be read.
    pub fn into_invite(self) -> Option<OrganizationInvite> {
        self.invite
    }

    /// Whether somebody has joined with it.
    pub fn is_accepted(&self) -> bool {
        self.state == EnsuredState::AlreadyAccepted
    }
}

/// A call of [`InvitesResource::ensure_revoked`](super::InvitesResource::ensure_revoked). Its `send` returns
/// an [`Ensured`].
pub type EnsureRevokedCall<'c, C> = EnsureCall<'c, C, EnsureRevoked>;

/// What [`InvitesResource::ensure_revoked`](super::InvitesResource::ensure_revoked) makes sure of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnsureRevoked {
    organization_id: OrganizationId,
    invite_id: InviteId,
}

/// The fields that are read of an invite in the list.
#[derive(Debug)]
pub struct State {
    /// `None` if it cannot be read.
    status: Option<Status>,
    invite: Option<OrganizationInvite>,
}

impl EnsureRevoked {
    pub(crate) fn new(organization_id: OrganizationId, invite_id: InviteId) -> Self {
        Self {
            organization_id,
            invite_id,
        }
    }
}

impl Ensure for EnsureRevoked {
    const NAME: &'static str = "invites.ensure_revoked";
    const GOAL: &'static str = "nobody can join";
    const RISK: &'static str = "Somebody may still join with it.";

    type Act = RevokeOrganizationInvite;
    type List = ListOrganizationInvites;
    type State = State;
    type Ensured = Ensured;

    fn act(&self) -> RevokeOrganizationInvite {
        RevokeOrganizationInvite::new(self.organization_id, self.invite_id)
    }

    fn acted(&self, invite: OrganizationInvite) -> Option<Ensured> {
        (invite.status == Status::Revoked)
            .then_some(Ensured::new(EnsuredState::Revoked, Some(invite)))
    }

    fn list(&self, created: Option<(Timestamp, Timestamp)>) -> ListOrganizationInvites {
        let mut list = ListOrganizationInvites::new(self.organization_id);
        list.page_size = Some(MAX_PAGE_SIZE);
        (list.created_after, list.created_before) = created.unzip();
        list
    }

    fn created_at(&self) -> Option<Timestamp> {
        self.invite_id.created_at()
    }

    fn read(&self, item: &RawValue) -> Item<State> {
        let names = ["id", "organization_id", "status"];
        let Some([id, organization, status]) = fields(item, names) else {
            return Item::Unreadable;
        };
        if text(organization).is_some_and(|id| id != self.organization_id.as_str()) {
            return Item::Foreign("items.organization_id");
        }
        match text(id) {
            None => Item::Unreadable,
            Some(id) if id != self.invite_id.as_str() => Item::Other,
            Some(_) => Item::Found(State {
                status: text(status).map(|status| status.as_str().into()),
                invite: serde_json::from_str(item.get()).ok(),
            }),
        }
    }

    fn judge(&self, State { status, invite }: State, in_doubt: bool) -> Judgement<Ensured> {
        let state = match status {
            Some(Status::Revoked) if in_doubt => EnsuredState::Revoked,
            Some(Status::Revoked) => EnsuredState::AlreadyRevoked,
            Some(Status::Accepted) => EnsuredState::AlreadyAccepted,
            Some(Status::Expired) => EnsuredState::Expired,
            Some(Status::Pending) => return Judgement::Again("it is still pending"),
            Some(_) => return Judgement::Unclear("its status is unknown"),
            None => return Judgement::Unclear("its status cannot be read"),
        };
        Judgement::Done(Ensured::new(state, invite))
    }
}
