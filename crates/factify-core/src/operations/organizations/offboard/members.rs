//! The membership: it ends first, and is read once more at the end.

use std::collections::VecDeque;

use factify_types::OrganizationId;
use factify_types::members::OrganizationMember;

use super::machine::{Current, Offboard, Step};
use super::{OffboardState, OffboardSubject};
use crate::error::{Error, ErrorKind, Outcome};
use crate::members::{EnsureRemoved, EnsuredState, ListOrganizationMembers};
use crate::operation::Operation;
use crate::operations::ensure::{self, MemberSearch, Membership, UnreadPage};
use crate::page::Page;
use crate::sharing::AccessWay;
use crate::transport::Now;

impl Offboard {
    pub(super) fn list_members(
        &mut self,
        now: Now,
        what: fn(MemberSearch) -> Current,
        search: MemberSearch,
    ) -> Step {
        let list = search.request();
        self.current = what(search);
        Step::ListMembers(list, self.time(now))
    }

    pub(crate) fn members_listed(
        &mut self,
        now: Now,
        result: Result<Page<OrganizationMember>, Error>,
    ) -> Step {
        let (what, mut search): (fn(MemberSearch) -> Current, _) = match self.current() {
            Current::NewOwner(search) => (Current::NewOwner, search),
            Current::Member(search) => (Current::Member, search),
            Current::Access(document, mut machine) => {
                let step = machine.read_members(now, result);
                return self.access(now, document, machine, step);
            }
            _ => return self.next(now),
        };
        let id = search.organization_id();
        let found = match result.and_then(|page| search.arrived(&page)) {
            Ok(None) => return self.list_members(now, what, search),
            Ok(Some(found)) => Ok(found),
            Err(error) => Err(error),
        };
        let email = search.email().map(str::to_owned);
        if self.last_checks.is_some() {
            return self.checked(now, id, found);
        }
        if matches!(what(search), Current::NewOwner(_)) {
            return match (found, self.new_owner_id) {
                (Ok(Membership::NotMember), Some(new_owner)) => {
                    refused(format!("{new_owner} is not a member of the organization"))
                }
                (Ok(_), _) => self.find_person(now),
                (Err(error), _) => Step::Done(Box::new(Err(error))),
            };
        }
        match found {
            Ok(Membership::Owner) => {
                let owner = self.user_id;
                return refused(format!(
                    "{owner} owns the organization and cannot be removed"
                ));
            }
            Ok(Membership::Member) => self.report.was_member = true,
            Ok(Membership::NotMember) => {}
            Ok(Membership::Unclear) => self.report.unread.push(unclear()),
            Err(error) => return Step::Done(Box::new(Err(error))),
        }
        if let (Some(expected), Some(email)) = (&self.email, email) {
            if !expected.is_same_as(&email) {
                let person = self.user_id;
                return refused(format!("{person} has another email address: {email:?}"));
            }
        }
        if !self.is_dry_run {
            return self.remove_member(now);
        }
        if self.report.was_member {
            self.add(OffboardSubject::Membership, OffboardState::Planned);
        }
        // The plan is that the membership ends.
        self.memberships.push((id, Membership::NotMember));
        self.begin_invites(now)
    }

    fn remove_member(&mut self, now: Now) -> Step {
        self.in_doubt = true;
        let ensure = EnsureRemoved::new(self.organization_id, self.user_id);
        let mut machine = Box::new(ensure::Machine::new(ensure, self.time(now), now));
        let step = machine.start(now);
        self.membership(now, machine, step)
    }

    fn membership(
        &mut self,
        now: Now,
        machine: Box<ensure::Machine<EnsureRemoved>>,
        step: ensure::Step<EnsureRemoved>,
    ) -> Step {
        let result = match step {
            ensure::Step::Act(act, left) => {
                self.current = Current::Membership(machine);
                return Step::RemoveMember(act, left);
            }
            ensure::Step::List(list, left) => {
                self.current = Current::Membership(machine);
                return Step::UnreadMembers(*list, left);
            }
            ensure::Step::Done(result) => result,
        };
        let is_first = self.last_checks.is_none();
        if is_first && result.is_ok() {
            let id = self.organization_id;
            self.memberships.push((id, Membership::NotMember));
        }
        let state = match result {
            Ok(_) if !is_first => OffboardState::CameBack,
            Ok(ensured) if ensured.state == EnsuredState::NotMember => {
                return self.begin_invites(now);
            }
            Ok(_) => OffboardState::Done,
            // The caller may not remove the person, or nobody can, or the organization does not exist.
            Err(error)
                if is_first
                    && error.outcome() == Outcome::NotApplied
                    && error.kind() == ErrorKind::Api
                    && !error.is_retryable() =>
            {
                return Step::Done(Box::new(Err(error)));
            }
            Err(error) => OffboardState::Failed(error),
        };
        match self.membership {
            Some(item) => self.set(item, state),
            None => self.membership = Some(self.add(OffboardSubject::Membership, state)),
        }
        if is_first {
            self.begin_invites(now)
        } else {
            self.next(now)
        }
    }

    pub(crate) fn member_removed(&mut self, now: Now, result: Result<(), Error>) -> Step {
        match self.current() {
            Current::Membership(mut machine) => {
                let step = machine.acted(now, result);
                self.membership(now, machine, step)
            }
            _ => self.next(now),
        }
    }

    pub(crate) fn members_read(&mut self, now: Now, result: Result<UnreadPage, Error>) -> Step {
        match self.current() {
            Current::Membership(mut machine) => {
                let step = machine.listed(now, result);
                self.membership(now, machine, step)
            }
            _ => self.next(now),
        }
    }

    /// The next organization whose members are read once more: the person may have joined while the call ran.
    pub(super) fn next_check(&mut self) -> Option<OrganizationId> {
        if self.last_checks.is_none() {
            let mut checks = VecDeque::new();
            if !self.is_dry_run {
                let is_no_member = (self.organization_id, Membership::NotMember);
                checks.extend(
                    self.memberships
                        .contains(&is_no_member)
                        .then_some(self.organization_id),
                );
                for (id, ..) in &self.closed {
                    if !checks.contains(id) {
                        checks.push_back(*id);
                    }
                }
            }
            self.last_checks = Some(checks);
        }
        self.last_checks.as_mut()?.pop_front()
    }

    fn checked(&mut self, now: Now, id: OrganizationId, found: Result<Membership, Error>) -> Step {
        let is_own = id == self.organization_id;
        match found {
            Ok(Membership::NotMember) => {}
            Ok(Membership::Member | Membership::Owner) if is_own => return self.remove_member(now),
            Ok(Membership::Unclear) if is_own => self.report.unread.push(unclear()),
            Ok(membership) => {
                let way = match membership {
                    Membership::Unclear => AccessWay::MaybeMember(id),
                    _ => AccessWay::Member(id),
                };
                for (other, document, title) in std::mem::take(&mut self.closed) {
                    if other == id {
                        let subject = OffboardSubject::SharedDocument {
                            id: document,
                            title,
                        };
                        self.add(subject, OffboardState::StillHasAccess(vec![way.clone()]));
                    } else {
                        self.closed.push((other, document, title));
                    }
                }
            }
            Err(error) => self.report.unread.push(error),
        }
        self.next(now)
    }
}

fn refused(detail: String) -> Step {
    Step::Done(Box::new(Err(Error::invalid(detail))))
}

fn unclear() -> Error {
    let detail = "a member of the organization cannot be read, and may be the person";
    Error::new(ErrorKind::Unverified, Outcome::NotApplied)
        .with_detail(detail)
        .with_operation(ListOrganizationMembers::INFO.id)
}
