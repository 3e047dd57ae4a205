use bytes::Bytes;
use factify_core::{InviteId, OrganizationInviteStatus};
use http::Response;

use super::{Empty, Envelope, find, read_body};
use crate::respond::{Refusal, ok};
use crate::state::State;

pub(crate) fn revoke(
    state: &mut State,
    id: InviteId,
    body: &Bytes,
) -> Result<Response<Bytes>, Refusal> {
    let Empty {} = read_body(body)?;
    let invite = find(&mut state.invites, id)?;
    if invite.status != OrganizationInviteStatus::Pending {
        return Err(Refusal::precondition(&format!(
            "The invite is {}, not pending",
            invite.status
        )));
    }
    invite.status = OrganizationInviteStatus::Revoked;
    Ok(ok(&Envelope { invite }))
}
