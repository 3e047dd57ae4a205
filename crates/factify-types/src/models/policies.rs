//! Access policies.

use alloc::string::String;

use crate::{DocumentId, PolicyId, Timestamp};

model! {
    /// A governance policy. Schema `Policy`, v1beta.
    pub struct Policy {
        /// Its ID.
        pub id: PolicyId,
        /// The name.
        pub name: String,
        /// When it was created.
        pub created_at: Timestamp,
    }
}

model! {
    /// A policy that is attached to a document. Schema `DocumentPolicy`, v1beta.
    pub struct DocumentPolicy {
        /// The policy.
        pub policy: Policy,
        /// The document.
        pub document_id: DocumentId,
        /// When it was attached.
        pub attached_at: Timestamp,
    }
}
