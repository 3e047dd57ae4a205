//! The models of the v1beta document, a module for each area of the API.
//!
//! Unknown fields are ignored, `null` is the same as absent, and a duplicate known field is an error.

pub mod access_requests;
pub mod api_keys;
pub mod documents;
pub mod invites;
pub mod members;
pub mod organizations;
pub(crate) mod pagination;
pub mod policies;
pub mod sharing;
pub mod timelines;
pub mod usage;
pub mod users;
pub mod versions;
