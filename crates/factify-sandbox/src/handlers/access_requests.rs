use factify_core::access_requests::{
    AccessRequest, AccessRequestPermission, AccessRequestStatus, ApproveAccessRequest,
    CheckAccessRequestStatus, CreateAccessRequest, DenyAccessRequest, InspectDocumentAccess,
    ListAccessRequests, PendingAccessRequests,
};
use factify_core::sharing::{DocumentRole, InspectedAccess};
use factify_core::timelines::TimelineEventType;
use factify_core::types::RecipientId;
use factify_core::users::{Subject, SubjectType};
use factify_core::{AccessRequestId, DocumentId, PrincipalId, UserId};

use super::documents::{found, permissions};
use super::sharing::{happened, not_in_trash};
use crate::respond::Refusal;
use crate::routes::{Context, Handle};

/// The number of requests that a list shows.
const SHOWN: usize = 50;

fn is_pending(request: &AccessRequest, document: DocumentId) -> bool {
    request.document_id == document && request.request_status == AccessRequestStatus::Pending
}

impl Handle for ListAccessRequests {
    fn handle(self, context: &mut Context<'_>) -> Result<PendingAccessRequests, Refusal> {
        let all = context.world.access_requests.all().iter();
        let mut pending = all.filter(|request| is_pending(request, self.document_id));
        let mut list = PendingAccessRequests::new();
        list.items = pending.by_ref().take(SHOWN).cloned().collect();
        list.has_more = pending.next().is_some();
        Ok(list)
    }
}

/// Whether this user has a pending request.
fn has_asked(context: &Context<'_>, document: DocumentId, user: UserId) -> bool {
    let mut all = context.world.access_requests.all().iter();
    let user = PrincipalId::User(user);
    all.any(|request| is_pending(request, document) && request.subject.id == user)
}

impl Handle for CreateAccessRequest {
    fn handle(self, context: &mut Context<'_>) -> Result<AccessRequest, Refusal> {
        let caller = context.caller()?;
        if has_asked(context, self.document_id, caller.id) {
            return Err(Refusal::precondition("You have asked for access already"));
        }
        let now = context.world.now();
        let subject = Subject::new(
            PrincipalId::User(caller.id),
            &*caller.user.name,
            SubjectType::User,
        );
        let id = context.world.access_request_id();
        let mut request = AccessRequest::new(
            id,
            self.document_id,
            subject,
            self.permission,
            AccessRequestStatus::Pending,
            now,
            now,
        );
        request.subject_email = Some(caller.user.email.clone());
        request.message = self.message;
        context.world.access_requests.push(id, request.clone());
        Ok(request)
    }
}

impl Handle for CheckAccessRequestStatus {
    fn handle(self, context: &mut Context<'_>) -> Result<bool, Refusal> {
        let caller = context.caller()?.id;
        Ok(has_asked(context, self.document_id, caller))
    }
}

/// Decides a pending request. A request that was decided so before stays as it is. Returns whether it is new.
fn decide(
    context: &mut Context<'_>,
    document: DocumentId,
    id: AccessRequestId,
    decision: AccessRequestStatus,
) -> Result<(AccessRequest, bool), Refusal> {
    let now = context.world.now();
    let request = context.world.access_requests.get_mut(&id);
    let request = request.filter(|request| request.document_id == document);
    let request = request.ok_or_else(|| Refusal::not_found("Access request not found"))?;
    let is_new = request.request_status == AccessRequestStatus::Pending;
    if !is_new && request.request_status != decision {
        let message = format!("The request is {}", request.request_status);
        return Err(Refusal::precondition(&message));
    }
    if is_new {
        (request.request_status, request.updated_at) = (decision, now);
    }
    Ok((request.clone(), is_new))
}

impl Handle for ApproveAccessRequest {
    fn handle(self, context: &mut Context<'_>) -> Result<AccessRequest, Refusal> {
        not_in_trash(context, self.document_id)?;
        let approved = AccessRequestStatus::Approved;
        let (request, is_new) =
            decide(context, self.document_id, self.access_request_id, approved)?;
        let user = request.subject.id.id().map(RecipientId::from);
        if let Some(recipient) = user.filter(|_| is_new) {
            let role = match request.permission {
                AccessRequestPermission::Edit => DocumentRole::Collaborator,
                AccessRequestPermission::Comment => DocumentRole::Commenter,
                _ => DocumentRole::Viewer,
            };
            let document = found(context, self.document_id)?;
            let current = document.share_of(recipient).map(|share| share.role.clone());
            let is_owner = recipient == RecipientId::User(document.owner);
            let role = Some(role).max(current);
            if let Some(role) = role.filter(|_| !is_owner) {
                if document.share(recipient, role) {
                    let what = TimelineEventType::DocumentUserAccessGranted;
                    happened(context, self.document_id, what)?;
                }
            }
        }
        Ok(request)
    }
}

impl Handle for DenyAccessRequest {
    fn handle(self, context: &mut Context<'_>) -> Result<AccessRequest, Refusal> {
        let denied = AccessRequestStatus::Denied;
        let decided = decide(context, self.document_id, self.access_request_id, denied)?;
        Ok(decided.0)
    }
}

impl Handle for InspectDocumentAccess {
    fn handle(self, context: &mut Context<'_>) -> Result<InspectedAccess, Refusal> {
        let (world, caller) = (&*context.world, context.caller()?.id);
        let document = world.documents.get(self.document_id);
        let role = document.and_then(|document| world.document_role(document, caller));
        let mut access = InspectedAccess::new();
        access.document_id = Some(self.document_id.into());
        access.permission_set = Some(permissions(role.as_ref()));
        Ok(access)
    }
}
