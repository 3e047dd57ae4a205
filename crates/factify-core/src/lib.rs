//! The exchange with the Factify API, without a socket.
//!
//! A Factify call is a value, an [`Operation`]. Encoding it, decoding its answer and deciding what
//! to do after a failure are pure functions; moving the bytes is left to an [`HttpTransport`]
//! (async) or a [`blocking::HttpTransport`]. `factify-hyper` and `factify-ureq` bring one each, and
//! `factify-sandbox` brings one that needs no network.
//!
//! ```
//! use factify_core::{ApiKey, BaseUrl, InviteId, Operation, OrganizationId, RevokeOrganizationInvite};
//!
//! let revoke = RevokeOrganizationInvite::new(
//!     OrganizationId::parse("org_01h2xcejqtf2nbrexx3vqjhp41")?,
//!     InviteId::parse("inv_01h2xcejqtf2nbrexx3vqjhp41")?,
//! );
//! let request = revoke.encode(&BaseUrl::production(), &ApiKey::new("ffy_test_example")?)?;
//! assert_eq!(request.method(), "POST");
//! assert_eq!(
//!     request.uri(),
//!     "https://api.factify.com/v1beta/organizations/org_01h2xcejqtf2nbrexx3vqjhp41\
//!      /invites/inv_01h2xcejqtf2nbrexx3vqjhp41/revoke",
//! );
//! assert_eq!(request.body().as_ref(), b"{}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Errors and outcomes
//!
//! Every failed call is an [`Error`]. [`Error::outcome`] answers the question that matters most
//! after a failure: was it applied? [`Error::kind`] says what happened, [`Error::api`] what the API
//! answered, and [`Error::report`] prints the whole story with what to do next.
//!
//! # Retries
//!
//! See [`RetryPolicy`] for the rules and [`Repeat`] for which operations may be sent again.
//!
//! # Watching
//!
//! An [`Observer`] is told about every attempt and call, for metrics. With the feature `tracing` each
//! call has a span and each attempt an event, with fields by OpenTelemetry's conventions for HTTP and
//! `factify.operation`, `factify.attempt`, `factify.wait_ms`, `factify.outcome` and
//! `factify.request_id`; never a header, a query or a body.
//!
//! # Lists
//!
//! A list is walked by [`Items`] or [`Pages`] (async) and [`blocking::Items`] or [`blocking::Pages`].
//! With the feature `stream`, which `factify-hyper` has on, the async ones are `futures_core::Stream`s
//! as well.
//!
//! # Compressed answers
//!
//! With the feature `gzip` a client can ask for compressed answers, over any transport: see
//! `ClientConfig::gzip`. The feature alone changes nothing.
//!
//! # Limits
//!
//! An attempt takes at most 30 seconds and a call at most two minutes, waits included; a response
//! body is at most 8 MiB. All three are settings of [`ClientConfig`].

mod api_error;
mod auth;
mod base_url;
pub mod blocking;
mod call;
mod client;
mod config;
mod decode;
mod encode;
mod error;
mod exchange;
#[cfg(feature = "gzip")]
mod inflate;
mod json_path;
mod observe;
mod operation;
mod operations;
mod options;
mod page;
mod rate_limit;
mod report;
mod response;
mod retry;
mod run;
mod scrub;
mod setup;
mod token;
#[cfg(feature = "tracing")]
mod trace;
mod transport;

pub use factify_types as types;
pub use factify_types::{
    AccessRequestId, ApiKeyId, BotId, DocumentId, EmailAddress, ErrorCode, ErrorReason, IdRef,
    InvalidEmailAddress, InviteId, Organization, OrganizationId, OrganizationInvite,
    OrganizationInviteStatus, Pagination, ParseIdError, ParseTimestampError, PolicyId, PrincipalId,
    Timestamp, User, UserId, VersionId,
};
pub use http;

pub use api_error::ApiError;
pub use auth::{ApiKey, InvalidApiKey};
pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use call::Call;
pub use client::Client;
pub use config::ClientConfig;
pub use decode::DecodeError;
pub use encode::{PathBuilder, QueryBuilder};
pub use error::{Error, ErrorKind, Outcome};
pub use exchange::{Action, Exchange};
pub use observe::{AttemptReport, CallReport, Observer};
pub use operation::{Operation, OperationInfo, Repeat};
pub use operations::invites::{
    AcceptOrganizationInvite, CreateOrganizationInvite, EnsureRevoked, EnsureRevokedCall,
    EnsureStep, Ensured, ListOrganizationInvites, OrganizationInvites, ResendOrganizationInvite,
    RevokeOrganizationInvite,
};
pub use operations::organizations::OrganizationResource;
pub use page::{InvalidPageSize, Items, Page, PageSize, PagedOperation, Pager, Pages};
pub use rate_limit::RateLimit;
pub use report::Report;
pub use response::ApiResponse;
pub use retry::RetryPolicy;
pub use setup::{BuildError, Proxy, Roots};
pub use token::{InvalidInvitationToken, InvitationToken};
pub use transport::{Delivery, HttpTransport, Limits, Now, TransportError, TransportErrorKind};
