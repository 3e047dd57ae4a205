//! The implementation of each operation, a file for each area of the API.

mod access_requests;
mod api_keys;
pub(crate) mod documents;
mod entry_pages;
mod invites;
pub(crate) mod members;
mod organizations;
mod policies;
mod sharing;
mod timelines;
mod usage;
mod users;
mod versions;
