//! The types of the Factify API: validated IDs, models and error bodies. Most programs use the crate
//! [`factify`](https://docs.rs/factify), which has these types too.
//!
//! This crate has no I/O and no HTTP. It is `no_std`, and needs `alloc`.
//!
//! ```
//! # extern crate factify_types as factify;
//! use factify::{InviteId, UserId};
//!
//! let id: InviteId = "inv_01h2xcejqtf2nbrexx3vqjhp41".parse()?;
//! assert_eq!(id.as_str(), "inv_01h2xcejqtf2nbrexx3vqjhp41");
//!
//! let wrong = "user_01h2xcejqtf2nbrexx3vqjhp41".parse::<InviteId>().unwrap_err();
//! assert_eq!(wrong.to_string(), "not an invite id: that is a user id; an invite id starts with inv_");
//!
//! // The compiler checks a literal.
//! const SENDER: UserId = UserId::literal("user_01h2xcejqtf2nbrexx3vqjhp41");
//! # let _ = SENDER;
//! # Ok::<(), factify::InvalidId>(())
//! ```
//!
//! # Strict in requests, lenient in responses
//!
//! A request cannot contain an invalid value. Responses are read leniently, except for the ID of a resource
//! itself, which must be valid. A reference in a response, such as the sender of an invite, is an [`IdRef`],
//! which keeps the text even if it is not a valid ID. An enum also accepts values that this version does not
//! know. Unknown fields are ignored, and `null` is the same as an absent field. So additions to the API do
//! not break a client.
//!
//! # Formats
//!
//! JSON has the API's format. IDs, times, addresses, references, enums and models also work with binary
//! formats, even with those that are not self-describing, such as postcard: there a model is written with
//! all its fields, so another version of this crate may not be able to read it. An [`ErrorBody`] can be
//! read only from a self-describing format, and so can the content of a document.
//!
//! # Modules
//!
//! IDs, times, addresses and error bodies are at the root. The models of each area of the API have a
//! module: [`access_requests`], [`api_keys`], [`documents`], [`invites`], [`members`], [`organizations`],
//! [`policies`], [`sharing`], [`timelines`], [`usage`], [`users`], [`versions`].
//!
//! # Features
//!
//! - `std` (default): `Timestamp::now`, and conversions between [`Timestamp`] and `std::time::SystemTime`.
//! - `jiff02`, `time03`, `chrono04`: conversions between [`Timestamp`] and the types of these crates.
//! - `records`: the content of documents, in the module `records`. It needs `std`.
//! - `arbitrary1`, `proptest1`: `Arbitrary` of these crates for every ID, time, address and model, for
//!   your own fuzzing and property tests.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![no_std]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

#[macro_use]
mod model;
#[macro_use]
mod open_enum;
mod email;
mod error_body;
#[cfg(feature = "arbitrary1")]
mod generate;
mod id;
mod models;
mod object;
#[doc(hidden)]
pub mod parameter;
#[cfg(feature = "records")]
pub mod records;
mod timestamp;

pub use email::{EmailAddress, InvalidEmailAddress};
pub use error_body::{ErrorBody, ErrorCode, ErrorDetail, ErrorReason};
pub use id::{
    AccessRequestId, ApiKeyId, BotId, DocumentId, Id, IdKind, IdProblem, IdRef, InvalidId,
    InviteId, OrganizationId, PolicyId, PrincipalId, RecipientId, UserId, VersionId,
};
#[doc(hidden)]
pub use model::null_is_default;
pub use models::pagination::Pagination;
pub use models::{
    access_requests, api_keys, documents, invites, members, organizations, policies, sharing,
    timelines, usage, users, versions,
};
pub use object::Struct;
pub use open_enum::UnknownValue;
pub use timestamp::{InvalidTimestamp, Timestamp, TimestampOutOfRange};

// Tests the code of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
