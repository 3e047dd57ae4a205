//! The Rust SDK for the [Factify](https://factify.com) API. Calls are typed. Each error says whether the
//! call was applied.
//!
//! Choose a transport with a feature: `hyper` for async code on tokio, `ureq` for blocking code.
//!
//! ```toml
//! [dependencies]
//! factify = { version = "0.1", features = ["hyper"] }
//! ```
//!
//! # Async
//!
#![cfg_attr(feature = "hyper", doc = "```no_run")]
#![cfg_attr(not(feature = "hyper"), doc = "```ignore")]
//! use factify::ClientConfig;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = factify::hyper::client(ClientConfig::from_env()?)?;
//! let organization = client.organization("org_01h2xcejqtf2nbrexx3vqjhp41".parse()?);
//! let invite_id = "inv_01h2xcejqtf2nbrexx3vqjhp41".parse()?;
//! let invite = organization.invites().revoke(invite_id).send().await?;
//! println!("{} is {}", invite.email, invite.status);
//! # Ok(())
//! # }
//! ```
//!
//! # Blocking
//!
#![cfg_attr(feature = "ureq", doc = "```no_run")]
#![cfg_attr(not(feature = "ureq"), doc = "```ignore")]
//! use factify::ClientConfig;
//!
//! let client = factify::ureq::client(ClientConfig::from_env()?)?;
//! let organization = client.organization("org_01h2xcejqtf2nbrexx3vqjhp41".parse()?);
//! let invite_id = "inv_01h2xcejqtf2nbrexx3vqjhp41".parse()?;
//! let invite = organization.invites().revoke(invite_id).send()?;
//! println!("{} is {}", invite.email, invite.status);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # In your tests
//!
//! Enable the feature `sandbox` in your dev-dependencies. It is an in-memory implementation of the API.
//!
#![cfg_attr(feature = "sandbox", doc = "```")]
#![cfg_attr(not(feature = "sandbox"), doc = "```ignore")]
//! use factify::sandbox::{Persona, Sandbox};
//!
//! let sandbox = Sandbox::new(1);
//! let client = sandbox.blocking_client(Persona::Admin);
//! let invites = client.organization(sandbox.organization_id()).invites();
//! let invite = invites.create("dwight@example.com".parse()?).send()?;
//! assert_eq!(invites.revoke(invite.id).send()?.status.as_str(), "revoked");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Errors
//!
//! Every failed call returns an [`Error`]. [`Error::outcome`] says whether the call was applied,
//! [`Error::kind`] says what happened, and [`Error::report`] adds what to do next. [`RetryPolicy`] says
//! after which errors the client retries.
//!
//! # Uploads, downloads and your own transport
//!
//! A [`RequestBody`] streams a file or your own data source.
//! [`DocumentResource::download`](documents::DocumentResource::download) writes a file of any length, and goes on after
//! a break. [`Client::download`] reads from a [`PresignedUrl`] in chunks. All use constant memory. To use another HTTP client, implement
//! [`HttpTransport`] or [`blocking::HttpTransport`].
//!
//! # The content of documents
//!
//! With the feature `records` you can read what the API read from a file.
//!
#![cfg_attr(all(feature = "records", feature = "sandbox"), doc = "```")]
#![cfg_attr(not(all(feature = "records", feature = "sandbox")), doc = "```ignore")]
//! use factify::Upload;
//! use factify::records::DataCell;
//! use factify::sandbox::{Persona, Sandbox};
//!
//! let sandbox = Sandbox::new(1);
//! let client = sandbox.blocking_client(Persona::Admin);
//! let file = Upload::bytes("sales.csv", "branch,reams\nScranton,1200\nUtica,800\n");
//! let document = client.documents().create(file, "Sales").send()?;
//! let document = client.document(document.id).wait_until_processed().send()?;
//! let version = document.current_version.and_then(|version| version.id.id());
//! let record = client.version(version.ok_or("it has no version")?).record().send()?;
//! let rows = record.spreadsheet().into_iter().flat_map(|spreadsheet| spreadsheet.rows());
//! let reams: f64 = rows.filter_map(|row| row.get("reams")?.as_number()).sum();
//! assert_eq!(reams, 2000.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Guides
//!
//! The [guides](https://docs.rs/factify/latest/factify/guide/index.html) have a page for each subject: getting started,
//! errors, retries, lists, uploads and downloads, testing, axum, blocking jobs, your own transport, observability, security,
//! and how to come from the TypeScript or the Python SDK.
//!
//! # Modules
//!
//! The root has the common types. Each area of the API has a module with its operations and models:
//! [`access_requests`], [`api_keys`], [`documents`], [`entry_pages`], [`invites`],
//! [`members`], [`organizations`], [`policies`], [`sharing`], [`timelines`], [`usage`], [`users`], [`versions`]. [`blocking`] has the blocking
//! client.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `hyper` | `factify::hyper`, the async transport |
//! | `ureq` | `factify::ureq`, the blocking transport |
//! | `sandbox`, `sandbox-server` | `factify::sandbox`, a simulated API, in process or on a port |
//! | `records` | the content of documents: `records`, `VersionResource::record` |
//! | `gzip` | compressed responses: `ClientConfig::gzip` |
//! | `stream` | lists and downloads as `futures_core::Stream`; `hyper` enables it |
//! | `tracing` | a span for each call, an event for each attempt |
//! | `chrono04`, `jiff02`, `time03` | conversions of [`Timestamp`] |
//! | `arbitrary1`, `proptest1` | values for fuzzing and property tests |
//! | `serve` | reading requests and writing responses, for servers that imitate the API |
//!
//! No feature is on by default. All features are additive.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(inline)]
pub use factify_core::*;

// Only for the documentation, and for the tests of its code.
#[cfg(all(
    any(doc, doctest),
    feature = "hyper",
    feature = "records",
    feature = "sandbox-server",
    feature = "tracing",
    feature = "ureq",
))]
pub mod guide;

/// The async transport, on hyper, tokio and rustls.
#[cfg(feature = "hyper")]
pub mod hyper {
    #[doc(inline)]
    pub use factify_hyper::*;
}

/// The blocking transport, on ureq and rustls.
#[cfg(feature = "ureq")]
pub mod ureq {
    #[doc(inline)]
    pub use factify_ureq::*;
}

/// A simulated Factify API for tests. The crate [`factify_sandbox`](https://docs.rs/factify-sandbox) lists its behavior
/// and its limits.
#[cfg(feature = "sandbox")]
pub mod sandbox {
    #[doc(inline)]
    pub use factify_sandbox::*;
}
