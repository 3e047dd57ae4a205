//! Offboards a person from an organization.

mod documents;
mod invites;
pub(crate) mod machine;
mod members;
mod report;

pub use report::{OffboardDocument, OffboardItem, OffboardReport, OffboardState, OffboardSubject};
