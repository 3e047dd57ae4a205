//! Offboards a person from an organization: a state machine without I/O.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use factify_types::{DocumentId, EmailAddress, InviteId, OrganizationId, UserId};

use super::documents::Found;
use super::{OffboardItem, OffboardReport, OffboardState, OffboardSubject};
use crate::client::Machine;
use crate::documents::{GetDocument, ListDocuments, TransferDocumentOwnership};
use crate::error::Error;
use crate::invites::{EnsureRevoked, ListOrganizationInvites, RevokeOrganizationInvite};
use crate::members::{EnsureRemoved, ListOrganizationMembers, RemoveOrganizationMember};
use crate::operations::ensure::{self, MemberSearch, Membership, Unread, Unverified};
use crate::operations::sharing::no_access::NoAccess;
use crate::page::{Walked, WholeList};
use crate::policies::ListDocumentPolicies;
use crate::sharing::{ListDocumentAccess, RevokeDocumentAccess};
use crate::transport::Now;

/// The time limit for one item.
const ITEM: Duration = Duration::from_secs(2 * 60);

/// The time limit of the call, if the caller sets none.
pub(crate) const DEADLINE: Duration = Duration::from_secs(24 * 60 * 60);

/// First it reads who is a member, and ends the membership. Then it reads the lists, and works on one thing after the
/// other. At the end it reads whether the person is a member again.
#[derive(Debug)]
pub(crate) struct Offboard {
    pub(super) organization_id: OrganizationId,
    pub(super) user_id: UserId,
    pub(crate) new_owner_id: Option<UserId>,
    /// The address of the person.
    pub(crate) email: Option<EmailAddress>,
    pub(crate) is_dry_run: bool,
    deadline: Duration,
    pub(super) report: OffboardReport,
    /// The position of the membership in the report.
    pub(super) membership: Option<usize>,
    /// The list that is read, and its items that cannot be read.
    pub(super) list: WholeList,
    pub(super) unreadable: Vec<Error>,
    /// Whether the list of invites is that of the address, rather than of the sender.
    pub(super) lists_received: bool,
    pub(super) known_invites: HashSet<InviteId>,
    /// The positions of the invites in the report that are not revoked yet.
    pub(super) invites: VecDeque<(usize, InviteId)>,
    pub(super) known_documents: HashSet<DocumentId>,
    /// The documents that are not looked at yet.
    pub(super) documents: VecDeque<Found>,
    /// In which organizations the person is a member.
    pub(super) memberships: Vec<(OrganizationId, Membership)>,
    /// The documents of which it matters that the person is not a member of this organization.
    pub(super) closed: Vec<(OrganizationId, DocumentId, String)>,
    /// The organizations whose members are read once more at the end. `None` before the end.
    pub(super) last_checks: Option<VecDeque<OrganizationId>>,
    pub(super) current: Current,
    pub(super) in_doubt: bool,
}

/// What a response is about.
#[derive(Debug)]
pub(super) enum Current {
    Nothing,
    /// Whether the new owner of the documents is a member.
    NewOwner(MemberSearch),
    /// Whether the person is a member, at the beginning and at the end.
    Member(MemberSearch),
    Membership(Box<ensure::Machine<EnsureRemoved>>),
    Invite(usize, Box<ensure::Machine<EnsureRevoked>>),
    Access(Found, Box<NoAccess>),
    Transfer(Found),
}

/// The next step for the driver of an [`Offboard`].
#[derive(Debug)]
#[must_use]
#[allow(clippy::large_enum_variant)] // It lives for one request.
pub(crate) enum Step {
    ListMembers(ListOrganizationMembers, Duration),
    RemoveMember(RemoveOrganizationMember, Duration),
    UnreadMembers(Unread<ListOrganizationMembers>, Duration),
    ListInvites(ListOrganizationInvites, Duration),
    RevokeInvite(RevokeOrganizationInvite, Duration),
    UnreadInvites(Unread<ListOrganizationInvites>, Duration),
    ListDocuments(ListDocuments, Duration),
    GetDocument(GetDocument, Duration),
    ListAccess(ListDocumentAccess, Duration),
    ListPolicies(ListDocumentPolicies, Duration),
    Revoke(RevokeDocumentAccess, Duration),
    Transfer(TransferDocumentOwnership, Duration),
    #[allow(dead_code)] // It never waits.
    Sleep(Duration),
    Done(Box<Result<OffboardReport, Error>>),
}

impl Machine for Offboard {
    const NAME: &'static str = "organizations.offboard";

    fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }
}

impl Offboard {
    pub(crate) fn new(organization_id: OrganizationId, user_id: UserId) -> Self {
        Self {
            organization_id,
            user_id,
            new_owner_id: None,
            email: None,
            is_dry_run: false,
            deadline: Duration::ZERO,
            report: OffboardReport::new(),
            membership: None,
            list: WholeList::new(),
            unreadable: Vec::new(),
            lists_received: false,
            known_invites: HashSet::new(),
            invites: VecDeque::new(),
            known_documents: HashSet::new(),
            documents: VecDeque::new(),
            memberships: Vec::new(),
            closed: Vec::new(),
            last_checks: None,
            current: Current::Nothing,
            in_doubt: false,
        }
    }

    pub(crate) fn start(&mut self, now: Now, deadline: Duration) -> Step {
        self.deadline = now.monotonic.saturating_add(deadline);
        match self.new_owner_id {
            Some(id) if id == self.user_id => {
                let error = Error::invalid("the new owner of the documents must be somebody else");
                Step::Done(Box::new(Err(error)))
            }
            Some(id) => {
                let search = MemberSearch::new(self.organization_id, id);
                self.list_members(now, Current::NewOwner, search)
            }
            None => self.find_person(now),
        }
    }

    pub(super) fn find_person(&mut self, now: Now) -> Step {
        let search = MemberSearch::new(self.organization_id, self.user_id);
        self.list_members(now, Current::Member, search)
    }

    pub(crate) fn woke(&mut self, now: Now) -> Step {
        self.next(now)
    }

    /// The time for an item or a page.
    pub(super) fn time(&self, now: Now) -> Duration {
        self.deadline.saturating_sub(now.monotonic).min(ITEM)
    }

    pub(super) fn current(&mut self) -> Current {
        std::mem::replace(&mut self.current, Current::Nothing)
    }

    pub(super) fn add(&mut self, subject: OffboardSubject, state: OffboardState) -> usize {
        let state = named(state);
        self.report.items.push(OffboardItem { subject, state });
        self.report.items.len() - 1
    }

    pub(super) fn set(&mut self, item: usize, state: OffboardState) {
        if let Some(item) = self.report.items.get_mut(item) {
            item.state = named(state);
        }
    }

    /// Whether the list has another page to read. If not, what could not be read goes into the report.
    pub(super) fn has_next_page(&mut self, arrived: Result<Walked, Error>) -> bool {
        match arrived {
            Ok(Walked::NextPage) => return true,
            Ok(Walked::Again) => {
                self.unreadable.clear();
                return true;
            }
            Ok(Walked::Done) => {}
            Err(error) => self.report.unread.push(error),
        }
        self.report.unread.append(&mut self.unreadable);
        false
    }

    /// The step for the next item.
    pub(super) fn next(&mut self, now: Now) -> Step {
        self.current = Current::Nothing;
        if self.deadline <= now.monotonic {
            self.report.unread.push(Unverified::timed_out());
            return self.end();
        }
        if !self.is_dry_run {
            if let Some((item, id)) = self.invites.pop_front() {
                return self.revoke_invite(now, item, id);
            }
        }
        if let Some(document) = self.documents.pop_front() {
            return self.look_at(now, document);
        }
        match self.next_check() {
            Some(id) => {
                let search = MemberSearch::new(id, self.user_id);
                self.list_members(now, Current::Member, search)
            }
            None => self.end(),
        }
    }

    fn end(&mut self) -> Step {
        let report = std::mem::replace(&mut self.report, OffboardReport::new());
        Step::Done(Box::new(Ok(report)))
    }
}

/// Names the call in an error that is not about one of its requests.
fn named(state: OffboardState) -> OffboardState {
    match state {
        OffboardState::Failed(error) if error.operation().is_empty() => {
            OffboardState::Failed(error.with_operation(Offboard::NAME))
        }
        state => state,
    }
}
