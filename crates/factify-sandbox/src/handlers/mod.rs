//! The implementation of each operation, a file for each area of the API.

mod api_keys;
pub(crate) mod documents;
mod invites;
mod members;
mod organizations;
mod usage;
mod users;
mod versions;
