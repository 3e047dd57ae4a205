use bytes::Bytes;
use factify_core::{ErrorReason, InvitationToken, Organization, OrganizationInviteStatus, User};
use http::Response;
use serde::{Deserialize, Serialize};

use super::{read_body, same_address};
use crate::respond::{Refusal, ok};
use crate::state::State;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accept {
    token: Option<String>,
}

#[derive(Serialize)]
struct Joined<'a> {
    organization: &'a Organization,
}

pub(crate) fn accept(
    state: &mut State,
    caller: &User,
    body: &Bytes,
) -> Result<Response<Bytes>, Refusal> {
    let accept: Accept = read_body(body)?;
    let Some(token) = accept.token.filter(|token| !token.is_empty()) else {
        let reason = ErrorReason::MissingRequiredField;
        return Err(Refusal::invalid(reason, "token", "The token is required"));
    };
    if let Err(fault) = InvitationToken::new(token.as_str()) {
        let reason = ErrorReason::InvalidFieldValue;
        return Err(Refusal::invalid(reason, "token", &fault.to_string()));
    }
    let not_found = || Refusal::not_found("The invitation is invalid or has expired");
    let id = state.invite_of(&token).ok_or_else(not_found)?;
    let now = state.now();
    let invite = state.invites.get(id).ok_or_else(not_found)?;
    if invite.status == OrganizationInviteStatus::Accepted && state.is_member(caller) {
        return Err(Refusal::precondition("You are a member already"));
    }
    if invite.status != OrganizationInviteStatus::Pending {
        return Err(not_found());
    }
    if !same_address(&invite.email, &caller.email) {
        return Err(Refusal::forbidden());
    }
    if state.is_member(caller) {
        return Err(Refusal::precondition("You are a member already"));
    }
    state.invites.change(id, |invite| {
        invite.status = OrganizationInviteStatus::Accepted;
        invite.accepted_at = Some(now);
        invite.accepted_by = Some(caller.clone());
    });
    state.join(caller);
    let organization = state.organization();
    Ok(ok(&Joined {
        organization: &organization,
    }))
}
