use std::time::Duration;

use factify_types::{
    InviteId, OrganizationId, OrganizationInvite, OrganizationInviteStatus as Status,
};

use super::Ensured;
use crate::error::{Error, ErrorKind, Outcome};
use crate::operations::invites::{ListOrganizationInvites, RevokeOrganizationInvite};
use crate::page::{Page, PageSize, Pager};
use crate::transport::Now;

const OPERATION: &str = "ensure_revoked";

/// How often an invite that is found pending is revoked anew.
const MAX_ROUNDS: u32 = 4;

/// How far the time in an invite's ID may be from when the API says that it was created.
const CLOCK_SKEW: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes sure that nobody joins with an invite: a state machine without I/O.
///
/// It revokes the invite. When the server says that the invite is not pending, or nobody can tell
/// whether an attempt was applied, it looks for the invite in the list, and revokes it again while it
/// is found pending. What it answers is what a server said, never a guess.
#[derive(Debug)]
pub struct EnsureRevoked {
    organization_id: OrganizationId,
    invite_id: InviteId,
    started: Duration,
    deadline: Duration,
    /// Some attempt may have been applied.
    in_doubt: bool,
    rounds: u32,
    search: Search,
    /// Why the truth has to be looked for.
    cause: Option<Error>,
}

/// Where the invite is looked for in the list.
#[derive(Debug)]
struct Search {
    pager: Pager,
    /// Around the time that the invite's ID tells; everywhere after that.
    near: bool,
}

/// What the driver of an [`EnsureRevoked`] has to do next, within the given time.
#[derive(Debug)]
#[must_use]
pub enum EnsureStep {
    /// Send this, then call [`EnsureRevoked::revoked`].
    Revoke(RevokeOrganizationInvite, Duration),
    /// Send this, then call [`EnsureRevoked::listed`].
    List(Box<ListOrganizationInvites>, Duration),
    /// Return this.
    Done(Box<Result<Ensured, Error>>),
}

impl EnsureRevoked {
    /// Prepares a call that must end `deadline` after `now`.
    pub fn new(
        organization_id: OrganizationId,
        invite_id: InviteId,
        deadline: Duration,
        now: Now,
    ) -> Self {
        Self {
            organization_id,
            invite_id,
            started: now.monotonic,
            deadline: now.monotonic.saturating_add(deadline),
            in_doubt: false,
            rounds: 0,
            search: Search {
                pager: Pager::new(None),
                near: true,
            },
            cause: None,
        }
    }

    /// The first step.
    pub fn start(&mut self, now: Now) -> EnsureStep {
        self.revoke(now)
    }

    /// The step after the answer to a revocation.
    pub fn revoked(&mut self, now: Now, result: Result<OrganizationInvite, Error>) -> EnsureStep {
        match result {
            Ok(invite) if invite.id == self.invite_id && invite.status == Status::Revoked => {
                return EnsureStep::Done(Box::new(Ok(Ensured::Revoked(invite))));
            }
            // A success that does not say that the invite is revoked proves nothing.
            Ok(_) => self.in_doubt = true,
            Err(error) if error.outcome() != Outcome::NotApplied => {
                self.in_doubt = true;
                self.cause = Some(error);
            }
            Err(error) if error.is_failed_precondition() => self.cause = Some(error),
            Err(error) => return self.fail(now, error),
        }
        self.search = Search {
            pager: Pager::new(None),
            near: self.created_near().is_some(),
        };
        self.list(now)
    }

    /// The step after a page of the list.
    pub fn listed(
        &mut self,
        now: Now,
        result: Result<Page<OrganizationInvite>, Error>,
    ) -> EnsureStep {
        let page = match result {
            Ok(page) => page,
            Err(error) => return self.unverified(now, "the list could not be read", Some(error)),
        };
        let found = page
            .items
            .into_iter()
            .find(|invite| invite.id == self.invite_id);
        if let Some(invite) = found {
            return self.found(now, invite);
        }
        if let Err(error) = self.search.pager.arrived(&page.pagination) {
            return self.unverified(now, "the list could not be read", Some(error));
        }
        if self.search.pager.is_done() {
            if !self.search.near {
                return self.unverified(now, "it is not in the list", None);
            }
            self.search = Search {
                pager: Pager::new(None),
                near: false,
            };
        }
        self.list(now)
    }

    fn found(&mut self, now: Now, invite: OrganizationInvite) -> EnsureStep {
        let ensured = match invite.status {
            Status::Revoked if self.in_doubt => Ensured::Revoked(invite),
            Status::Revoked => Ensured::AlreadyRevoked(invite),
            Status::Accepted => Ensured::AlreadyAccepted(invite),
            Status::Expired => Ensured::Expired(invite),
            Status::Pending if self.rounds < MAX_ROUNDS => return self.revoke(now),
            Status::Pending => return self.unverified(now, "it is still pending", None),
            _ => return self.unverified(now, "its status is not a known one", None),
        };
        EnsureStep::Done(Box::new(Ok(ensured)))
    }

    fn revoke(&mut self, now: Now) -> EnsureStep {
        let revoke = RevokeOrganizationInvite::new(self.organization_id, self.invite_id);
        match self.left(now) {
            Some(left) => {
                self.rounds += 1;
                EnsureStep::Revoke(revoke, left)
            }
            None => self.too_late(now),
        }
    }

    fn list(&mut self, now: Now) -> EnsureStep {
        let Some(left) = self.left(now) else {
            return self.too_late(now);
        };
        let mut list = ListOrganizationInvites::new(self.organization_id);
        list.page_size = Some(PageSize::MAX);
        list.page_token = self.search.pager.token().map(Into::into);
        if let Some((after, before)) = self.created_near().filter(|_| self.search.near) {
            list.created_after = Some(after);
            list.created_before = Some(before);
        }
        EnsureStep::List(Box::new(list), left)
    }

    fn created_near(&self) -> Option<(factify_types::Timestamp, factify_types::Timestamp)> {
        let created = self.invite_id.created_at()?;
        Some((
            created.checked_sub(CLOCK_SKEW)?,
            created.checked_add(CLOCK_SKEW)?,
        ))
    }

    fn left(&self, now: Now) -> Option<Duration> {
        let left = self.deadline.saturating_sub(now.monotonic);
        (!left.is_zero()).then_some(left)
    }

    fn too_late(&mut self, now: Now) -> EnsureStep {
        let error = Error::new(ErrorKind::Timeout, self.outcome()).with_retryable(true);
        self.fail(now, error)
    }

    fn unverified(&mut self, now: Now, what: &str, source: Option<Error>) -> EnsureStep {
        let error = Error::new(ErrorKind::Unverified, self.outcome())
            .with_detail(format!(
                "it could not be verified that nobody joins: {what}"
            ))
            .with_retryable(true);
        let error = match source.or(self.cause.take()) {
            Some(source) => error.with_source(source),
            None => error,
        };
        self.fail(now, error)
    }

    fn outcome(&self) -> Outcome {
        if self.in_doubt {
            Outcome::Unknown
        } else {
            Outcome::NotApplied
        }
    }

    fn fail(&self, now: Now, error: Error) -> EnsureStep {
        let outcome = match error.outcome() {
            Outcome::NotApplied => self.outcome(),
            other => other,
        };
        let (attempts, elapsed) = (error.attempts(), now.monotonic.saturating_sub(self.started));
        let attempts = attempts.max(self.rounds);
        let error = error.with_operation(OPERATION).with_outcome(outcome);
        EnsureStep::Done(Box::new(Err(error.with_exchange(attempts, elapsed))))
    }
}
