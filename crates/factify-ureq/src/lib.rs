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
//! It starts no runtime. You can use it in async code too, where it blocks the calling thread. ureq looks
//! up names on a separate thread, so that a lookup has a time limit.
//!
//! # Behavior
//!
//! - Each call of `send` makes one attempt, over HTTP/1.1.
//! - It follows no redirects. A response of any status is `Ok`.
//! - The time limit of the attempt includes name lookup, connection, TLS, request and response.
//! - Reading stops as soon as a body is over the size limit.
//! - Connections are reused.
//!
//! # Transfers
//!
//! A transfer is limited by [`TransferLimits`](factify_core::TransferLimits). Until its head is through,
//! name lookup, connection, request and response head each have the time of the attempt. A stalled upload
//! is noticed after up to four times the idle limit, because ureq restarts it with each partial write.
//!
//! # Proxies
//!
//! See [`Proxy`]. It supports HTTP `CONNECT` and SOCKS, with the schemes `http`, `https`, `socks4`,
//! `socks4a`, `socks5` and `socks5h`.

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

/// A client with a default transport. An API key alone is enough.
///
/// # Errors
/// If the environment names a proxy that is not usable: see [`BuildError`].
pub fn client(config: impl Into<ClientConfig>) -> Result<Client<UreqTransport>, BuildError> {
    Ok(Client::new(UreqTransport::builder().build()?, config))
}
