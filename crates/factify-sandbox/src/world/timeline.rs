//! What happened to documents.

use factify_core::timelines::{TimelineEvent, TimelineEventType};
use factify_core::types::Struct;
use factify_core::{DocumentId, Timestamp, UserId};

use super::World;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    id: String,
    pub(crate) document: DocumentId,
    /// `None` for somebody with a presigned URL.
    pub(crate) actor: Option<UserId>,
    what: TimelineEventType,
    at: Timestamp,
}

impl Event {
    pub(crate) fn model(&self) -> TimelineEvent {
        let mut model = TimelineEvent::new();
        model.event_id = Some(self.id.clone());
        model.event_type = Some(self.what.clone());
        model.occurred_at = Some(self.at);
        let actor = self.actor.map(|actor| {
            let mut payload = Struct::new();
            payload.insert("actor_id".to_owned(), actor.to_string().into());
            payload
        });
        model.payload = actor;
        model
    }
}

impl World {
    /// Adds an event to the timeline of a document.
    pub(crate) fn happened(
        &mut self,
        document: DocumentId,
        actor: Option<UserId>,
        what: TimelineEventType,
    ) {
        let at = self.now();
        let id = self.ids.event(at);
        self.events.push(Event {
            id,
            document,
            actor,
            what,
            at,
        });
    }
}
