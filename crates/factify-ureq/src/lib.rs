//! The blocking transport of the Factify API, on ureq and rustls.
//!
//! ```no_run
//! use factify_core::BearerToken;
//!
//! let client = factify_ureq::client(BearerToken::from_env()?)?;
//! let organization = client.organization("org_01h2xcejqtf2nbrexx3vqjhp41".parse()?);
//! let invite = organization
//!     .invites()
//!     .revoke("inv_01h2xcejqtf2nbrexx3vqjhp41".parse()?)
//!     .send()?;
//! println!("{} is {}", invite.email, invite.status);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! No runtime is started: it works inside and outside of async code, where it blocks the thread that
//! it is called on. ureq looks up names on a thread of its own, so that a lookup ends in time.
//!
//! # What the transport promises
//!
//! One attempt per call of `send`, over HTTP/1.1; no redirect is followed; any status is a response;
//! name lookup, connection, TLS, request and response share the attempt's time; a body over the limit
//! is refused while it is read. Connections are kept and used again.
//!
//! # Proxies
//!
//! See [`Proxy`]. HTTP `CONNECT` and SOCKS are spoken: `http`, `https`, `socks4`, `socks4a`, `socks5`
//! and `socks5h`.

mod conceal;
mod connect;
mod error;
mod socket;
mod transfer;
mod transport;

use factify_core::ClientConfig;
use factify_core::blocking::Client;

pub use factify_core::{BuildError, Proxy, Roots};
pub use transport::{Builder, UreqTransport};

/// A client on a transport with the default settings. An API key alone is enough.
///
/// # Errors
/// When the environment names a proxy that cannot be used; see [`BuildError`].
pub fn client(config: impl Into<ClientConfig>) -> Result<Client<UreqTransport>, BuildError> {
    Ok(Client::new(UreqTransport::builder().build()?, config))
}
