use factify_core::documents::{
    AccessLevel, CreateDocument, Document, DocumentOwnership, DocumentPermissionSet, DocumentQuota,
    DocumentSort, DocumentTrashState, DuplicateDocument, ExportDocument, ExportedDocument,
    GetDocument, GetDocumentQuota, ListDocumentDuplicates, ListDocuments, ProcessDocument,
    ProcessedDocument, ProcessingOutcome, ProcessingStatus, TransferDocumentOwnership,
    TransferredDocument, TrashDocument, UntrashDocument, UpdateDocument, VersionRef,
};
use factify_core::sharing::DocumentRole;
use factify_core::timelines::TimelineEventType;
use factify_core::{DocumentId, Page, UserId, VersionId};

use super::sharing::happened;
use crate::page::page;
use crate::respond::Refusal;
use crate::routes::{Context, Handle};
use crate::world::documents::{DocumentState, StoredFile};
use crate::world::{World, files};

/// The document as the caller sees it.
pub(crate) fn model(world: &World, document: &DocumentState, caller: UserId) -> Option<Document> {
    let current = world.documents.version(document.current)?;
    let mut model = Document::new(
        document.id,
        &*document.title,
        format!("https://app.factify.com/documents/{}", document.id),
        document.creator.clone(),
        document.created_at,
        current.status(world.now()),
        document.access_level.clone(),
    );
    model.description.clone_from(&document.description);
    model.updated_at = Some(document.updated_at);
    model.current_version = Some(VersionRef::new(document.current));
    model.source_format.clone_from(&current.file.format);
    model.general_access = Some(document.access_level.clone());
    model.owner_organization_id = document.organization.map(Into::into);
    model.trashed_at = document.trashed_at;
    let role = world.document_role(document, caller);
    model.permission_set = Some(permissions(role.as_ref()));
    Some(model)
}

/// What a role allows.
pub(super) fn permissions(role: Option<&DocumentRole>) -> DocumentPermissionSet {
    let is = |least: &DocumentRole| role >= Some(least);
    let (opens, comments) = (is(&DocumentRole::Viewer), is(&DocumentRole::Commenter));
    let (changes, manages) = (is(&DocumentRole::Collaborator), is(&DocumentRole::Admin));
    let mut may = DocumentPermissionSet::new();
    (may.open, may.view, may.copy_content, may.screenshot) = (opens, opens, opens, opens);
    (may.export, may.list_versions, may.view_timeline) = (opens, opens, opens);
    (may.comment_public, may.comment_private) = (comments, comments);
    may.create_version = changes;
    (may.grant_access, may.manage_access, may.trash) = (manages, manages, manages);
    (may.attach_policy, may.view_analytics, may.view_leads) = (manages, manages, manages);
    may
}

fn shown(context: &Context<'_>, id: DocumentId) -> Result<Document, Refusal> {
    let caller = context.caller()?.id;
    let document = context.world.documents.get(id);
    let model = document.and_then(|document| model(context.world, document, caller));
    model.ok_or_else(Refusal::internal)
}

/// A document that the access check has found.
pub(super) fn found<'c>(
    context: &'c mut Context<'_>,
    id: DocumentId,
) -> Result<&'c mut DocumentState, Refusal> {
    let document = context.world.documents.get_mut(id);
    document.ok_or_else(|| Refusal::not_found("Document not found"))
}

/// The version of this ID, or else the current one. It must belong to the document.
fn version_of(
    context: &Context<'_>,
    document: DocumentId,
    version: Option<VersionId>,
) -> Result<VersionId, Refusal> {
    let world = &context.world;
    let current = world.documents.get(document).map(|it| it.current);
    let version = version
        .or(current)
        .and_then(|id| world.documents.version(id));
    let version = version.filter(|version| version.document == document);
    version
        .map(|version| version.id)
        .ok_or_else(|| Refusal::not_found("Version not found"))
}

impl Handle for ListDocuments {
    fn handle(self, context: &mut Context<'_>) -> Result<Page<Document>, Refusal> {
        let world = &*context.world;
        let caller = context.caller()?;
        let organization = caller.organization(world);
        let is_admin_scope = self.organization_scope == Some(true);
        let can_open =
            |document: &DocumentState| world.document_role(document, caller.id).is_some();
        let shown = |document: &DocumentState| {
            let is_visible = if is_admin_scope {
                document.organization.is_some()
                    && document.organization == organization
                    && (can_open(document) || world.sees_all_documents(document, caller.id))
            } else {
                can_open(document)
            };
            let model = model(world, document, caller.id).filter(|_| is_visible)?;
            let is_owned = document.owner == caller.id;
            matches(&self, document, &model, is_owned).then_some(model)
        };
        let mut documents: Vec<_> = world.documents.all().iter().collect();
        sort(&mut documents, self.sort.as_ref());
        page(
            &documents,
            |document| shown(document),
            context.request,
            world.page_secret(),
            self.page_size,
            self.page_token.as_deref(),
        )
    }
}

/// Sorts in the opposite order, because a page begins at the end.
fn sort(documents: &mut [&DocumentState], by: Option<&DocumentSort>) {
    match by {
        Some(DocumentSort::CreatedAt) => documents.reverse(),
        Some(DocumentSort::UpdatedAt) => {
            documents.sort_by_key(|it| std::cmp::Reverse(it.updated_at));
        }
        Some(DocumentSort::UpdatedAtDescending) => documents.sort_by_key(|it| it.updated_at),
        Some(DocumentSort::Name) => documents.sort_by(|one, other| other.title.cmp(&one.title)),
        Some(DocumentSort::NameDescending) => {
            documents.sort_by(|one, other| one.title.cmp(&other.title));
        }
        // The sandbox does not record when a document was viewed or shared.
        _ => {}
    }
}

/// Whether a document matches all filters.
fn matches(
    list: &ListDocuments,
    document: &DocumentState,
    model: &Document,
    is_owned: bool,
) -> bool {
    fn any<T: PartialEq>(filter: &[T], value: &T) -> bool {
        filter.is_empty() || filter.contains(value)
    }

    fn contains(text: &str, part: Option<&String>) -> bool {
        part.is_none_or(|part| text.to_lowercase().contains(&part.to_lowercase()))
    }

    let ownership = if is_owned {
        DocumentOwnership::Owned
    } else {
        DocumentOwnership::NotOwned
    };
    let trash_state = match document.trashed_at {
        Some(_) => DocumentTrashState::Trashed,
        None => DocumentTrashState::Active,
    };
    let is_in_state = if list.trash_state.is_empty() {
        trash_state == DocumentTrashState::Active
    } else {
        list.trash_state.contains(&trash_state)
    };
    let (title, description) = (&*document.title, document.description.as_deref());
    let described = |part: Option<&String>| {
        part.is_none() || description.is_some_and(|description| contains(description, part))
    };
    let creator = document.creator.id.id();
    is_in_state
        && any(&list.access_level, &document.access_level)
        && any(&list.processing_status, &model.processing_status)
        && any(&list.ownership, &ownership)
        && (list.source_format.is_empty()
            || model
                .source_format
                .as_ref()
                .is_some_and(|format| list.source_format.contains(format)))
        && (list.created_by_id.is_empty()
            || creator.is_some_and(|id| list.created_by_id.contains(&id)))
        && list
            .created_after
            .is_none_or(|time| document.created_at >= time)
        && list
            .created_before
            .is_none_or(|time| document.created_at <= time)
        && (contains(title, list.query.as_ref())
            || list.query.is_some() && described(list.query.as_ref()))
        && contains(title, list.title_contains.as_ref())
        && described(list.description_contains.as_ref())
}

impl Handle for CreateDocument {
    fn handle(self, context: &mut Context<'_>) -> Result<Document, Refusal> {
        let caller = context.caller()?;
        let (user, organization) = (caller.id, caller.organization(context.world));
        if organization.is_some_and(|id| quota(context.world, id).1) {
            return Err(Refusal::quota_exceeded());
        }
        let default = match organization {
            Some(_) => AccessLevel::Organization,
            None => AccessLevel::Private,
        };
        let file = stored(&self.payload)?;
        let access_level = self.access_level.unwrap_or(default);
        let world = &mut *context.world;
        let id = world.add_document(
            user,
            organization,
            self.title,
            self.description,
            access_level,
            file,
        );
        shown(context, id.ok_or_else(Refusal::internal)?)
    }
}

/// The file of an upload.
pub(super) fn stored(upload: &factify_core::Upload) -> Result<StoredFile, Refusal> {
    let bytes = upload.body().clone().into_bytes();
    let content_type = String::from_utf8_lossy(upload.media_type().as_bytes());
    Ok(StoredFile::new(
        upload.file_name(),
        content_type.into_owned(),
        bytes.map_err(|_| Refusal::internal())?,
    ))
}

/// The quota of an organization, and whether it is used up.
fn quota(world: &World, id: factify_core::OrganizationId) -> (DocumentQuota, bool) {
    let limit = world.organization(id).map_or(0, |it| it.document_limit);
    let documents = world.documents.all().iter();
    let used = documents.filter(|it| it.organization == Some(id)).count();
    let mut quota = DocumentQuota::new();
    quota.limit = limit;
    quota.used = i32::try_from(used).unwrap_or(i32::MAX);
    quota.available = (limit - quota.used).max(0);
    let is_used_up = limit > 0 && quota.available == 0;
    (quota, is_used_up)
}

impl Handle for GetDocumentQuota {
    fn handle(self, context: &mut Context<'_>) -> Result<DocumentQuota, Refusal> {
        let organization = context.caller()?.organization(context.world);
        Ok(organization.map_or_else(DocumentQuota::new, |id| quota(context.world, id).0))
    }
}

impl Handle for GetDocument {
    fn handle(self, context: &mut Context<'_>) -> Result<Document, Refusal> {
        shown(context, self.document_id)
    }
}

impl Handle for UpdateDocument {
    fn handle(self, context: &mut Context<'_>) -> Result<Document, Refusal> {
        let now = context.world.now();
        let document = found(context, self.document_id)?;
        let changed = (
            self.title.unwrap_or_else(|| document.title.clone()),
            self.description.or_else(|| document.description.clone()),
        );
        let is_new = changed != (document.title.clone(), document.description.clone());
        if is_new {
            document.updated_at = now;
            (document.title, document.description) = changed;
            happened(
                context,
                self.document_id,
                TimelineEventType::DocumentUpdated,
            )?;
        }
        shown(context, self.document_id)
    }
}

impl Handle for ListDocumentDuplicates {
    fn handle(self, context: &mut Context<'_>) -> Result<Vec<DuplicateDocument>, Refusal> {
        let (world, caller) = (&*context.world, context.caller()?.id);
        let current = |document: &DocumentState| world.documents.version(document.current);
        let this = world.documents.get(self.document_id).and_then(current);
        let this = this.ok_or_else(Refusal::internal)?;
        let others = world.documents.all().iter();
        let others = others
            .filter(|it| it.id != self.document_id && world.document_role(it, caller).is_some());
        let same = others.filter_map(|document| {
            let version = current(document).filter(|it| it.file.bytes == this.file.bytes)?;
            let mut found = DuplicateDocument::new();
            found.document_id = Some(document.id.into());
            found.title = Some(document.title.clone());
            found.version_id = Some(version.id.into());
            found.version_title.clone_from(&version.title);
            Some(found)
        });
        Ok(same.collect())
    }
}

impl Handle for ExportDocument {
    fn handle(self, context: &mut Context<'_>) -> Result<ExportedDocument, Refusal> {
        let version = version_of(context, self.document_id, self.version_id)?;
        files::export(context.world, context.request, version).ok_or_else(Refusal::internal)
    }
}

impl Handle for ProcessDocument {
    fn handle(self, context: &mut Context<'_>) -> Result<ProcessedDocument, Refusal> {
        let id = version_of(context, self.document_id, self.version_id)?;
        let world = &mut *context.world;
        let now = world.now();
        let version = world.documents.version(id).ok_or_else(Refusal::internal)?;
        let outcome = match version.status(now) {
            ProcessingStatus::Processing => ProcessingOutcome::AlreadyProcessing,
            ProcessingStatus::Ready => ProcessingOutcome::AlreadyCompleted,
            _ if self.asynchronous == Some(true) => {
                world.process(id);
                ProcessingOutcome::Started
            }
            // It waits, and fails again.
            _ => ProcessingOutcome::Failed,
        };
        let mut processed = ProcessedDocument::new();
        processed.document_id = Some(self.document_id.into());
        processed.version_id = Some(id.into());
        processed.status = Some(outcome);
        Ok(processed)
    }
}

impl Handle for TransferDocumentOwnership {
    fn handle(self, context: &mut Context<'_>) -> Result<TransferredDocument, Refusal> {
        let organization = found(context, self.document_id)?.organization;
        let organization = organization.and_then(|id| context.world.organization(id));
        let is_member = organization.is_some_and(|it| it.role(self.new_owner_id).is_some());
        if !is_member {
            let message = "The new owner is not a member of the organization of the document";
            return Err(Refusal::precondition(message));
        }
        if found(context, self.document_id)?.owner == self.new_owner_id {
            let message = "The new owner must be another user";
            return Err(Refusal::precondition(message));
        }
        let document = found(context, self.document_id)?;
        document.owner = self.new_owner_id;
        document.unshare(self.new_owner_id.into());
        happened(
            context,
            self.document_id,
            TimelineEventType::DocumentUpdated,
        )?;
        let mut transferred = TransferredDocument::new();
        transferred.document_id = Some(self.document_id.into());
        transferred.new_owner_id = Some(self.new_owner_id.into());
        Ok(transferred)
    }
}

impl Handle for TrashDocument {
    fn handle(self, context: &mut Context<'_>) -> Result<(), Refusal> {
        let now = context.world.now();
        let document = found(context, self.document_id)?;
        if document.trashed_at.is_none() {
            document.trashed_at = Some(now);
            document.access_level = AccessLevel::Private;
            document.shares.clear();
            happened(
                context,
                self.document_id,
                TimelineEventType::DocumentUpdated,
            )?;
        }
        Ok(())
    }
}

impl Handle for UntrashDocument {
    fn handle(self, context: &mut Context<'_>) -> Result<(), Refusal> {
        if found(context, self.document_id)?
            .trashed_at
            .take()
            .is_some()
        {
            happened(
                context,
                self.document_id,
                TimelineEventType::DocumentUpdated,
            )?;
        }
        Ok(())
    }
}
