//! The async transport of the Factify API, on hyper, tokio and rustls.
//!
//! ```no_run
//! use factify_core::BearerToken;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = factify_hyper::client(BearerToken::from_env()?)?;
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
//! - Each call of `send` makes one attempt, over HTTP/2 or HTTP/1.1 as the server prefers.
//! - It follows no redirects. A response of any status is `Ok`.
//! - The time limit of the attempt includes name lookup, connection, TLS, request and response.
//! - Reading stops as soon as a body is over the size limit.
//! - Connections are reused.
//! - It needs a tokio runtime with I/O and time enabled.
//!
//! # Proxies
//!
//! See [`Proxy`]. It supports HTTP `CONNECT` and SOCKS 5, with the schemes `http`, `socks5` and
//! `socks5h`.

mod body;
mod connect;
mod download;
mod error;
mod socket;
mod transport;

use factify_core::{Client, ClientConfig};

pub use factify_core::{BuildError, Proxy, Roots};
pub use transport::{Builder, HyperTransport};

/// A client with a default transport. An API key alone is enough.
///
/// # Errors
/// If TLS cannot be set up, or the environment names a proxy that is not usable: see [`BuildError`].
pub fn client(config: impl Into<ClientConfig>) -> Result<Client<HyperTransport>, BuildError> {
    Ok(Client::new(HyperTransport::builder().build()?, config))
}
