//! The operations, a file for each resource.

pub mod invites;
pub mod organizations;
