use bytes::Bytes;
use factify_core::{CreateOrganizationInvite, EmailAddress, ErrorReason, OrganizationInvite, User};
use http::Response;
use serde::Deserialize;

use super::{Envelope, LIFETIME, is_member, not_found, read_body};
use crate::respond::{Refusal, ok};
use crate::state::State;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    email: Option<String>,
    message: Option<String>,
    idempotency_key: Option<String>,
}

pub(crate) fn create(
    state: &mut State,
    sender: User,
    body: &Bytes,
) -> Result<Response<Bytes>, Refusal> {
    let create: Create = read_body(body)?;
    let invalid =
        |param, message: &str| Refusal::invalid(ErrorReason::InvalidFieldValue, param, message);
    let Some(email) = create.email.filter(|email| !email.is_empty()) else {
        let reason = ErrorReason::MissingRequiredField;
        return Err(Refusal::invalid(reason, "email", "The email is required"));
    };
    if let Err(fault) = email.parse::<EmailAddress>() {
        return Err(invalid("email", &fault.to_string()));
    }
    let length = create.message.as_deref().map_or(0, str::len);
    if length > CreateOrganizationInvite::MAX_MESSAGE_BYTES {
        return Err(invalid("message", "The message is longer than 2000 bytes"));
    }
    let key = create.idempotency_key.unwrap_or_default();
    if key.chars().count() > CreateOrganizationInvite::MAX_IDEMPOTENCY_KEY_CHARS {
        return Err(invalid(
            "idempotency_key",
            "The key is longer than 255 characters",
        ));
    }
    if is_member(state, &email) {
        return Err(Refusal::precondition("The email belongs to a member"));
    }

    let invite = match state.invites.pending_for(&email) {
        Some(pending) => {
            let (id, now) = (pending.id, state.now());
            let again = |invite: &mut OrganizationInvite| {
                invite.expires_at = now.checked_add(LIFETIME).unwrap_or(now);
                invite.message = create.message.or(invite.message.take());
            };
            let invite = state.invites.change(id, again).ok_or_else(not_found)?;
            invite.clone()
        }
        None => state.add_invite(sender, email, create.message),
    };
    state.send_email(&invite);
    Ok(ok(&Envelope { invite: &invite }))
}
