//! Organizations and the roles of their members.

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
        /// The URL of its logo.
        pub logo_image_url: Option<String>,
    }
}

model! {
    /// The public profile of an organization. Schema `GetOrganizationPublicProfileResponse`,
    /// v1beta.
    pub struct OrganizationPublicProfile {
        /// Its name.
        pub display_name: Option<String>,
        /// The URL of its logo.
        pub logo_image_url: Option<String>,
    }
}

open_enum! {
    /// The role of a member in an organization. Schema `OrganizationRole`, v1beta.
    OrganizationRole {
        /// May do everything. An organization has exactly one owner from its creation on.
        Owner = "owner",
        /// Manages members and invites.
        Admin = "admin",
        /// Uses the organization.
        Member = "member",
    }
}
