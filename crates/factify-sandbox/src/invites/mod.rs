//! The operations on invites.

mod accept;
mod create;
mod filter;
mod list;
mod resend;
mod revoke;

use std::time::Duration;

use bytes::Bytes;
use factify_core::{ErrorReason, InviteId, OrganizationInvite, OrganizationInviteStatus};
use serde::{Deserialize, Serialize};

use crate::respond::Refusal;
use crate::state::State;

pub(crate) use accept::accept;
pub(crate) use create::create;
pub(crate) use list::list;
pub(crate) use resend::resend;
pub(crate) use revoke::revoke;

/// How long an invite can be accepted.
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

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

fn find(
    invites: &mut [OrganizationInvite],
    id: InviteId,
) -> Result<&mut OrganizationInvite, Refusal> {
    let found = invites.iter_mut().find(|invite| invite.id == id);
    found.ok_or_else(|| Refusal::not_found("Invite not found"))
}

fn same_address(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// Where the pending invite of an address is; there is one at most.
fn pending_for(state: &State, email: &str) -> Option<usize> {
    state.invites.iter().position(|invite| {
        invite.status == OrganizationInviteStatus::Pending && same_address(&invite.email, email)
    })
}
