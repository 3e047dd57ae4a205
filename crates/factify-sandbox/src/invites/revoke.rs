use bytes::Bytes;
use factify_core::{InviteId, OrganizationInvite, OrganizationInviteStatus};
use http::Response;

use super::{Empty, Envelope, not_found, read_body};
use crate::respond::{Refusal, ok};
use crate::state::State;

pub(crate) fn revoke(
    state: &mut State,
    id: InviteId,
    body: &Bytes,
) -> Result<Response<Bytes>, Refusal> {
    let Empty {} = read_body(body)?;
    let status = &state.invites.get(id).ok_or_else(not_found)?.status;
    if *status != OrganizationInviteStatus::Pending {
        let message = format!("The invite is {status}, not pending");
        return Err(Refusal::precondition(&message));
    }
    let revoke = |invite: &mut OrganizationInvite| {
        invite.status = OrganizationInviteStatus::Revoked;
    };
    let invite = state.invites.change(id, revoke).ok_or_else(not_found)?;
    Ok(ok(&Envelope { invite }))
}
