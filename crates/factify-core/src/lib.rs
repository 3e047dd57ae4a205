//! Operations, clients and retries for the Factify API, without sockets. Most programs use the crate
//! [`factify`](https://docs.rs/factify), which has this crate and a transport.
//!
//! An [`Operation`] is a value that describes a call of the API. Pure functions encode its request, decode
//! its response, and decide what to do after an error. An [`HttpTransport`] (async) or a
//! [`blocking::HttpTransport`] sends the request and receives the response. `factify-hyper` has an async
//! transport, `factify-ureq` a blocking one, and `factify-sandbox` one that uses no network.
//!
//! ```
//! # extern crate factify_core as factify;
//! use factify::invites::RevokeOrganizationInvite;
//! use factify::{BaseUrl, BearerToken, InviteId, Operation, OrganizationId};
//!
//! let revoke = RevokeOrganizationInvite::new(
//!     OrganizationId::parse("org_01h2xcejqtf2nbrexx3vqjhp41")?,
//!     InviteId::parse("inv_01h2xcejqtf2nbrexx3vqjhp41")?,
//! );
//! let request = revoke.encode(&BaseUrl::production(), &BearerToken::new("ffy_test_example")?)?;
//! assert_eq!(request.method(), "POST");
//! assert_eq!(
//!     request.uri(),
//!     "https://api.factify.com/v1beta/organizations/org_01h2xcejqtf2nbrexx3vqjhp41\
//!      /invites/inv_01h2xcejqtf2nbrexx3vqjhp41/revoke",
//! );
//! assert_eq!(request.into_body().into_bytes()?, "{}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Modules
//!
//! The root has what every program uses. Each area of the API has a module with its operations and
//! models: [`access_requests`], [`api_keys`], [`documents`], [`entry_pages`], [`invites`],
//! [`members`], [`organizations`], [`policies`], [`sharing`], [`timelines`], [`usage`], [`users`], [`versions`].
//!
//! # Errors and outcomes
//!
//! Every failed call returns an [`Error`]. [`Error::outcome`] says whether the call was applied,
//! [`Error::kind`] what happened, and [`Error::api`] returns the API's error. Each code of the API belongs
//! to a predicate, such as [`Error::is_not_found`] or [`Error::is_conflict`]. [`Error::report`] prints the
//! details and what to do next.
//!
//! # Retries
//!
//! See [`RetryPolicy`] for the rules. [`OperationInfo::idempotent`] says which operations are
//! idempotent.
//!
//! # Observing
//!
//! An [`Observer`] sees every attempt and call, for metrics: also a call whose future was dropped. The
//! labels of [`ErrorKind::as_str`] and [`Outcome::as_str`] are stable. An `ensure_…` call is one call.
//!
//! With the feature `tracing` each call has a span and each attempt an event, with the target `factify`. They have the fields of
//! OpenTelemetry's conventions for HTTP, and `factify.operation`, `factify.attempt`, `factify.wait_ms`,
//! `factify.outcome`, `factify.elapsed_ms` and `factify.request_id`. They never have a header, a query or a
//! body.
//!
//! # Lists
//!
//! [`Items`] and [`Pages`] (async) or [`blocking::Items`] and [`blocking::Pages`] walk a list. They own a
//! clone of the client, so you can store them, or stream a response from them. An item that cannot be read
//! is an error in its place and hides no other item. With the feature `stream`, which `factify-hyper`
//! enables, the async ones also implement `futures_core::Stream`.
//!
//! # Uploads and downloads
//!
//! A [`RequestBody`] has a known length and is the same in every attempt: bytes, a file, or a
//! [`BodySource`] of your own. Both transports stream it, so memory does not grow with a file. An
//! [`Upload`] is a file of a multipart form. [`Call::on_progress`] reports how far it is.
//!
//! [`DocumentResource::download`](documents::DocumentResource::download) writes the file of a document into a
//! file or a writer, or returns its chunks, and goes on if the connection breaks. [`Client::download`]
//! fetches any [`PresignedUrl`] in chunks, once. Neither request has the bearer token.
//!
//! A transfer has no time limit while its bytes keep moving: see [`TransferLimits`].
//!
//! # Your own transport
//!
//! [`HttpTransport`] and [`blocking::HttpTransport`] have complete examples. What they need of other
//! crates is here too: [`async_trait`](macro@async_trait), [`bytes`] and [`http`].
//!
//! # The content of documents
//!
//! With the feature `records`, the module `records` has the types of what the API read from a document, and the
//! method `VersionResource::record` returns it.
//!
//! # Compressed responses
//!
//! With the feature `gzip` a client can request compressed responses over any transport: see
//! `ClientConfig::gzip`. The feature alone changes nothing.
//!
//! # Limits
//!
//! An attempt takes at most 30 seconds and a call at most two minutes, including waits; a response body
//! is at most 8 MiB, that of a record 64 MiB. All three are settings of [`ClientConfig`]. A request body of
//! more than 64 KiB, and the body of a download, have the limits of a transfer instead: no pause of 30
//! seconds, and at least 8 KiB a second.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod base_url;
mod bearer_token;
mod client;
#[doc(hidden)]
pub mod environment;
mod error;
mod exchange;
mod from_text;
mod json_text;
mod labels;
mod operation;
mod operations;
mod pace;
mod page;
mod presigned_url;
mod rate_limit;
mod scrub;
mod transport;
mod wire;

/// The blocking client and its transport: the same API as the async ones, without `await`.
pub mod blocking {
    pub use crate::client::BlockingFileChunks as FileChunks;
    pub use crate::client::blocking::Client;
    pub use crate::client::download::BlockingDownload as Download;
    pub use crate::page::{BlockingItems as Items, BlockingPages as Pages};
    pub use crate::transport::blocking::{HttpTransport, ResponseBody};
}

/// Makes the async methods of [`HttpTransport`] work in trait objects.
#[doc(inline)]
pub use async_trait::async_trait;
#[doc(no_inline)]
pub use bytes;
#[doc(no_inline)]
pub use factify_types as types;
#[cfg(feature = "records")]
#[doc(inline)]
pub use factify_types::records;
pub use factify_types::{
    AccessRequestId, ApiKeyId, BotId, DocumentId, EmailAddress, ErrorCode, ErrorReason, IdRef,
    InvalidEmailAddress, InvalidId, InvalidTimestamp, InviteId, OrganizationId, Pagination,
    PolicyId, PrincipalId, Timestamp, UserId, VersionId,
};
#[doc(no_inline)]
pub use http;
#[doc(no_inline)]
pub use serde_json;

pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use bearer_token::{BearerToken, InvalidBearerToken};
pub use client::download::{Download, DownloadCall};
pub use client::{
    ApiResponse, AttemptReport, Call, CallReport, Client, ClientConfig, EnsureCall, Observer,
};
pub use environment::InvalidVariable;
pub use error::{ApiError, Error, ErrorKind, ErrorReport, Outcome};
pub use exchange::{Action, Exchange, RetryPolicy};
pub use operation::{
    Operation, OperationInfo, ParameterInfo, ParameterPlace, RawRequest, Rejection,
};
#[cfg(feature = "serve")]
pub use operation::{PathValues, ServeOperation};
pub use operations::{
    OPERATIONS, access_requests, api_keys, documents, entry_pages, invites, members, organizations,
    policies, sharing, timelines, usage, users, versions,
};
pub use pace::{LocalPace, Pace, PacedAttempt, PacedRequest};
pub use page::{
    ItemError, Items, MAX_PAGE_SIZE, Page, PageItems, PageSize, PagedOperation, Pager, Pages,
};
pub use presigned_url::{InvalidPresignedUrl, PresignedUrl, SensitiveUrl};
pub use rate_limit::RateLimit;
/// The code for proxies that the transports of this workspace share.
#[doc(hidden)]
pub mod proxy {
    pub use crate::transport::proxy::{
        Exemptions, ProxyLogin, ProxyRefusal, ProxyRules, SocksHandshake, SocksStep,
    };
}
pub use transport::{
    BodyReader, BodySource, BuildError, Delivery, HttpTransport, Limits, Now, PollChunk, Progress,
    Proxy, RequestBody, ResponseBody, Roots, SensitiveResponse, TlsRecords, TransferLimits,
    TransferWatch, TransportError, TransportErrorKind,
};
#[doc(hidden)]
pub use transport::{MAX_INTERIMS, TooManyInterims, check_framing};
#[cfg(feature = "serve")]
pub use wire::InvalidRequest;
pub use wire::{
    Body, DecodeError, Form, InvalidParameter, LimitUnit, ParameterLimit, PathBuilder,
    QueryBuilder, Upload, decode_json,
};

// Tests the code of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
