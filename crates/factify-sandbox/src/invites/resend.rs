use bytes::Bytes;
use factify_core::{InviteId, OrganizationInvite, OrganizationInviteStatus};
use http::Response;

use super::{Empty, Envelope, LIFETIME, is_member, not_found, read_body};
use crate::respond::{Refusal, ok};
use crate::state::State;

pub(crate) fn resend(
    state: &mut State,
    id: InviteId,
    body: &Bytes,
) -> Result<Response<Bytes>, Refusal> {
    let Empty {} = read_body(body)?;
    let invite = state.invites.get(id).ok_or_else(not_found)?;
    match &invite.status {
        OrganizationInviteStatus::Pending => {}
        OrganizationInviteStatus::Expired => {
            if is_member(state, &invite.email) {
                return Err(Refusal::precondition("The email belongs to a member"));
            }
            if state.invites.pending_for(&invite.email).is_some() {
                let message = "The address has another invite that is pending";
                return Err(Refusal::precondition(message));
            }
        }
        status => {
            let message = format!("The invite is {status}, neither pending nor expired");
            return Err(Refusal::precondition(&message));
        }
    }
    let now = state.now();
    let revive = |invite: &mut OrganizationInvite| {
        invite.status = OrganizationInviteStatus::Pending;
        invite.expires_at = now.checked_add(LIFETIME).unwrap_or(now);
    };
    let invite = state.invites.change(id, revive).ok_or_else(not_found)?;
    let invite = invite.clone();
    state.send_email(&invite);
    Ok(ok(&Envelope { invite: &invite }))
}
