use factify_core::sharing::{
    AccessChange, AccessGrantResult, CreateShareLink, CreatedShareLink, DocumentAccess,
    DocumentRole, GeneralAccess, GetGeneralAccess, GrantDocumentAccess, GrantRecipient,
    GrantResults, ListDocumentAccess, RecipientGrant, RevokeDocumentAccess, SetGeneralAccess,
    ShareLink, UpdateDocumentAccess,
};
use factify_core::timelines::TimelineEventType;
use factify_core::types::RecipientId;
use factify_core::{DocumentId, PrincipalId};

use super::documents::found;
use crate::respond::Refusal;
use crate::routes::{Context, Handle};
use crate::world::{World, is_same_address};

impl Handle for ListDocumentAccess {
    fn handle(self, context: &mut Context<'_>) -> Result<DocumentAccess, Refusal> {
        let world = &*context.world;
        let document = world.documents.get(self.document_id);
        let document = document.ok_or_else(Refusal::internal)?;
        let mut access = DocumentAccess::new();
        access.document_id = Some(document.id.into());
        access.general_access_level = Some(document.general_access());
        access.recipients = world.recipients(document);
        Ok(access)
    }
}

impl Handle for GrantDocumentAccess {
    fn handle(self, context: &mut Context<'_>) -> Result<GrantResults, Refusal> {
        not_in_trash(context, self.document_id)?;
        let mut results = GrantResults::new();
        results.document_id = Some(self.document_id.into());
        for grant in &self.recipients {
            let mut result = AccessGrantResult::new();
            result.recipient = Some(grant.recipient.to_string());
            result.error = grant_to(context, self.document_id, grant)?
                .err()
                .map(Into::into);
            result.success = result.error.is_none();
            results.total += 1;
            results.successful += i32::from(result.success);
            results.failed += i32::from(!result.success);
            results.results.push(result);
        }
        if self.should_send_notification != Some(false) {
            let sent = usize::try_from(results.successful).unwrap_or_default();
            context.world.notifications += sent;
        }
        Ok(results)
    }
}

/// Gives one recipient access, or says why not.
fn grant_to(
    context: &mut Context<'_>,
    document_id: DocumentId,
    grant: &RecipientGrant,
) -> Result<Result<(), &'static str>, Refusal> {
    if grant.role == DocumentRole::Owner {
        return Ok(Err("The role owner cannot be granted"));
    }
    let Some(recipient) = recipient(context.world, &grant.recipient) else {
        return Ok(Err("There is no such user"));
    };
    let document = found(context, document_id)?;
    if recipient == RecipientId::User(document.owner) {
        return Ok(Err("The owner has access already"));
    }
    if document.share(recipient, grant.role.clone()) {
        happened(
            context,
            document_id,
            TimelineEventType::DocumentUserAccessGranted,
        )?;
    }
    Ok(Ok(()))
}

/// The user of this ID or address. The sandbox does not know which bots exist.
fn recipient(world: &World, recipient: &GrantRecipient) -> Option<RecipientId> {
    match recipient {
        GrantRecipient::Principal(PrincipalId::User(id)) => world.user(*id).map(|_| (*id).into()),
        GrantRecipient::Principal(id) => Some((*id).into()),
        GrantRecipient::Email(address) => {
            let mut users = world.users().iter();
            let user = users.find(|user| is_same_address(&user.email, address.as_str()));
            user?.id.id().map(Into::into)
        }
        _ => None,
    }
}

/// Adds an event of the caller to the timeline.
pub(super) fn happened(
    context: &mut Context<'_>,
    document: DocumentId,
    what: TimelineEventType,
) -> Result<(), Refusal> {
    let actor = context.caller()?.id;
    context.world.happened(document, Some(actor), what);
    Ok(())
}

/// Nobody but the owner has access to a document in the trash.
pub(super) fn not_in_trash(context: &mut Context<'_>, id: DocumentId) -> Result<(), Refusal> {
    match found(context, id)?.trashed_at {
        Some(_) => Err(Refusal::precondition("The document is in the trash")),
        None => Ok(()),
    }
}

fn changed(result: Result<(), &str>) -> AccessChange {
    let mut change = AccessChange::new();
    change.success = Some(result.is_ok());
    change.error = result.err().map(Into::into);
    change
}

/// Why the access of this recipient cannot be changed.
fn unchangeable(
    context: &mut Context<'_>,
    document: DocumentId,
    recipient: RecipientId,
) -> Result<Option<&'static str>, Refusal> {
    let document = found(context, document)?;
    Ok(if recipient == RecipientId::User(document.owner) {
        Some("The access of the owner cannot be changed")
    } else if document.share_of(recipient).is_none() {
        Some("The recipient has no access of its own")
    } else {
        None
    })
}

impl Handle for UpdateDocumentAccess {
    fn handle(self, context: &mut Context<'_>) -> Result<AccessChange, Refusal> {
        let recipient = self.recipient_id.into();
        if let Some(why) = unchangeable(context, self.document_id, recipient)? {
            return Ok(changed(Err(why)));
        }
        if self.document_role == DocumentRole::Owner {
            return Ok(changed(Err("The role owner cannot be granted")));
        }
        if found(context, self.document_id)?.share(recipient, self.document_role) {
            happened(
                context,
                self.document_id,
                TimelineEventType::DocumentUserAccessGranted,
            )?;
        }
        Ok(changed(Ok(())))
    }
}

impl Handle for RevokeDocumentAccess {
    fn handle(self, context: &mut Context<'_>) -> Result<AccessChange, Refusal> {
        let recipient = self.recipient_id.into();
        if let Some(why) = unchangeable(context, self.document_id, recipient)? {
            return Ok(changed(Err(why)));
        }
        if found(context, self.document_id)?.unshare(recipient) {
            happened(
                context,
                self.document_id,
                TimelineEventType::DocumentUserAccessRevoked,
            )?;
        }
        Ok(changed(Ok(())))
    }
}

fn general(context: &mut Context<'_>, id: DocumentId) -> Result<GeneralAccess, Refusal> {
    let document = found(context, id)?;
    let mut access = GeneralAccess::new();
    access.document_id = Some(id.into());
    access.general_access_level = Some(document.general_access());
    Ok(access)
}

impl Handle for GetGeneralAccess {
    fn handle(self, context: &mut Context<'_>) -> Result<GeneralAccess, Refusal> {
        general(context, self.document_id)
    }
}

impl Handle for SetGeneralAccess {
    fn handle(self, context: &mut Context<'_>) -> Result<GeneralAccess, Refusal> {
        not_in_trash(context, self.document_id)?;
        let document = found(context, self.document_id)?;
        if document.set_general_access(&self.general_access_level) {
            let what = TimelineEventType::DocumentSettingsAccessChanged;
            happened(context, self.document_id, what)?;
        }
        general(context, self.document_id)
    }
}

impl Handle for CreateShareLink {
    fn handle(self, context: &mut Context<'_>) -> Result<CreatedShareLink, Refusal> {
        not_in_trash(context, self.document_id)?;
        let caller = context.caller()?.id;
        let world = &mut *context.world;
        let id = world.share_link_id();
        let mut link = ShareLink::new();
        link.document_id = Some(self.document_id.into());
        link.creator_id = Some(caller.into());
        link.created_at = Some(world.now());
        let mut created = CreatedShareLink::new();
        created.short_url = Some(format!("https://app.factify.com/s/{id}"));
        link.id = Some(id);
        world.share_links.push(link.clone());
        created.share_link = Some(link);
        Ok(created)
    }
}
