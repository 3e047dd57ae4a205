//! The async transport of the Factify API, on hyper, tokio and rustls. Most programs use the crate
//! [`factify`](https://docs.rs/factify) with the feature `hyper`, which has this crate as `factify::hyper`.
//!
//! ```no_run
//! # mod factify { pub use factify_core::*; pub mod hyper { pub use factify_hyper::*; } }
//! use factify::ClientConfig;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = factify::hyper::client(ClientConfig::from_env()?)?;
//! let organization = client.organization("org_01h2xcejqtf2nbrexx3vqjhp41".parse()?);
//! let invite = organization
//!     .invites()
//!     .revoke("inv_01h2xcejqtf2nbrexx3vqjhp41".parse()?)
//!     .send()
//!     .await?;
//! println!("{} is {}", invite.email, invite.status);
//! # Ok(())
//! # }
//! ```
//!
//! # Behavior
//!
//! - [`HttpTransport::send`](factify_core::HttpTransport::send) makes one attempt,
//!   over HTTP/2 if the server supports it, and else over HTTP/1.1. The client retries.
//! - It follows no redirects. It returns `Ok` for a response of any status.
//! - The time limit of an attempt includes DNS lookup, connection, TLS, request and response.
//! - It stops reading a body that is over the size limit, and returns an error.
//! - A connection is reused if the server has sent nothing on it that belongs to no response, and if no
//!   call on it timed out or was dropped: a connection can be dead although it is open. While a call
//!   waits, pings of HTTP/2 test the connection.
//! - It accepts up to 64 interim responses (1xx) over HTTP/1.1 before a response.
//! - It needs a tokio runtime with I/O and time enabled. Several runtimes can share a client; each has
//!   its own connections.
//! - If a name has several addresses, the connect timeout is divided among them. Through a SOCKS proxy, only
//!   the first address is tried.
//!
//! # Proxies
//!
//! See [`Proxy`]. It supports HTTP `CONNECT` and SOCKS 5, with the schemes `http`, `socks5` and
//! `socks5h`.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod attempt;
mod body;
mod connect;
mod download;
mod error;
mod incoming;
mod polls;
mod pool;
mod sending;
mod socket;
mod socks;
mod transport;
mod wire;

use factify_core::{Client, ClientConfig};

pub use factify_core::{BuildError, Proxy, Roots};
pub use transport::{Builder, HyperTransport};

/// Creates a client with the default transport. It needs only an API key. For another proxy or other certificate
/// authorities, build the transport: see [`HyperTransport::builder`].
///
/// ```
/// # mod factify { pub use factify_core::*; pub mod hyper { pub use factify_hyper::*; } }
/// use factify::BearerToken;
///
/// let client = factify::hyper::client(BearerToken::new("ffy_test_example")?)?;
/// # let _ = client;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If TLS cannot be set up, or the environment names a proxy that is not usable: see [`BuildError`].
pub fn client(config: impl Into<ClientConfig>) -> Result<Client<HyperTransport>, BuildError> {
    Ok(Client::new(HyperTransport::builder().build()?, config))
}

// Tests the code of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
