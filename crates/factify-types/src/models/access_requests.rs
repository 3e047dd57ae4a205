//! Requests for access to a document.

use alloc::string::String;
use alloc::vec::Vec;

use crate::users::Subject;
use crate::{AccessRequestId, DocumentId, Timestamp};

model! {
    /// A request for access to a document. Schema `AccessRequest`, v1beta.
    pub struct AccessRequest {
        /// Its ID.
        pub id: AccessRequestId,
        /// The document.
        pub document_id: DocumentId,
        /// Who asks for access.
        pub subject: Subject,
        /// The email address of the user who asks.
        pub subject_email: Option<String>,
        /// The access that the user asks for.
        pub permission: AccessRequestPermission,
        /// The status.
        pub request_status: AccessRequestStatus,
        /// The message of the user, at most 1,024 characters.
        pub message: Option<String>,
        /// When the user asked.
        pub created_at: Timestamp,
        /// When the request was last changed.
        pub updated_at: Timestamp,
    }
}

model! {
    /// The pending requests for access to a document, as far as the API shows them. Schema
    /// `ListAccessRequestsResponse`, v1beta.
    ///
    /// The API shows one page, and documents no way to read the next one: see [`has_more`](Self::has_more). To see
    /// the others, approve or deny the requests of this page.
    #[must_use = "there may be more requests than these"]
    pub struct PendingAccessRequests {
        /// The requests.
        pub items: Vec<AccessRequest>,
        /// Whether there are more requests, which are not in this list.
        pub has_more: bool,
    }
}

open_enum! {
    /// The access that a user asks for. Schema `AccessRequestPermission`, v1beta.
    AccessRequestPermission {
        /// To view the document.
        View = "view",
        /// To edit the document.
        Edit = "edit",
        /// To comment on the document.
        Comment = "comment",
    }
}

open_enum! {
    /// The status of an access request. Schema `AccessRequestStatus`, v1beta.
    AccessRequestStatus {
        /// Nobody has decided yet.
        Pending = "pending",
        /// It was approved.
        Approved = "approved",
        /// It was denied.
        Denied = "denied",
    }
}
