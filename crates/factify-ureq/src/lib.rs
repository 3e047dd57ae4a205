//! The blocking transport of the Factify API, on ureq and rustls. Most programs use the crate
//! [`factify`](https://docs.rs/factify) with the feature `ureq`, which has this crate as `factify::ureq`.
//!
//! ```no_run
//! # mod factify { pub use factify_core::*; pub mod ureq { pub use factify_ureq::*; } }
//! use factify::ClientConfig;
//!
//! let client = factify::ureq::client(ClientConfig::from_env()?)?;
//! let organization = client.organization("org_01h2xcejqtf2nbrexx3vqjhp41".parse()?);
//! let invite = organization
//!     .invites()
//!     .revoke("inv_01h2xcejqtf2nbrexx3vqjhp41".parse()?)
//!     .send()?;
//! println!("{} is {}", invite.email, invite.status);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It starts no runtime. In async code, call it where blocking is allowed, for example in
//! `tokio::task::spawn_blocking`. ureq looks up names on a separate thread, so that a lookup has a time limit.
//!
//! # Behavior
//!
//! - [`HttpTransport::send`](factify_core::blocking::HttpTransport::send) makes one attempt,
//!   over HTTP/1.1. The client retries.
//! - It follows no redirects. It returns `Ok` for a response of any status.
//! - The time limit of an attempt includes DNS lookup, connection, TLS, request and response.
//! - It stops reading a body that is over the size limit, and returns an error.
//! - A connection is reused if the server has sent nothing on it that belongs to no response.
//! - It accepts up to 64 interim responses (1xx) before a response.
//! - If a name has several addresses, they are tried in order. Through a SOCKS proxy, only the first one is.
//!
//! # Transfers
//!
//! [`TransferLimits`](factify_core::TransferLimits) limits an upload or a download. DNS lookup, connection,
//! request head and response head then each have the time limit of an attempt. It can take up to four times
//! the idle limit to detect a stalled upload, because ureq restarts the idle timer after each partial write.
//!
//! # Proxies
//!
//! See [`Proxy`]. It supports HTTP `CONNECT` and SOCKS, with the schemes `http`, `https`, `socks4`,
//! `socks4a`, `socks5` and `socks5h`.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod conceal;
mod connect;
mod error;
mod framing;
mod incoming;
mod plaintext;
mod roots;
mod socket;
mod socks;
mod transfer;
mod transport;

use factify_core::ClientConfig;
use factify_core::blocking::Client;

pub use factify_core::{BuildError, Proxy, Roots};
pub use transport::{Builder, UreqTransport};

/// Creates a client with the default transport. It needs only an API key. For another proxy or other certificate
/// authorities, build the transport: see [`UreqTransport::builder`].
///
/// ```
/// # mod factify { pub use factify_core::*; pub mod ureq { pub use factify_ureq::*; } }
/// use factify::BearerToken;
///
/// let client = factify::ureq::client(BearerToken::new("ffy_test_example")?)?;
/// # let _ = client;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the environment names a proxy that is not usable: see [`BuildError`].
pub fn client(config: impl Into<ClientConfig>) -> Result<Client<UreqTransport>, BuildError> {
    Ok(Client::new(UreqTransport::builder().build()?, config))
}

// Tests the code of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
