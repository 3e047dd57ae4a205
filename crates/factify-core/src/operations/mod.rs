//! The operations, a file for each resource.

pub(crate) mod invites;
pub(crate) mod organizations;
