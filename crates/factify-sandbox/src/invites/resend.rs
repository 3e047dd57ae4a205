use bytes::Bytes;
use factify_core::{InviteId, OrganizationInviteStatus};
use http::Response;

use super::{Empty, Envelope, LIFETIME, find, pending_for, read_body};
use crate::respond::{Refusal, ok};
use crate::state::State;

pub(crate) fn resend(
    state: &mut State,
    id: InviteId,
    body: &Bytes,
) -> Result<Response<Bytes>, Refusal> {
    let Empty {} = read_body(body)?;
    let now = state.now();
    let invite = find(&mut state.invites, id)?.clone();
    match invite.status {
        OrganizationInviteStatus::Pending => {}
        OrganizationInviteStatus::Expired if pending_for(state, &invite.email).is_none() => {}
        OrganizationInviteStatus::Expired => {
            let message = "The address has another invite that is pending";
            return Err(Refusal::precondition(message));
        }
        status => {
            return Err(Refusal::precondition(&format!(
                "The invite is {status}, neither pending nor expired"
            )));
        }
    }
    let invite = find(&mut state.invites, id)?;
    invite.status = OrganizationInviteStatus::Pending;
    invite.expires_at = now.checked_add(LIFETIME).unwrap_or(now);
    let invite = invite.clone();
    state.send_email(&invite);
    Ok(ok(&Envelope { invite: &invite }))
}
