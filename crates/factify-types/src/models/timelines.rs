//! What happened to a document.

use alloc::string::String;

use crate::{Struct, Timestamp};

model! {
    /// An event in the timeline of a document. Schema `TimelineEvent`, v1beta.
    pub struct TimelineEvent {
        /// Its ID, a UUID.
        pub event_id: Option<String>,
        /// What happened.
        pub event_type: Option<TimelineEventType>,
        /// When it happened.
        pub occurred_at: Option<Timestamp>,
        /// More about it. The API does not document the fields.
        pub payload: Option<Struct>,
    }
}

open_enum! {
    /// What happened to a document. Schema `TimelineEventType`, v1beta. Older servers use longer names, which are read
    /// as the same values.
    TimelineEventType {
        /// A comment was added.
        CommentCreated = "comment_created" | "TIMELINE_EVENT_TYPE_COMMENT_CREATED",
        /// A comment was changed.
        CommentUpdated = "comment_updated" | "TIMELINE_EVENT_TYPE_COMMENT_UPDATED",
        /// A thread of comments was started.
        ThreadCreated = "thread_created" | "TIMELINE_EVENT_TYPE_THREAD_CREATED",
        /// A thread of comments was changed.
        ThreadUpdated = "thread_updated" | "TIMELINE_EVENT_TYPE_THREAD_UPDATED",
        /// Somebody voted on an approval.
        ApprovalVoted = "approval_voted" | "TIMELINE_EVENT_TYPE_APPROVAL_VOTED",
        /// An approval was started.
        ApprovalStarted = "approval_started" | "TIMELINE_EVENT_TYPE_APPROVAL_STARTED",
        /// An approval was ended.
        ApprovalTerminated = "approval_terminated" | "TIMELINE_EVENT_TYPE_APPROVAL_TERMINATED",
        /// Somebody opened the document.
        DocumentLoaded = "document_loaded" | "TIMELINE_EVENT_TYPE_DOCUMENT_LOADED",
        /// An approval is ready.
        ApprovalReady = "approval_ready" | "TIMELINE_EVENT_TYPE_APPROVAL_READY",
        /// An approval was submitted.
        ApprovalSubmitted = "approval_submitted" | "TIMELINE_EVENT_TYPE_APPROVAL_SUBMITTED",
        /// An approval was not sent to others.
        ApprovalSkipDissemination = "approval_skip_dissemination" | "TIMELINE_EVENT_TYPE_APPROVAL_SKIP_DISSEMINATION",
        /// The document was created.
        DocumentCreated = "document_created" | "TIMELINE_EVENT_TYPE_DOCUMENT_CREATED",
        /// The document was changed.
        DocumentUpdated = "document_updated" | "TIMELINE_EVENT_TYPE_DOCUMENT_UPDATED",
        /// A comment was deleted.
        CommentDeleted = "comment_deleted" | "TIMELINE_EVENT_TYPE_COMMENT_DELETED",
        /// Somebody got access, or another role.
        DocumentUserAccessGranted = "document_user_access_granted" | "TIMELINE_EVENT_TYPE_DOCUMENT_USER_ACCESS_GRANTED",
        /// The access of somebody was revoked.
        DocumentUserAccessRevoked = "document_user_access_revoked" | "TIMELINE_EVENT_TYPE_DOCUMENT_USER_ACCESS_REVOKED",
        /// An entry page was downloaded.
        DocumentEntryPageDownloaded = "document_entry_page_downloaded" | "TIMELINE_EVENT_TYPE_DOCUMENT_ENTRY_PAGE_DOWNLOADED",
        /// A version was uploaded.
        DocumentVersionUploaded = "document_version_uploaded" | "TIMELINE_EVENT_TYPE_DOCUMENT_VERSION_UPLOADED",
        /// The document was printed.
        DocumentPrinted = "document_printed" | "TIMELINE_EVENT_TYPE_DOCUMENT_PRINTED",
        /// The general access was changed.
        DocumentSettingsAccessChanged = "document_settings_access_changed" | "TIMELINE_EVENT_TYPE_DOCUMENT_SETTINGS_ACCESS_CHANGED",
        /// An annotation was added.
        AnnotationAdded = "annotation_added" | "TIMELINE_EVENT_TYPE_ANNOTATION_ADDED",
        /// An annotation was changed.
        AnnotationEdited = "annotation_edited" | "TIMELINE_EVENT_TYPE_ANNOTATION_EDITED",
        /// An annotation was deleted.
        AnnotationDeleted = "annotation_deleted" | "TIMELINE_EVENT_TYPE_ANNOTATION_DELETED",
        /// An annotation was resolved.
        AnnotationResolved = "annotation_resolved" | "TIMELINE_EVENT_TYPE_ANNOTATION_RESOLVED",
    }
}
