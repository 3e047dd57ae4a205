use factify_core::policies::{
    AttachDocumentPolicy, DetachDocumentPolicy, DocumentPolicy, ListDocumentPolicies,
};
use factify_core::{Page, PolicyId};

use super::documents::found;
use crate::page::page;
use crate::respond::Refusal;
use crate::routes::{Context, Handle};
use crate::world::documents::{Attached, DocumentState};

/// The attachment of a policy to a document.
fn attached(document: &mut DocumentState, id: PolicyId) -> Option<&mut Attached> {
    let mut policies = document.policies.iter_mut();
    policies.find(|attached| attached.policy.policy.id == id && !attached.is_detached)
}

impl Handle for ListDocumentPolicies {
    fn handle(self, context: &mut Context<'_>) -> Result<Page<DocumentPolicy>, Refusal> {
        let world = &*context.world;
        let document = world.documents.get(self.document_id);
        let document = document.ok_or_else(Refusal::internal)?;
        page(
            &document.policies,
            |attached| (!attached.is_detached).then(|| attached.policy.clone()),
            context.request,
            world.page_secret(),
            self.page_size,
            self.page_token.as_deref(),
        )
    }
}

impl Handle for AttachDocumentPolicy {
    fn handle(self, context: &mut Context<'_>) -> Result<DocumentPolicy, Refusal> {
        let (now, id) = (context.world.now(), self.policy_id);
        let policy = context.world.policies.get(&id).cloned();
        let document = found(context, self.document_id)?;
        let policy = policy.filter(|(of, _)| Some(*of) == document.organization);
        let (_, policy) = policy.ok_or_else(|| Refusal::not_found("Policy not found"))?;
        if let Some(attached) = attached(document, id) {
            return Ok(attached.policy.clone());
        }
        let policy = DocumentPolicy::new(policy, self.document_id, now);
        document.policies.push(Attached {
            policy: policy.clone(),
            is_detached: false,
        });
        Ok(policy)
    }
}

impl Handle for DetachDocumentPolicy {
    fn handle(self, context: &mut Context<'_>) -> Result<(), Refusal> {
        let document = found(context, self.document_id)?;
        let attached = attached(document, self.policy_id);
        let attached = attached.ok_or_else(|| Refusal::not_found("Policy not found"))?;
        attached.is_detached = true;
        Ok(())
    }
}
