//! The Factify API in a box: stateful, deterministic, in process or on a port.
//!
//! For tests of code that calls Factify, with no network:
//!
//! ```
//! use factify_core::{ApiKey, blocking::Client};
//! use factify_sandbox::{Persona, Sandbox};
//!
//! let sandbox = Sandbox::new(1);
//! let client = Client::new(sandbox.transport(), ApiKey::new(sandbox.key(Persona::Admin))?);
//! let organization = client.organization(sandbox.organization_id());
//! let invite = organization.invites().create("dwight@example.com".parse()?).send()?;
//! let revoked = organization.invites().revoke(invite.id).send()?;
//! assert_eq!(revoked.status.as_str(), "revoked");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! So far it serves the creation, the list and the revocation of invites.
//!
//! # Decisions where the API's documents are silent
//!
//! - The checks come in this order: key, ids, organization, permission, body or query, state.
//! - Somebody who is not a member of the organization gets 404, as if it were not there; a member
//!   who is neither owner nor admin gets 403 for every operation on invites.
//! - An invite lives for seven days, and is expired from that instant on.
//! - To revoke an invite that is not pending is refused with `failed_precondition`.
//! - Addresses are compared without regard to upper and lower case when inviting.
//! - Inviting an address that has a pending invite keeps its message unless there is a new one.
//! - Lists are in the order of creation, newest first. A page token is bound to the filters.
//! - A created.after equal to created.before is refused.
//! - Unknown routes are 404 and wrong methods on known ones 405, with the usual body.

mod handle;
mod invites;
mod query;
mod respond;
mod server;
mod state;
mod transport;

pub use server::SandboxServer;
pub use state::{Email, Persona, Sandbox};
pub use transport::SandboxTransport;
