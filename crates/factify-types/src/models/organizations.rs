//! Organizations, and what their members may do.

use alloc::string::String;

use crate::{OrganizationId, Timestamp};

model! {
    /// An organization. Schema `Organization`, v1beta.
    pub struct Organization {
        /// Its ID.
        pub id: OrganizationId,
        /// Its display name, 1 to 255 characters.
        pub name: String,
        /// When it was created.
        pub created_at: Timestamp,
        /// Where its logo is.
        pub logo_image_url: Option<String>,
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
