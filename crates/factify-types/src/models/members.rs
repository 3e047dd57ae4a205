//! The members of an organization.

use crate::Timestamp;
use crate::organizations::OrganizationRole;
use crate::users::User;

model! {
    /// A member of an organization. Schema `OrganizationMember`, v1beta.
    pub struct OrganizationMember {
        /// The user.
        pub user: User,
        /// The role of the user in the organization.
        pub role: OrganizationRole,
        /// When the user joined.
        pub joined_at: Timestamp,
    }
}
