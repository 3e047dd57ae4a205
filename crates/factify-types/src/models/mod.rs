//! The models of the v1beta document.
//!
//! Unknown fields are ignored, `null` is the same as absent, and a known field that comes twice is
//! an error.

mod organization;
mod organization_invite;
mod pagination;
mod user;

pub use organization::{Organization, OrganizationRole};
pub use organization_invite::{OrganizationInvite, OrganizationInviteStatus};
pub use pagination::Pagination;
pub use user::User;
