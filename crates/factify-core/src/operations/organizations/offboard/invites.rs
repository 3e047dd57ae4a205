//! The pending invites that the person sent, and those that were sent to the person.

use factify_types::InviteId;
use factify_types::invites::{OrganizationInvite, OrganizationInviteStatus};

use super::machine::{Current, Offboard, Step};
use super::{OffboardState, OffboardSubject};
use crate::error::Error;
use crate::invites::{EnsureRevoked, ListOrganizationInvites};
use crate::operations::ensure::{self, UnreadPage};
use crate::page::{MAX_PAGE_SIZE, Page, WholeList};
use crate::transport::Now;

impl Offboard {
    pub(super) fn begin_invites(&mut self, now: Now) -> Step {
        self.list = WholeList::new();
        self.list_invites(now)
    }

    fn list_invites(&mut self, now: Now) -> Step {
        let mut list = ListOrganizationInvites::new(self.organization_id);
        list.status = vec![OrganizationInviteStatus::Pending];
        match &self.email {
            // The API ignores the case here, but also finds longer addresses.
            Some(email) if self.lists_received => list.email_contains = Some(email.as_str().into()),
            _ => list.sender_id = Some(self.user_id),
        }
        list.page_size = Some(MAX_PAGE_SIZE);
        list.page_token = self.list.token();
        Step::ListInvites(list, self.time(now))
    }

    pub(crate) fn invites_listed(
        &mut self,
        now: Now,
        result: Result<Page<OrganizationInvite>, Error>,
    ) -> Step {
        let arrived = result.and_then(|page| {
            let pagination = page.pagination.clone();
            for invite in page {
                match &invite {
                    Ok(invite) => self.list.saw(invite.id),
                    Err(error) => self.list.saw(error.json()),
                }
                match invite {
                    Ok(invite) if self.concerns(&invite) => {
                        if self.known_invites.insert(invite.id) {
                            let (id, email) = (invite.id, invite.email);
                            let subject = OffboardSubject::Invite { id, email };
                            let item = self.add(subject, OffboardState::Planned);
                            self.invites.push_back((item, id));
                        }
                    }
                    Ok(_) => {}
                    Err(error) => self.unreadable.push(error.into()),
                }
            }
            self.list.arrived(&pagination)
        });
        if self.has_next_page(arrived) {
            return self.list_invites(now);
        }
        if self.email.is_some() && !self.lists_received {
            self.lists_received = true;
            return self.begin_invites(now);
        }
        self.begin_documents(now)
    }

    /// Whether the invite belongs to the list, also if the server did not filter it.
    fn concerns(&self, invite: &OrganizationInvite) -> bool {
        invite.status == OrganizationInviteStatus::Pending
            && match &self.email {
                Some(email) if self.lists_received => email.is_same_as(&invite.email),
                _ => invite.sender.id.as_str() == self.user_id.as_str(),
            }
    }

    pub(super) fn revoke_invite(&mut self, now: Now, item: usize, id: InviteId) -> Step {
        let ensure = EnsureRevoked::new(self.organization_id, id);
        let mut machine = Box::new(ensure::Machine::new(ensure, self.time(now), now));
        let step = machine.start(now);
        self.invite(now, item, machine, step)
    }

    fn invite(
        &mut self,
        now: Now,
        item: usize,
        machine: Box<ensure::Machine<EnsureRevoked>>,
        step: ensure::Step<EnsureRevoked>,
    ) -> Step {
        let state = match step {
            ensure::Step::Act(act, left) => {
                self.current = Current::Invite(item, machine);
                return Step::RevokeInvite(act, left);
            }
            ensure::Step::List(list, left) => {
                self.current = Current::Invite(item, machine);
                return Step::UnreadInvites(*list, left);
            }
            ensure::Step::Done(Ok(ensured)) if ensured.is_accepted() => OffboardState::Accepted,
            ensure::Step::Done(Ok(_)) => OffboardState::Done,
            ensure::Step::Done(Err(error)) => OffboardState::Failed(error),
        };
        self.set(item, state);
        self.next(now)
    }

    pub(crate) fn invite_revoked(
        &mut self,
        now: Now,
        result: Result<OrganizationInvite, Error>,
    ) -> Step {
        match self.current() {
            Current::Invite(item, mut machine) => {
                let step = machine.acted(now, result);
                self.invite(now, item, machine, step)
            }
            _ => self.next(now),
        }
    }

    pub(crate) fn invites_read(&mut self, now: Now, result: Result<UnreadPage, Error>) -> Step {
        match self.current() {
            Current::Invite(item, mut machine) => {
                let step = machine.listed(now, result);
                self.invite(now, item, machine, step)
            }
            _ => self.next(now),
        }
    }
}
