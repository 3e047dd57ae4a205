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
//! # What the transport promises
//!
//! One attempt per call of `send`, over HTTP/2 or HTTP/1.1 as the server prefers; no redirect is
//! followed; any status is a response; name lookup, connection, TLS, request and response share the
//! attempt's time; a body over the limit is refused while it is read. Connections are kept and used
//! again. It must be used within a tokio runtime that has its I/O and time enabled.
//!
//! # Proxies
//!
//! See [`Proxy`]. HTTP `CONNECT` and SOCKS 5 are spoken: `http`, `socks5` and `socks5h`.

mod body;
mod connect;
mod download;
mod error;
mod transport;

use factify_core::{Client, ClientConfig};

pub use factify_core::{BuildError, Proxy, Roots};
pub use transport::{Builder, HyperTransport};

/// A client on a transport with the default settings. An API key alone is enough.
///
/// # Errors
/// When TLS cannot be set up, or the environment names a proxy that cannot be used; see
/// [`BuildError`].
pub fn client(config: impl Into<ClientConfig>) -> Result<Client<HyperTransport>, BuildError> {
    Ok(Client::new(HyperTransport::builder().build()?, config))
}
