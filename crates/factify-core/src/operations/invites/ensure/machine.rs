use std::time::Duration;

use factify_types::invites::{OrganizationInvite, OrganizationInviteStatus as Status};
use factify_types::{InviteId, OrganizationId, Timestamp};

use super::Ensured;
use crate::client::ApiResponse;
use crate::error::{Error, ErrorKind, Outcome};
use crate::operations::invites::{ListOrganizationInvites, RevokeOrganizationInvite};
use crate::page::{MAX_PAGE_SIZE, Page, Pager};
use crate::transport::Now;

const OPERATION: &str = "ensure_revoked";

/// The maximum number of revocations, including the first one.
const MAX_ROUNDS: u32 = 4;

/// The maximum difference between the time in an invite's ID and its creation time.
const CLOCK_SKEW: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes sure that nobody can join with an invite: a state machine without I/O.
///
/// It revokes the invite. If the server says that the invite is not pending, or if it is unknown
/// whether an attempt was applied, it looks for the invite in the list, and revokes it again while it
/// is pending. It returns only what the server said and never guesses. It reserves a quarter of the
/// time for reading the list.
#[derive(Debug)]
pub struct EnsureRevoked {
    organization_id: OrganizationId,
    invite_id: InviteId,
    started: Duration,
    deadline: Duration,
    /// Whether an attempt may have been applied.
    in_doubt: bool,
    rounds: u32,
    attempts: u32,
    search: Search,
    /// The error because of which the list must be read.
    cause: Option<Error>,
}

/// The search for the invite in the list.
#[derive(Debug)]
struct Search {
    pager: Pager,
    /// The range around the time in the invite's ID, or `None` for the whole list.
    around: Option<(Timestamp, Timestamp)>,
}

impl Search {
    fn new(around: Option<(Timestamp, Timestamp)>) -> Self {
        let pager = Pager::new(None);
        Self { pager, around }
    }
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
            attempts: 0,
            search: Search::new(None),
            cause: None,
        }
    }

    /// The first step.
    pub fn start(&mut self, now: Now) -> EnsureStep {
        self.revoke(now)
    }

    /// The step after the response to a revocation.
    pub fn revoked(
        &mut self,
        now: Now,
        result: Result<ApiResponse<OrganizationInvite>, Error>,
    ) -> EnsureStep {
        self.cause = None;
        match self.counted(result) {
            Ok(invite) if invite.status == Status::Revoked => {
                return EnsureStep::Done(Box::new(Ok(Ensured::Revoked(invite))));
            }
            // A success that does not say that the invite is revoked proves nothing.
            Ok(_) => self.in_doubt = true,
            Err(error) if error.outcome() != Outcome::NotApplied => {
                self.in_doubt = true;
                self.cause = Some(error);
            }
            Err(error) if speaks_of_the_state(&error) => self.cause = Some(error),
            Err(error) => return self.fail(now, error),
        }
        self.search = Search::new(self.created_around());
        self.list(now)
    }

    /// The step after a page of the list.
    pub fn listed(
        &mut self,
        now: Now,
        result: Result<ApiResponse<Page<OrganizationInvite>>, Error>,
    ) -> EnsureStep {
        let page = match self.counted(result) {
            Ok(page) => page,
            // The narrow search is an optimization, which the API may refuse.
            Err(error) if self.search.around.is_some() && speaks_of_the_state(&error) => {
                return self.search_everywhere(now);
            }
            Err(error) => return self.unverified(now, "the list could not be read", Some(error)),
        };
        let mut invites = page.items.into_iter();
        if let Some(invite) = invites.find(|invite| invite.id == self.invite_id) {
            return self.found(now, invite);
        }
        if let Err(error) = self.search.pager.arrived(&page.pagination) {
            return self.unverified(now, "the list could not be read", Some(error));
        }
        match (self.search.pager.is_done(), self.search.around) {
            (false, _) => self.list(now),
            (true, Some(_)) => self.search_everywhere(now),
            (true, None) => self.unverified(now, "it is not in the list", None),
        }
    }

    fn counted<T>(&mut self, result: Result<ApiResponse<T>, Error>) -> Result<T, Error> {
        let attempts = match &result {
            Ok(response) => response.attempts,
            Err(error) => error.attempts(),
        };
        self.attempts = self.attempts.saturating_add(attempts);
        result.map(|response| response.value)
    }

    fn found(&mut self, now: Now, invite: OrganizationInvite) -> EnsureStep {
        let ensured = match invite.status {
            Status::Revoked if self.in_doubt => Ensured::Revoked(invite),
            Status::Revoked => Ensured::AlreadyRevoked(invite),
            Status::Accepted => Ensured::AlreadyAccepted(invite),
            Status::Expired => Ensured::Expired(invite),
            Status::Pending if self.rounds < MAX_ROUNDS => return self.revoke(now),
            Status::Pending => return self.unverified(now, "it is still pending", None),
            _ => return self.unverified(now, "its status is unknown", None),
        };
        EnsureStep::Done(Box::new(Ok(ensured)))
    }

    fn revoke(&mut self, now: Now) -> EnsureStep {
        let revoke = RevokeOrganizationInvite::new(self.organization_id, self.invite_id);
        match self.left(now) {
            Some(left) => {
                self.rounds += 1;
                EnsureStep::Revoke(revoke, left.saturating_sub(left / 4))
            }
            None => self.unverified(now, "it timed out", None),
        }
    }

    fn search_everywhere(&mut self, now: Now) -> EnsureStep {
        self.search = Search::new(None);
        self.list(now)
    }

    fn list(&mut self, now: Now) -> EnsureStep {
        let Some(left) = self.left(now) else {
            return self.unverified(now, "it timed out", None);
        };
        let mut list = ListOrganizationInvites::new(self.organization_id);
        list.page_size = Some(MAX_PAGE_SIZE);
        list.page_token = self.search.pager.token().map(Into::into);
        if let Some((after, before)) = self.search.around {
            list.created_after = Some(after);
            list.created_before = Some(before);
        }
        EnsureStep::List(Box::new(list), left)
    }

    fn created_around(&self) -> Option<(Timestamp, Timestamp)> {
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

    /// The error if it is not certain that nobody can join, with the errors of the list and of the
    /// revocation.
    fn unverified(&mut self, now: Now, what: &str, source: Option<Error>) -> EnsureStep {
        let detail = format!("it could not be verified that nobody can join: {what}");
        let mut error = Error::new(ErrorKind::Unverified, Outcome::NotApplied)
            .with_detail(detail)
            .with_retryable(true);
        let (source, earlier) = match (source, self.cause.take()) {
            (None, cause) => (cause, None),
            both => both,
        };
        if let Some(source) = source {
            if let Some(api) = source.api() {
                error = error.with_api(api.clone());
            }
            let barred = source.is_unauthenticated() || source.is_permission_denied();
            error = error.with_retryable(!barred).with_source(source);
        }
        if let Some(earlier) = earlier {
            error = error.with_earlier(earlier);
        }
        if !error.is_unauthenticated() && !error.is_permission_denied() {
            let advice = if error.is_elsewhere() {
                "Somebody may still join with it: check the base URL and the proxy, then call again."
            } else {
                "Somebody may still join with it: call again."
            };
            error = error.with_advice(advice);
        }
        self.fail(now, error)
    }

    fn fail(&self, now: Now, error: Error) -> EnsureStep {
        let error = if self.in_doubt {
            error.with_outcome(Outcome::Unknown)
        } else {
            error
        };
        let elapsed = now.monotonic.saturating_sub(self.started);
        let error = error.with_operation(OPERATION);
        let error = error.with_exchange(self.attempts, elapsed);
        EnsureStep::Done(Box::new(Err(error)))
    }
}

/// Whether an error response concerns the request, and not the caller, the rate or the time.
fn speaks_of_the_state(error: &Error) -> bool {
    error.kind() == ErrorKind::Api
        && error.outcome() == Outcome::NotApplied
        && !error.is_unauthenticated()
        && !error.is_permission_denied()
        && !error.is_not_found()
        && !error.is_quota_exceeded()
        && !error.is_retryable()
}
