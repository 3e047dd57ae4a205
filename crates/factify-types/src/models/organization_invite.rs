use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{InviteId, OrganizationId, Timestamp, User};

/// An invitation to join an organization. Schema `OrganizationInvite`, v1beta.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrganizationInvite {
    /// Its ID.
    pub id: InviteId,
    /// The organization to join.
    pub organization_id: OrganizationId,
    /// Who is invited.
    pub email: String,
    /// Whether it can still be accepted.
    pub status: OrganizationInviteStatus,
    /// The sender's text, at most 2,000 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Who sent it, as they were when they did.
    pub sender: User,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it can no longer be accepted.
    pub expires_at: Timestamp,
    /// When it was accepted; set together with `accepted_by`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// Who accepted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_by: Option<User>,
}

impl OrganizationInvite {
    /// An invite with what is always there.
    pub fn new(
        id: InviteId,
        organization_id: OrganizationId,
        email: impl Into<String>,
        status: OrganizationInviteStatus,
        sender: User,
        created_at: Timestamp,
        expires_at: Timestamp,
    ) -> Self {
        Self {
            id,
            organization_id,
            email: email.into(),
            status,
            message: None,
            sender,
            created_at,
            expires_at,
            accepted_at: None,
            accepted_by: None,
        }
    }
}

open_enum! {
    /// Whether an invite can still be accepted. Schema `OrganizationInviteStatus`, v1beta.
    OrganizationInviteStatus {
        /// It can be accepted until it expires.
        Pending = "pending",
        /// Somebody joined with it.
        Accepted = "accepted",
        /// Its time is over.
        Expired = "expired",
        /// It was revoked: nobody can join with it.
        Revoked = "revoked",
    }
}
