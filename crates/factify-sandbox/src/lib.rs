//! An in-memory Factify API: stateful, deterministic, in process or on a port.
//!
//! Use it to test code that calls Factify, without a network:
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
//! It serves every operation of `factify_core::OPERATIONS`. A [`FaultPlan`] injects faults,
//! [`Sandbox::outbox`] has the emails, and [`Sandbox::advance`] moves the clock. The feature `server`,
//! on by default, adds `SandboxServer`, which serves the sandbox on a port.
//!
//! # Behavior that the API does not document
//!
//! Requests:
//!
//! - The order of the checks is: rate limit, key, route, content type, ids, organization, permission,
//!   body or query, state.
//! - A key acts for its user. The user's email address is verified.
//! - Every user may accept an invite. For all other operations, a user who is not a member of the
//!   organization gets 404, and a member who is neither owner nor admin gets 403.
//! - A body must have the documented content type (else 415). Undocumented parameters of a query or an
//!   object are refused, and so is a duplicate name in an object.
//! - In a query, an empty value means that the parameter is absent; in an object, `null` does.
//! - Unknown routes get 404, and wrong methods on known routes get 405, with the usual error body.
//! - The rate limit counts clock minutes. Only inviting counts as a creation. Requests without a known
//!   key share one limit.
//! - A revoked key is refused like an unknown one (`invalid_api_key`). At the exact time of its expiry
//!   a key has expired (`expired_api_key`).
//!
//! Invites:
//!
//! - An invite expires after exactly seven days.
//! - Email addresses are case-insensitive.
//! - Inviting an address that has a pending invite keeps that invite and its sender, and its message
//!   unless there is a new one. Each email invalidates the earlier tokens.
//! - Resending an expired invite makes it pending again, unless the address has another pending invite
//!   or now belongs to a member. Resending an accepted or revoked invite is refused with
//!   `failed_precondition`.
//! - Revoking an invite that is not pending is refused with `failed_precondition`.
//! - Accepting with the token of an accepted invite gets `failed_precondition` for a member and 404 for
//!   others. A revoked, expired, superseded or unknown token gets 404. A user who accepts becomes a
//!   member with the role `member`.
//! - Lists are ordered by creation, newest first. A page token is valid only with the same filters.
//!   Equal bounds of `created` are refused.

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
