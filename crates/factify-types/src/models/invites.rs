//! Invitations to join an organization.

use alloc::string::String;

use crate::users::User;
use crate::{InviteId, OrganizationId, Timestamp};

model! {
    /// An invitation to join an organization. Schema `OrganizationInvite`, v1beta.
    pub struct OrganizationInvite {
        /// Its ID.
        pub id: InviteId,
        /// The organization to join.
        pub organization_id: OrganizationId,
        /// The email address of the invited person.
        pub email: String,
        /// Whether it can still be accepted.
        pub status: OrganizationInviteStatus,
        /// The sender's message, at most 2,000 bytes.
        pub message: Option<String>,
        /// The sender, as of the time of sending.
        pub sender: User,
        /// When it was created.
        pub created_at: Timestamp,
        /// When it expires.
        pub expires_at: Timestamp,
        /// When it was accepted. The API sets it together with `accepted_by`.
        pub accepted_at: Option<Timestamp>,
        /// Who accepted it.
        pub accepted_by: Option<User>,
    }
}

open_enum! {
    /// Whether an invite can still be accepted. Schema `OrganizationInviteStatus`, v1beta.
    OrganizationInviteStatus {
        /// It can be accepted until it expires.
        Pending = "pending",
        /// Somebody joined with it.
        Accepted = "accepted",
        /// It has expired.
        Expired = "expired",
        /// It was revoked: nobody can join with it.
        Revoked = "revoked",
    }
}
