//! From a request to the operation that it names.

use bytes::Bytes;
use factify_core::{ErrorReason, InviteId, OrganizationId, User};
use http::header::AUTHORIZATION;
use http::{Method, Request, Response};

use crate::invites;
use crate::respond::Refusal;
use crate::state::{Persona, State};

pub(crate) fn handle(state: &mut State, request: &Request<Bytes>) -> Response<Bytes> {
    state.expire();
    match answer(state, request) {
        Ok(response) => response,
        Err(refusal) => {
            let request_id = state.request_id();
            refusal.into_response(request_id)
        }
    }
}

fn answer(state: &mut State, request: &Request<Bytes>) -> Result<Response<Bytes>, Refusal> {
    let (persona, caller) = authenticate(state, request)?;
    let path = request.uri().path();
    let mut segments = path.strip_prefix('/').unwrap_or_default().split('/');
    let mut next = || segments.next().unwrap_or_default();
    let (version, organizations, organization) = (next(), next(), next());
    let (resource, invite, verb, rest) = (next(), next(), next(), next());
    if (version, organizations, resource, rest) != ("v1beta", "organizations", "invites", "") {
        return Err(Refusal::not_found("There is no such route"));
    }
    let method = request.method();
    match (invite, verb) {
        ("", "") if method == Method::POST => {
            authorize(state, organization, persona)?;
            invites::create(state, caller, request.body())
        }
        ("", "") if method == Method::GET => {
            authorize(state, organization, persona)?;
            invites::list(state, request.uri().query().unwrap_or_default())
        }
        (invite, "revoke") if method == Method::POST => {
            let id = id::<InviteId>(invite, "invite_id")?;
            authorize(state, organization, persona)?;
            invites::revoke(state, id, request.body())
        }
        ("", "") | (_, "revoke") => Err(Refusal::method()),
        _ => Err(Refusal::not_found("There is no such route")),
    }
}

fn authenticate(state: &State, request: &Request<Bytes>) -> Result<(Persona, User), Refusal> {
    let header = request.headers().get(AUTHORIZATION);
    let Some(header) = header.and_then(|header| header.to_str().ok()) else {
        let message = "API key is required";
        return Err(Refusal::unauthenticated(
            ErrorReason::MissingApiKey,
            message,
        ));
    };
    let caller = state.caller(header).ok_or_else(|| {
        Refusal::unauthenticated(ErrorReason::InvalidApiKey, "The API key is not valid")
    })?;
    Ok((caller.persona, caller.user.clone()))
}

fn authorize(state: &State, organization: &str, persona: Persona) -> Result<(), Refusal> {
    let organization = id::<OrganizationId>(organization, "organization_id")?;
    if organization != state.organization_id || persona == Persona::Outsider {
        return Err(Refusal::not_found("Organization not found"));
    }
    match persona {
        Persona::Owner | Persona::Admin => Ok(()),
        Persona::Member | Persona::Outsider => Err(Refusal::forbidden()),
    }
}

fn id<I: std::str::FromStr<Err: std::fmt::Display>>(
    text: &str,
    param: &'static str,
) -> Result<I, Refusal> {
    text.parse().map_err(|fault: I::Err| {
        Refusal::invalid(ErrorReason::InvalidIdFormat, param, &fault.to_string())
    })
}
