//! Makes sure that somebody has no access to a document: a state machine without I/O.

use std::time::Duration;

use factify_types::documents::Document;
use factify_types::members::OrganizationMember;
use factify_types::policies::{DocumentPolicy, Policy};
use factify_types::sharing::{
    AccessChange, DocumentAccess, DocumentRole, GeneralAccessLevel, Recipient,
};
use factify_types::{DocumentId, EmailAddress, IdRef, OrganizationId, PrincipalId, RecipientId};

use super::{AccessWay, Ensured, EnsuredState, ListDocumentAccess, RevokeDocumentAccess};
use crate::client::Machine;
use crate::error::{Error, ErrorKind, Outcome};
use crate::members::ListOrganizationMembers;
use crate::operation::Operation;
use crate::operations::documents::GetDocument;
use crate::operations::ensure::{
    MAX_ROUNDS, MemberSearch, Membership, Unverified, speaks_of_the_state,
};
use crate::page::{MAX_PAGE_SIZE, Page, Pager};
use crate::policies::ListDocumentPolicies;
use crate::transport::Now;
use crate::wire::DecodeError;

const UNVERIFIED: Unverified = Unverified {
    goal: "there is no access to the document",
    risk: "There may still be access to the document.",
};

/// It reads the list of recipients, revokes the access that it finds, and reads the list again, since a success says
/// nothing about other ways. If an organization has access, it reads its members. At the end it reads the policies.
#[derive(Debug)]
pub(crate) struct NoAccess {
    document_id: DocumentId,
    principal_id: PrincipalId,
    deadline: Duration,
    rounds: u32,
    /// Whether a request of this call revoked the access.
    taken: Outcome,
    /// The error of the last revocation.
    cause: Option<Error>,
    /// The organization of the document, if it is known.
    of_document: Option<OrganizationId>,
    /// The email address of the user, if it is known.
    email: Option<EmailAddress>,
    /// Whether it changes nothing.
    only_looks: bool,
    /// Whether it ends if the user owns the document.
    ends_at_owner: bool,
    /// Whether the list showed a role of the user, except that of the owner.
    had_share: bool,
    still_by: Vec<AccessWay>,
    /// The organizations whose members have access, and are not read yet.
    organizations: Vec<OrganizationId>,
    /// The search that is under way.
    search: Option<MemberSearch>,
    /// What the searches found.
    memberships: Vec<(OrganizationId, Membership)>,
    /// The organizations that have access, and that the user is not a member of.
    closed: Vec<OrganizationId>,
    /// The policies that are read. `None` if they are not to be read, or cannot be.
    policies: Option<Vec<Policy>>,
    policy_pages: Pager,
}

/// The next step for the driver of a [`NoAccess`].
#[derive(Debug)]
#[must_use]
pub(crate) enum Step {
    Revoke(RevokeDocumentAccess, Duration),
    Access(ListDocumentAccess, Duration),
    Document(GetDocument, Duration),
    Members(ListOrganizationMembers, Duration),
    Policies(ListDocumentPolicies, Duration),
    #[allow(dead_code)] // It never waits.
    Sleep(Duration),
    Done(Box<Result<Ensured, Error>>),
}

impl Machine for NoAccess {
    const NAME: &'static str = "sharing.ensure_no_access";

    fn is_in_doubt(&self) -> bool {
        self.taken != Outcome::NotApplied
    }
}

impl NoAccess {
    pub(crate) fn new(document_id: DocumentId, principal_id: PrincipalId) -> Self {
        Self {
            document_id,
            principal_id,
            deadline: Duration::ZERO,
            rounds: 0,
            taken: Outcome::NotApplied,
            cause: None,
            of_document: None,
            email: None,
            only_looks: false,
            ends_at_owner: false,
            had_share: false,
            still_by: Vec::new(),
            organizations: Vec::new(),
            search: None,
            memberships: Vec::new(),
            closed: Vec::new(),
            policies: Some(Vec::new()),
            policy_pages: Pager::new(None),
        }
    }

    /// With what is known already: the organization of the document, the address of the user, and memberships. It does
    /// not read the policies, and if the user owns the document, it looks no further.
    pub(crate) fn with_known(
        mut self,
        of_document: OrganizationId,
        email: Option<EmailAddress>,
        memberships: Vec<(OrganizationId, Membership)>,
    ) -> Self {
        self.of_document = Some(of_document);
        self.email = email;
        self.memberships = memberships;
        self.policies = None;
        self.ends_at_owner = true;
        self
    }

    /// Changes nothing.
    pub(crate) fn only_looks(mut self, only_looks: bool) -> Self {
        self.only_looks = only_looks;
        self
    }

    /// Whether the list showed a role of the user, except that of the owner.
    pub(crate) fn had_share(&self) -> bool {
        self.had_share
    }

    /// The memberships that are known now, and the organizations that have access, without the user.
    pub(crate) fn into_memberships(
        self,
    ) -> (Vec<(OrganizationId, Membership)>, Vec<OrganizationId>) {
        (self.memberships, self.closed)
    }

    /// Reads first, and revokes only what it finds.
    pub(crate) fn start(&mut self, now: Now, deadline: Duration) -> Step {
        self.deadline = now.monotonic.saturating_add(deadline);
        self.list(now)
    }

    pub(crate) fn woke(&mut self, now: Now) -> Step {
        self.list(now)
    }

    fn revoke(&mut self, now: Now) -> Step {
        let Some(left) = self.left(now) else {
            return self.timed_out();
        };
        self.rounds += 1;
        let revoke = RevokeDocumentAccess::new(self.document_id, self.principal_id);
        Step::Revoke(revoke, left.saturating_sub(left / 4))
    }

    /// The step after the response to the revocation.
    pub(crate) fn revoked(&mut self, now: Now, result: Result<AccessChange, Error>) -> Step {
        self.cause = None;
        match result {
            Ok(_) => self.taken = Outcome::Applied,
            Err(error) if error.outcome() != Outcome::NotApplied => {
                if self.taken == Outcome::NotApplied {
                    self.taken = Outcome::Unknown;
                }
                self.cause = Some(error);
            }
            // The recipient may be unknown to the document.
            Err(error) if error.is_not_found() || speaks_of_the_state(&error) => {
                self.cause = Some(error);
            }
            Err(error) => return self.fail(error),
        }
        self.list(now)
    }

    fn list(&mut self, now: Now) -> Step {
        match self.left(now) {
            Some(left) => Step::Access(ListDocumentAccess::new(self.document_id), left),
            None => self.timed_out(),
        }
    }

    /// The step after the list of recipients.
    pub(crate) fn listed(&mut self, now: Now, result: Result<DocumentAccess, Error>) -> Step {
        let access = match result.and_then(with_level) {
            Ok(access) => access,
            Err(error) => return self.unreadable("the list of recipients", error),
        };
        self.still_by.clear();
        self.organizations.clear();
        self.closed.clear();
        let own = |recipient: &&Recipient| recipient.id.as_str() == self.principal_id.as_str();
        if let (Some(own), None) = (access.recipients.iter().find(own), &self.email) {
            let email = own.email.as_deref();
            self.email = email.and_then(|email| email.parse().ok());
        }
        let mut has_owner = false;
        for recipient in &access.recipients {
            let is_owner = recipient.document_role == DocumentRole::Owner;
            has_owner |= is_owner;
            match &recipient.id {
                id if id.as_str() == self.principal_id.as_str() && is_owner => {
                    self.still_by.push(AccessWay::Owner);
                }
                id if id.as_str() == self.principal_id.as_str() => {
                    self.had_share = true;
                    if !self.only_looks {
                        return self.is_listed(now);
                    }
                }
                IdRef::Known(RecipientId::Organization(id)) => self.check(*id),
                IdRef::Known(id) if self.is_address(recipient.email.as_deref()) => {
                    self.still_by.push(AccessWay::SameAddress(*id));
                }
                IdRef::Known(_) => {}
                IdRef::Other(id) => {
                    let way = AccessWay::UnknownRecipient(id.to_string());
                    self.still_by.push(way);
                }
            }
        }
        if !has_owner {
            self.still_by.push(AccessWay::UnknownOwner);
        }
        if self.ends_at_owner && self.still_by.contains(&AccessWay::Owner) {
            if access.general_access_level == Some(GeneralAccessLevel::AnyoneWithLink) {
                self.still_by.push(AccessWay::AnyoneWithLink);
            }
            return self.end();
        }
        match access.general_access_level {
            Some(GeneralAccessLevel::Restricted) => self.next_organization(now),
            Some(GeneralAccessLevel::AnyoneWithLink) => {
                self.still_by.push(AccessWay::AnyoneWithLink);
                self.next_organization(now)
            }
            Some(GeneralAccessLevel::Organization) => match (self.of_document, self.left(now)) {
                (Some(id), _) => {
                    self.check(id);
                    self.next_organization(now)
                }
                (None, Some(left)) => Step::Document(GetDocument::new(self.document_id), left),
                (None, None) => self.timed_out(),
            },
            level => {
                let level = level.as_ref().map_or("", GeneralAccessLevel::as_str);
                let way = AccessWay::UnknownGeneralAccess(level.to_string());
                self.still_by.push(way);
                self.next_organization(now)
            }
        }
    }

    /// Whether this is the address of the user.
    fn is_address(&self, text: Option<&str>) -> bool {
        let email = self.email.as_ref();
        email.is_some_and(|email| text.is_some_and(|text| email.is_same_as(text)))
    }

    /// The step if the access is still there.
    fn is_listed(&mut self, now: Now) -> Step {
        let was_refused = self
            .cause
            .as_ref()
            .is_some_and(|cause| cause.outcome() == Outcome::NotApplied);
        if self.rounds < MAX_ROUNDS && !(was_refused && self.rounds > 1) {
            return self.revoke(now);
        }
        match self.cause.take().filter(|_| was_refused) {
            Some(refusal) => self.fail(refusal),
            None => self.unverified("the access is still in the list", true, None),
        }
    }

    /// The step after the document, which names its organization.
    pub(crate) fn read(&mut self, now: Now, result: Result<Document, Error>) -> Step {
        let document = match result {
            Ok(document) => document,
            Err(error) => return self.unreadable("the document", error),
        };
        match document.owner_organization_id.and_then(|id| id.id()) {
            Some(id) => self.check(id),
            None => self.still_by.push(AccessWay::UnknownOrganization),
        }
        self.next_organization(now)
    }

    /// Notes that the members of an organization have access.
    fn check(&mut self, id: OrganizationId) {
        if !self.organizations.contains(&id) {
            self.organizations.push(id);
        }
    }

    /// Reads the members of the next organization, or ends.
    fn next_organization(&mut self, now: Now) -> Step {
        while let Some(id) = self.organizations.pop() {
            let mut known = self.memberships.iter();
            let known = known.find(|(known, _)| *known == id);
            match (known, self.principal_id) {
                (Some((_, membership)), _) => self.note(id, *membership),
                (None, PrincipalId::User(user_id)) => {
                    return self.list_members(now, MemberSearch::new(id, user_id));
                }
                // The lists of members have no bots.
                (None, _) => self.note(id, Membership::Unclear),
            }
        }
        self.list_policies(now)
    }

    fn note(&mut self, id: OrganizationId, membership: Membership) {
        match membership {
            Membership::Member | Membership::Owner => self.still_by.push(AccessWay::Member(id)),
            Membership::Unclear => self.still_by.push(AccessWay::MaybeMember(id)),
            Membership::NotMember => self.closed.push(id),
        }
    }

    fn list_members(&mut self, now: Now, search: MemberSearch) -> Step {
        let Some(left) = self.left(now) else {
            return self.timed_out();
        };
        let list = search.request();
        self.search = Some(search);
        Step::Members(list, left)
    }

    /// The step after a page of members.
    pub(crate) fn read_members(
        &mut self,
        now: Now,
        result: Result<Page<OrganizationMember>, Error>,
    ) -> Step {
        let Some(mut search) = self.search.take() else {
            return self.next_organization(now);
        };
        let membership = match result.and_then(|page| search.arrived(&page)) {
            Ok(Some(membership)) => membership,
            Ok(None) => return self.list_members(now, search),
            // The caller is not a member of it.
            Err(error) if error.is_not_found() || error.is_permission_denied() => {
                Membership::Unclear
            }
            Err(error) => return self.unreadable("the list of members", error),
        };
        let id = search.organization_id();
        self.memberships.push((id, membership));
        self.note(id, membership);
        self.next_organization(now)
    }

    fn list_policies(&mut self, now: Now) -> Step {
        match (&self.policies, self.left(now)) {
            (Some(_), Some(left)) if !self.policy_pages.is_done() => {
                let mut list = ListDocumentPolicies::new(self.document_id);
                list.page_size = Some(MAX_PAGE_SIZE);
                list.page_token = self.policy_pages.token().map(Into::into);
                Step::Policies(list, left)
            }
            (Some(_), None) => self.no_policies(),
            _ => self.end(),
        }
    }

    /// The step after a page of policies. They decide nothing, so the call succeeds also without them.
    pub(crate) fn read_policies(
        &mut self,
        now: Now,
        result: Result<Page<DocumentPolicy>, Error>,
    ) -> Step {
        let read = result.and_then(|page| {
            self.policy_pages.arrived(&page.pagination)?;
            Ok(page.into_items()?)
        });
        match (read, &mut self.policies) {
            (Ok(attached), Some(policies)) => {
                policies.extend(attached.into_iter().map(|attached| attached.policy));
                self.list_policies(now)
            }
            _ => self.no_policies(),
        }
    }

    fn no_policies(&mut self) -> Step {
        self.policies = None;
        self.end()
    }

    fn end(&mut self) -> Step {
        let state = if !self.still_by.is_empty() {
            EnsuredState::StillHasAccess
        } else if self.is_in_doubt() {
            EnsuredState::Removed
        } else {
            EnsuredState::HadNone
        };
        let mut ensured = Ensured::new(state, std::mem::take(&mut self.still_by));
        ensured.was_revoked = self.is_in_doubt();
        ensured.policies = self.policies.take();
        Step::Done(Box::new(Ok(ensured)))
    }

    fn left(&self, now: Now) -> Option<Duration> {
        let left = self.deadline.saturating_sub(now.monotonic);
        (!left.is_zero()).then_some(left)
    }

    fn timed_out(&mut self) -> Step {
        self.unverified("it timed out", true, Some(Unverified::timed_out()))
    }

    fn unreadable(&mut self, what: &str, error: Error) -> Step {
        // The document does not exist for the caller, or the caller may not read it.
        let is_final = error.kind() == ErrorKind::Api && !error.is_retryable();
        if is_final && !self.is_in_doubt() {
            return self.fail(error);
        }
        let error = error.with_outcome(Outcome::NotApplied);
        let is_retryable = error.is_retryable();
        let why = format!("{what} could not be read");
        self.unverified(&why, is_retryable, Some(error))
    }

    fn unverified(&mut self, why: &str, is_retryable: bool, source: Option<Error>) -> Step {
        let error = UNVERIFIED.error(why, is_retryable, source, self.cause.take());
        self.fail(error)
    }

    fn fail(&self, error: Error) -> Step {
        let error = error.with_warning(UNVERIFIED.risk);
        let error = match self.taken {
            Outcome::NotApplied => error,
            taken => error.with_outcome(taken),
        };
        Step::Done(Box::new(Err(error)))
    }
}

/// Refuses a list that does not name the general access: nothing is certain about such a response.
pub(crate) fn with_level(access: DocumentAccess) -> Result<DocumentAccess, Error> {
    if access.general_access_level.is_some() {
        return Ok(access);
    }
    let cause = DecodeError::new("general_access_level is absent, so the list may be incomplete");
    let error = Error::new(ErrorKind::Decode, Outcome::NotApplied).with_source(cause);
    Err(error.with_operation(ListDocumentAccess::INFO.id))
}
