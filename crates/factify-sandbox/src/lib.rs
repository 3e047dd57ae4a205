//! An in-memory Factify API: stateful, deterministic, in process or on a port.
//!
//! Use it to test code that calls Factify, without a network:
//!
//! ```
//! use factify_sandbox::{Persona, Sandbox};
//!
//! let sandbox = Sandbox::new(1);
//! let client = sandbox.blocking_client(Persona::Admin);
//! let organization = client.organization(sandbox.organization_id());
//! let invite = organization.invites().create("dwight@example.com".parse()?).send()?;
//! let revoked = organization.invites().revoke(invite.id).send()?;
//! assert_eq!(revoked.status.as_str(), "revoked");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It serves every operation of `factify_core::OPERATIONS`. A [`FaultPlan`] injects faults,
//! [`Sandbox::outbox`] returns the emails, and [`Sandbox::advance`] moves the clock forward. The feature `server`,
//! on by default, adds `SandboxServer`, which serves the sandbox on a port.
//!
//! # Behavior that the API does not document
//!
//! Requests:
//!
//! - The order of the checks is: rate limit, key, route, content type, ids, organization, permission,
//!   body or query, state.
//! - A request has the permissions of the user who owns the key. The email address of every user is
//!   verified.
//! - Every user may accept an invite. For all other operations, a user who is not a member of the
//!   organization gets 404, and a member who is neither owner nor admin gets 403.
//! - A body must have the documented content type. If not, the response is 415. A body of more than 1 MiB
//!   gets 413 before all other checks.
//! - On a port, a request needs exactly one valid `Host` and a complete body. If not, the response is 400.
//! - Unknown query parameters are refused. Unknown fields and duplicate fields of a JSON object are refused
//!   too.
//! - An empty query parameter is the same as an absent one. A `null` field of a JSON object is the same as
//!   an absent field.
//! - Unknown routes get 404, and wrong methods on known routes get 405, with the usual error body.
//!   Percent-encoded characters of a path mean the same as the characters themselves.
//! - Every response has the header `Date`, from the sandbox's clock.
//! - The rate limit counts the requests in each minute of the clock. Only `createOrganizationInvite` counts
//!   for the limit of requests that create. Requests without a known key share one limit.
//! - A revoked key gets the same error as an unknown one (`invalid_api_key`). A key is refused from the
//!   exact time of its expiry on (`expired_api_key`).
//!
//! Invites:
//!
//! - An invite expires after exactly seven days.
//! - Email addresses are case-insensitive.
//! - If an address already has a pending invite, a new request does not create another one. The invite keeps
//!   its sender. It keeps its message too, unless the request has a new message. Each email makes the
//!   earlier tokens of the invite invalid.
//! - Resending an expired invite makes it pending again, unless the address has another pending invite
//!   or now belongs to a member. Resending an accepted or revoked invite is refused with
//!   `failed_precondition`.
//! - Revoking an invite that is not pending is refused with `failed_precondition`.
//! - If the token is of an accepted invite, a member gets `failed_precondition` and another user 404. A token
//!   gets 404 if it is unknown, if a newer email replaced it, or if its invite is revoked or expired. A user
//!   who accepts becomes a member with the role `member`.
//! - Lists are ordered by creation time, newest first. A page token is valid only with the filters of the
//!   list that returned it. A list whose `created.after` and `created.before` are equal is refused.

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
mod target;
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
