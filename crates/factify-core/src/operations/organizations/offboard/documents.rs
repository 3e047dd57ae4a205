//! The documents that the person owns, and those that are shared with the person.

use factify_types::documents::{Document, DocumentTrashState, TransferredDocument};
use factify_types::policies::DocumentPolicy;
use factify_types::sharing::{AccessChange, DocumentAccess};
use factify_types::{DocumentId, IdRef, OrganizationId};

use super::machine::{Current, Offboard, Step};
use super::{OffboardDocument, OffboardState, OffboardSubject};
use crate::documents::{ListDocuments, TransferDocumentOwnership};
use crate::error::{Error, ErrorKind, Outcome};
use crate::operation::Operation;
use crate::operations::ensure::MAX_ROUNDS;
use crate::operations::sharing::no_access::{self, NoAccess};
use crate::page::{MAX_PAGE_SIZE, Page, WholeList};
use crate::sharing::{AccessWay, Ensured};
use crate::transport::Now;

/// A document in the list.
#[derive(Debug)]
pub(super) struct Found {
    id: DocumentId,
    title: String,
    /// Whether the person created it.
    is_creator: bool,
    /// How often the transfer was tried.
    transfers: u32,
    /// Whether a transfer was applied.
    transferred: Outcome,
    /// The error of the last transfer whose outcome is not certain.
    error: Option<Error>,
}

impl Offboard {
    pub(super) fn begin_documents(&mut self, now: Now) -> Step {
        self.list = WholeList::new();
        self.list_documents(now)
    }

    fn list_documents(&mut self, now: Now) -> Step {
        let mut list = ListDocuments::new();
        list.organization_scope = Some(true);
        list.trash_state = vec![DocumentTrashState::Active, DocumentTrashState::Trashed];
        list.page_size = Some(MAX_PAGE_SIZE);
        list.page_token = self.list.token();
        Step::ListDocuments(list, self.time(now))
    }

    pub(crate) fn documents_listed(
        &mut self,
        now: Now,
        result: Result<Page<Document>, Error>,
    ) -> Step {
        let arrived = result.and_then(|page| {
            let pagination = page.pagination.clone();
            for document in page {
                match &document {
                    Ok(document) => self.list.saw(document.id),
                    Err(error) => self.list.saw(error.json()),
                }
                match document {
                    Ok(document) if self.known_documents.insert(document.id) => {
                        self.found(document);
                    }
                    Ok(_) => {}
                    Err(error) => self.unreadable.push(error.into()),
                }
            }
            self.list.arrived(&pagination)
        });
        if self.has_next_page(arrived) {
            return self.list_documents(now);
        }
        self.next(now)
    }

    fn found(&mut self, document: Document) {
        let (id, title) = (document.id, document.title);
        match document.owner_organization_id {
            Some(IdRef::Known(organization_id)) if organization_id == self.organization_id => {
                self.documents.push_back(Found {
                    id,
                    title,
                    is_creator: document.created_by.id.as_str() == self.user_id.as_str(),
                    transfers: 0,
                    transferred: Outcome::NotApplied,
                    error: None,
                });
            }
            Some(IdRef::Known(organization_id)) => self.foreign(organization_id),
            _ => {
                let detail = "the API does not name the organization of the document";
                let error = unverified(detail);
                let subject = OffboardSubject::UnreadDocument { id, title };
                self.add(subject, OffboardState::Failed(error));
            }
        }
    }

    /// Notes once that the list has documents of another organization: those of this one may be missing.
    fn foreign(&mut self, organization_id: OrganizationId) {
        if !self
            .report
            .unread
            .iter()
            .any(|error| error.kind() == ErrorKind::Mismatch)
        {
            let detail = format!(
                "the list has documents of {organization_id}: those of this organization may be missing, if the caller \
                 belongs to the other one"
            );
            let error = Error::new(ErrorKind::Mismatch, Outcome::NotApplied).with_detail(detail);
            self.report
                .unread
                .push(error.with_operation(ListDocuments::INFO.id));
        }
    }

    /// Reads who has access to the document, and revokes the access of the person.
    pub(super) fn look_at(&mut self, now: Now, document: Found) -> Step {
        let memberships = std::mem::take(&mut self.memberships);
        let machine = NoAccess::new(document.id, self.user_id.into());
        let machine = machine.with_known(self.organization_id, self.email.clone(), memberships);
        let mut machine = Box::new(machine.only_looks(self.is_dry_run));
        let step = machine.start(now, self.time(now));
        self.access(now, document, machine, step)
    }

    pub(super) fn access(
        &mut self,
        now: Now,
        document: Found,
        machine: Box<NoAccess>,
        step: no_access::Step,
    ) -> Step {
        let step = match step {
            no_access::Step::Revoke(revoke, left) => Step::Revoke(revoke, left),
            no_access::Step::Access(list, left) => Step::ListAccess(list, left),
            no_access::Step::Document(get, left) => Step::GetDocument(get, left),
            no_access::Step::Members(list, left) => Step::ListMembers(list, left),
            no_access::Step::Policies(list, left) => Step::ListPolicies(list, left),
            no_access::Step::Sleep(wait) => Step::Sleep(wait),
            no_access::Step::Done(result) => {
                let had_share = machine.had_share();
                let (memberships, closed) = machine.into_memberships();
                self.memberships = memberships;
                return match *result {
                    Ok(ensured) if ensured.still_by.contains(&AccessWay::Owner) => {
                        let is_open = ensured.still_by.contains(&AccessWay::AnyoneWithLink);
                        self.transfer(now, document, is_open)
                    }
                    Ok(ensured) => self.taken(now, document, had_share, ensured, closed),
                    Err(error) => self.not_taken(now, document, had_share, error),
                };
            }
        };
        self.current = Current::Access(document, machine);
        step
    }

    fn transfer(&mut self, now: Now, mut document: Found, is_open: bool) -> Step {
        let state = match self.new_owner_id {
            None => OffboardState::NeedsNewOwner,
            Some(_) if self.is_dry_run => OffboardState::Planned,
            Some(_) if document.transfers == MAX_ROUNDS => {
                let error = document.error.take();
                let error =
                    error.unwrap_or_else(|| unverified("the person still owns the document"));
                OffboardState::Failed(error.with_outcome(document.transferred))
            }
            Some(new_owner_id) => {
                document.transfers += 1;
                let transfer = TransferDocumentOwnership::new(document.id, new_owner_id);
                self.current = Current::Transfer(document);
                return Step::Transfer(transfer, self.time(now));
            }
        };
        let (id, title) = (document.id, document.title);
        if is_open {
            let title = title.clone();
            self.report
                .open_to_anyone
                .push(OffboardDocument { id, title });
        }
        self.add(OffboardSubject::OwnDocument { id, title }, state);
        self.next(now)
    }

    pub(crate) fn transferred(
        &mut self,
        now: Now,
        result: Result<TransferredDocument, Error>,
    ) -> Step {
        let Current::Transfer(mut document) = self.current() else {
            return self.next(now);
        };
        match result {
            Ok(_) => document.transferred = Outcome::Applied,
            // Nothing was done about the document.
            Err(error)
                if error.outcome() == Outcome::NotApplied
                    && document.transferred == Outcome::NotApplied =>
            {
                let (id, title) = (document.id, document.title);
                let subject = OffboardSubject::OwnDocument { id, title };
                self.add(subject, OffboardState::Failed(error));
                return self.next(now);
            }
            Err(error) => {
                if document.transferred == Outcome::NotApplied {
                    document.transferred = error.outcome();
                }
                document.error = Some(error);
            }
        }
        // The list shows whether it was applied.
        self.look_at(now, document)
    }

    /// Notes a document that the person does not own.
    fn taken(
        &mut self,
        now: Now,
        document: Found,
        had_share: bool,
        mut ensured: Ensured,
        closed: Vec<OrganizationId>,
    ) -> Step {
        let Found {
            id,
            title,
            transfers,
            ..
        } = document;
        let closed = closed
            .into_iter()
            .filter(|other| *other != self.organization_id);
        self.closed
            .extend(closed.map(|other| (other, id, title.clone())));
        let ways = &mut ensured.still_by;
        if ways.contains(&AccessWay::AnyoneWithLink) {
            ways.retain(|way| *way != AccessWay::AnyoneWithLink);
            let title = title.clone();
            self.report
                .open_to_anyone
                .push(OffboardDocument { id, title });
        }
        let state = match ensured.still_by {
            ways if !ways.is_empty() => OffboardState::StillHasAccess(ways),
            _ if self.is_dry_run => OffboardState::Planned,
            _ => OffboardState::Done,
        };
        let is_left = matches!(state, OffboardState::StillHasAccess(_));
        if transfers > 0 {
            self.add(OffboardSubject::OwnDocument { id, title }, state);
        } else if had_share || is_left {
            self.add(OffboardSubject::SharedDocument { id, title }, state);
        }
        self.next(now)
    }

    fn not_taken(&mut self, now: Now, document: Found, had_share: bool, error: Error) -> Step {
        let (id, title) = (document.id, document.title);
        let is_hidden = error.is_permission_denied() || error.is_not_found();
        let subject = if document.transfers > 0 {
            OffboardSubject::OwnDocument { id, title }
        } else if had_share {
            OffboardSubject::SharedDocument { id, title }
        } else if is_hidden && !document.is_creator {
            self.report.hidden.push(OffboardDocument { id, title });
            return self.next(now);
        } else {
            OffboardSubject::UnreadDocument { id, title }
        };
        let error = match (document.transferred, error.outcome()) {
            (Outcome::NotApplied, _) => error,
            (transferred, Outcome::NotApplied) => {
                let detail =
                    "the transfer was sent, and it could not be verified who has access now";
                unverified(detail)
                    .with_outcome(transferred)
                    .with_retryable(true)
                    .with_source(error)
            }
            _ => error,
        };
        let error = match document.error {
            Some(earlier) => error.with_earlier(earlier),
            None => error,
        };
        self.add(subject, OffboardState::Failed(error));
        self.next(now)
    }

    pub(crate) fn access_revoked(&mut self, now: Now, result: Result<AccessChange, Error>) -> Step {
        self.looked(now, |machine| machine.revoked(now, result))
    }

    pub(crate) fn access_listed(
        &mut self,
        now: Now,
        result: Result<DocumentAccess, Error>,
    ) -> Step {
        self.looked(now, |machine| machine.listed(now, result))
    }

    pub(crate) fn document_read(&mut self, now: Now, result: Result<Document, Error>) -> Step {
        self.looked(now, |machine| machine.read(now, result))
    }

    pub(crate) fn policies_listed(
        &mut self,
        now: Now,
        result: Result<Page<DocumentPolicy>, Error>,
    ) -> Step {
        self.looked(now, |machine| machine.read_policies(now, result))
    }

    fn looked(&mut self, now: Now, step: impl FnOnce(&mut NoAccess) -> no_access::Step) -> Step {
        match self.current() {
            Current::Access(document, mut machine) => {
                let step = step(&mut machine);
                self.access(now, document, machine, step)
            }
            _ => self.next(now),
        }
    }
}

fn unverified(detail: &str) -> Error {
    Error::new(ErrorKind::Unverified, Outcome::NotApplied).with_detail(detail)
}
