//! From a request to the operation that it names.

use bytes::Bytes;
use factify_core::types::OrganizationRole;
use factify_core::{ErrorReason, OrganizationId, User};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, Response};

use crate::invites;
use crate::person::KeyState;
use crate::rate_limit::Left;
use crate::respond::Refusal;
use crate::state::State;

pub(crate) fn handle(state: &mut State, request: &Request<Bytes>) -> Response<Bytes> {
    state.expire();
    let key = bearer(request);
    let left = count(state, request, key);
    let answer = match left {
        Some(left) if !left.allowed => Err(Refusal::rate_limited()),
        _ => authenticate(state, key).and_then(|caller| answer(state, request, caller)),
    };
    let mut response = answer.unwrap_or_else(|refusal| {
        let request_id = state.request_id();
        refusal.into_response(request_id)
    });
    if let Some(left) = left {
        left.write(response.headers_mut());
    }
    response
}

fn bearer(request: &Request<Bytes>) -> Option<&str> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    header.strip_prefix("Bearer ").filter(|key| !key.is_empty())
}

/// Counts the request; `None` when there are no limits.
fn count(state: &mut State, request: &Request<Bytes>, key: Option<&str>) -> Option<Left> {
    if !state.rate_limited {
        return None;
    }
    let creates = request.method() == Method::POST && request.uri().path().ends_with("/invites");
    let clock = *state.clock();
    let mut people = state.people.iter_mut();
    let usage = match people.find(|person| Some(&*person.key) == key) {
        Some(person) => &mut person.usage,
        None => &mut state.strangers,
    };
    let mut left = usage.count(clock.unix(), creates);
    left.reset = clock.client_unix(left.reset);
    Some(left)
}

/// Who asks.
struct Caller {
    user: User,
    role: Option<OrganizationRole>,
}

fn authenticate(state: &State, key: Option<&str>) -> Result<Caller, Refusal> {
    let refuse = |reason, message| Err(Refusal::unauthenticated(reason, message));
    let Some(key) = key else {
        return refuse(ErrorReason::MissingApiKey, "API key is required");
    };
    let person = state.people.iter().find(|person| person.key == key);
    match person.map(|person| (person, person.key_state)) {
        Some((_, KeyState::ExpiresAt(time))) if time <= state.now() => {
            refuse(ErrorReason::ExpiredApiKey, "The API key has expired")
        }
        Some((person, KeyState::Active | KeyState::ExpiresAt(_))) => Ok(Caller {
            user: person.user.clone(),
            role: person.role.clone(),
        }),
        Some((_, KeyState::Revoked)) | None => {
            refuse(ErrorReason::InvalidApiKey, "The API key is not valid")
        }
    }
}

fn answer(
    state: &mut State,
    request: &Request<Bytes>,
    caller: Caller,
) -> Result<Response<Bytes>, Refusal> {
    let segments: Vec<&str> = request.uri().path().split('/').collect();
    let ["", "v1beta", "organizations", organization, rest @ ..] = segments.as_slice() else {
        return Err(Refusal::route());
    };
    match (rest, request.method().as_str()) {
        (["invites"], "GET") => {
            authorize(state, organization, &caller)?;
            invites::list(state, request.uri().query().unwrap_or_default())
        }
        (["invites"], "POST") => {
            let body = json_body(request)?;
            authorize(state, organization, &caller)?;
            invites::create(state, caller.user, body)
        }
        (["invites", "accept"], "POST") => {
            let body = json_body(request)?;
            exists(state, organization)?;
            invites::accept(state, &caller.user, body)
        }
        (["invites", invite, "resend"], "POST") => {
            let (body, invite) = (json_body(request)?, id(invite, "invite_id")?);
            authorize(state, organization, &caller)?;
            invites::resend(state, invite, body)
        }
        (["invites", invite, "revoke"], "POST") => {
            let (body, invite) = (json_body(request)?, id(invite, "invite_id")?);
            authorize(state, organization, &caller)?;
            invites::revoke(state, invite, body)
        }
        (["invites"] | ["invites", "accept"] | ["invites", _, "resend" | "revoke"], _) => {
            Err(Refusal::method())
        }
        _ => Err(Refusal::route()),
    }
}

fn json_body(request: &Request<Bytes>) -> Result<&Bytes, Refusal> {
    let kind = request.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default();
    if essence.trim().eq_ignore_ascii_case("application/json") {
        Ok(request.body())
    } else {
        Err(Refusal::media_type())
    }
}

fn exists(state: &State, organization: &str) -> Result<(), Refusal> {
    let organization = id::<OrganizationId>(organization, "organization_id")?;
    if organization == state.organization_id {
        Ok(())
    } else {
        Err(Refusal::not_found("Organization not found"))
    }
}

fn authorize(state: &State, organization: &str, caller: &Caller) -> Result<(), Refusal> {
    exists(state, organization)?;
    match caller.role {
        Some(OrganizationRole::Owner | OrganizationRole::Admin) => Ok(()),
        Some(_) => Err(Refusal::forbidden()),
        None => Err(Refusal::not_found("Organization not found")),
    }
}

pub(crate) fn id<I: std::str::FromStr<Err: std::fmt::Display>>(
    text: &str,
    param: &'static str,
) -> Result<I, Refusal> {
    text.parse().map_err(|fault: I::Err| {
        Refusal::invalid(ErrorReason::InvalidIdFormat, param, &fault.to_string())
    })
}
