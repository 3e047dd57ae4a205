use factify_core::Page;
use factify_core::sharing::DocumentRole;
use factify_core::timelines::{GetDocumentTimeline, TimelineEvent};

use crate::page::page;
use crate::respond::Refusal;
use crate::routes::{Context, Handle};

impl Handle for GetDocumentTimeline {
    fn handle(self, context: &mut Context<'_>) -> Result<Page<TimelineEvent>, Refusal> {
        let (world, caller) = (&*context.world, context.caller()?.id);
        let document = world.documents.get(self.document_id);
        let role = document.and_then(|document| world.document_role(document, caller));
        let sees_all = role >= Some(DocumentRole::Admin);
        let events = page(
            &world.events,
            |event| {
                let is_shown =
                    event.document == self.document_id && (sees_all || event.actor == Some(caller));
                is_shown.then(|| event.model())
            },
            context.request,
            world.page_secret(),
            self.page_size,
            self.page_token.as_deref(),
        );
        let mut events = events.map_err(|refusal| refusal.about("cursor"))?;
        // The last page has no cursor, rather than an empty one.
        let cursor = events.pagination.next_page_token.take();
        events.pagination.next_page_token = cursor.filter(|cursor| !cursor.is_empty());
        Ok(events)
    }
}
