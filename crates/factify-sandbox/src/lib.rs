//! The Factify API in a box: stateful, deterministic, in process or on a port.
//!
//! For tests of code that calls Factify, with no network:
//!
//! ```
//! use factify_core::{BearerToken, blocking::Client};
//! use factify_sandbox::{Persona, Sandbox};
//!
//! let sandbox = Sandbox::new(1);
//! let client = Client::new(sandbox.transport(), BearerToken::new(sandbox.key(Persona::Admin))?);
//! let organization = client.organization(sandbox.organization_id());
//! let invite = organization.invites().create("dwight@example.com".parse()?).send()?;
//! let revoked = organization.invites().revoke(invite.id).send()?;
//! assert_eq!(revoked.status.as_str(), "revoked");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It serves every operation of `factify_core::OPERATIONS`. Faults are injected by a [`FaultPlan`], emails lie in
//! [`Sandbox::outbox`], and the clock is moved by [`Sandbox::advance`]. The feature `server`, on by
//! default, brings `SandboxServer`, which serves the same on a port.
//!
//! # Decisions where the API's documents are silent
//!
//! Of requests:
//!
//! - The checks come in this order: rate limit, key, route, content type, ids, organization,
//!   permission, body or query, state.
//! - A key acts for its user, whose address is verified.
//! - Every user may accept an invite. For all other operations, a user who is not a member of the
//!   organization gets 404, and a member who is neither owner nor admin gets 403.
//! - A body must be of the documented content type (else 415). A query or an object with other parameters than
//!   the documented ones is refused, and so is an object with the same name twice.
//! - Of a query, an empty value is as good as none; of an object, `null` is.
//! - Unknown routes are 404 and wrong methods on known ones 405, with the usual body.
//! - The minutes of the rate limit are those of the clock. Only inviting counts as a creation.
//!   Requests without a known key share one limit.
//! - A revoked key is as good as an unknown one (`invalid_api_key`); at the instant of its expiry a
//!   key has expired (`expired_api_key`).
//!
//! Of invites:
//!
//! - One lives for seven days, and has expired from that instant on.
//! - Addresses are compared without regard to upper and lower case.
//! - Inviting an address that has a pending invite keeps its message unless there is a new one, and
//!   its sender always. Each email makes the tokens before it void.
//! - To resend an expired invite revives it, unless its address has another one that is pending or
//!   is a member's by now. To resend one that was accepted or revoked is refused with
//!   `failed_precondition`.
//! - To revoke one that is not pending is refused with `failed_precondition`.
//! - To accept with a token whose invite was accepted is `failed_precondition` for a member and 404
//!   for others; with one that is revoked, expired, superseded or unknown, 404. Who accepts becomes
//!   a member with the role `member`.
//! - Lists are in the order of creation, newest first. A page token is bound to the filters. Equal
//!   bounds of `created` are refused.

mod access;
mod clock;
#[cfg(feature = "server")]
mod control;
mod fault;
mod handlers;
mod outbox;
mod page;
mod rate_limit;
mod respond;
mod routes;
mod sandbox;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "server")]
mod transfers;
mod transport;
mod world;

pub use fault::{Fault, FaultPlan};
pub use outbox::Email;
pub use sandbox::{Builder, Sandbox, SandboxUser};
#[cfg(feature = "server")]
pub use server::SandboxServer;
pub use transport::SandboxTransport;
pub use world::Persona;
