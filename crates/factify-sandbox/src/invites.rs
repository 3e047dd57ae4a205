//! The operations on invites.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use bytes::Bytes;
use factify_core::{
    CreateOrganizationInvite, EmailAddress, ErrorReason, InviteId, OrganizationInvite,
    OrganizationInviteStatus, User,
};
use http::Response;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::query::ListQuery;
use crate::respond::{Refusal, ok};
use crate::state::State;

/// How long an invite can be accepted.
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[derive(Serialize)]
struct Envelope<'a> {
    invite: &'a OrganizationInvite,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    email: Option<String>,
    message: Option<String>,
    #[serde(rename = "idempotency_key")]
    _idempotency_key: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

fn body<'a, T: Deserialize<'a>>(body: &'a Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|_| {
        let message = "The body is not the documented JSON object";
        Refusal::invalid(ErrorReason::InvalidFieldValue, "body", message)
    })
}

pub(crate) fn create(
    state: &mut State,
    sender: User,
    request: &Bytes,
) -> Result<Response<Bytes>, Refusal> {
    let create: Create = body(request)?;
    let Some(email) = create.email.filter(|email| !email.is_empty()) else {
        let reason = ErrorReason::MissingRequiredField;
        return Err(Refusal::invalid(reason, "email", "The email is required"));
    };
    if let Err(fault) = email.parse::<EmailAddress>() {
        let reason = ErrorReason::InvalidFieldValue;
        return Err(Refusal::invalid(reason, "email", &fault.to_string()));
    }
    let length = create.message.as_deref().map_or(0, str::len);
    if length > CreateOrganizationInvite::MAX_MESSAGE_BYTES {
        let reason = ErrorReason::InvalidFieldValue;
        return Err(Refusal::invalid(
            reason,
            "message",
            "The message is too long",
        ));
    }
    let same = |other: &str| other.to_lowercase() == email.to_lowercase();
    if state.is_member(same) {
        return Err(Refusal::precondition("The email belongs to a member"));
    }
    let (now, id) = (state.now(), InviteId::from_uuid_bytes(state.uuid()));
    let expires_at = now.checked_add(LIFETIME).unwrap_or(now);
    let pending = |invite: &OrganizationInvite| {
        invite.status == OrganizationInviteStatus::Pending && same(&invite.email)
    };
    let invite = if let Some(invite) = state.invites.iter_mut().find(|invite| pending(invite)) {
        invite.expires_at = expires_at;
        invite.message = create.message.or(invite.message.take());
        invite.clone()
    } else {
        let status = OrganizationInviteStatus::Pending;
        let organization = state.organization_id;
        let mut invite =
            OrganizationInvite::new(id, organization, email, status, sender, now, expires_at);
        invite.message = create.message;
        state.invites.push(invite.clone());
        invite
    };
    state.send_email(invite.email.clone(), invite.id);
    Ok(ok(&Envelope { invite: &invite }))
}

pub(crate) fn revoke(
    state: &mut State,
    id: InviteId,
    request: &Bytes,
) -> Result<Response<Bytes>, Refusal> {
    let Empty {} = body(request)?;
    let invite = state.invites.iter_mut().find(|invite| invite.id == id);
    let invite = invite.ok_or_else(|| Refusal::not_found("Invite not found"))?;
    if invite.status != OrganizationInviteStatus::Pending {
        return Err(Refusal::precondition(&format!(
            "The invite is {}, not pending",
            invite.status
        )));
    }
    invite.status = OrganizationInviteStatus::Revoked;
    Ok(ok(&Envelope { invite }))
}

pub(crate) fn list(state: &State, text: &str) -> Result<Response<Bytes>, Refusal> {
    let query = ListQuery::parse(text)?;
    let size = query.page_size.map_or(50, |size| usize::from(size.get()));
    let filters = filters(text);
    let all: Vec<_> = state
        .invites
        .iter()
        .rev()
        .filter(|invite| query.matches(invite))
        .collect();
    let start = match &query.page_token {
        None => 0,
        Some(token) => read_token(token, filters, &all).ok_or_else(|| {
            let message = "The page token is not one of this list";
            Refusal::invalid(ErrorReason::InvalidCursor, "page_token", message)
        })?,
    };
    let items: Vec<_> = all.iter().skip(start).take(size).collect();
    let token = |at: usize| {
        all.get(at)
            .map_or(String::new(), |invite| token(invite.id, filters))
    };
    let next = start + items.len();
    let previous = if start == 0 {
        String::new()
    } else {
        token(start.saturating_sub(size))
    };
    Ok(ok(&json!({
        "items": items,
        "pagination": {
            "has_more": next < all.len(),
            "next_page_token": token(next),
            "prev_page_token": previous,
        },
    })))
}

/// What a page token is bound to: all of the query but where and how large the page is.
fn filters(query: &str) -> u64 {
    let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| !name.starts_with("page_"))
        .collect();
    pairs.sort();
    hash(&pairs)
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Names the first invite of the page, and holds a check sum of it and of the filters.
fn token(first: InviteId, filters: u64) -> String {
    format!(
        "{}{:016x}",
        first.suffix(),
        hash(&(first.as_str(), filters))
    )
}

fn read_token(text: &str, filters: u64, all: &[&OrganizationInvite]) -> Option<usize> {
    all.iter()
        .position(|invite| token(invite.id, filters) == text)
}
