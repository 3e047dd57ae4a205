//! The operations on invites.

mod accept;
mod create;
mod filter;
mod list;
mod resend;
mod revoke;
mod store;

use std::time::Duration;

use bytes::Bytes;
use factify_core::{ErrorReason, OrganizationInvite};
use serde::{Deserialize, Serialize};

use crate::respond::Refusal;
use crate::state::State;

pub(crate) use accept::accept;
pub(crate) use create::create;
pub(crate) use list::list;
pub(crate) use resend::resend;
pub(crate) use revoke::revoke;
pub(crate) use store::InviteStore;

/// How long an invite can be accepted.
pub(crate) const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[derive(Serialize)]
struct Envelope<'a> {
    invite: &'a OrganizationInvite,
}

/// The body of the operations that need none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

fn read_body<'a, T: Deserialize<'a>>(body: &'a Bytes) -> Result<T, Refusal> {
    // serde would take an array for an object.
    let object = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    serde_json::from_slice(body)
        .ok()
        .filter(|_| object)
        .ok_or_else(|| {
            let message = "The body is not the documented JSON object";
            Refusal::invalid(ErrorReason::InvalidFieldValue, "body", message)
        })
}

fn not_found() -> Refusal {
    Refusal::not_found("Invite not found")
}

/// Whether the address is that of a member.
fn is_member(state: &State, email: &str) -> bool {
    let mut members = state.people.members();
    members.any(|member| same_address(&member.email, email))
}

fn same_address(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
