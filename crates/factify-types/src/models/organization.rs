use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{OrganizationId, Timestamp};

/// An organization. Schema `Organization`, v1beta.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Organization {
    /// Its ID.
    pub id: OrganizationId,
    /// Its display name, 1 to 255 characters.
    pub name: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// Where its logo is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_image_url: Option<String>,
}

impl Organization {
    /// An organization with what is always there.
    pub fn new(id: OrganizationId, name: impl Into<String>, created_at: Timestamp) -> Self {
        Self {
            id,
            name: name.into(),
            created_at,
            logo_image_url: None,
        }
    }
}

open_enum! {
    /// What a member may do in an organization. Schema `OrganizationRole`, v1beta.
    OrganizationRole {
        /// Everything; there is one owner, since the organization was created.
        Owner = "owner",
        /// Manages members and invites.
        Admin = "admin",
        /// Uses the organization.
        Member = "member",
    }
}
