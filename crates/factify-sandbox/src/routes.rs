//! Finds the operation of a request, calls its handler and writes the response.

use std::time::Duration;

use bytes::Bytes;
use factify_core::users::User;
use factify_core::{
    ErrorReason, OperationInfo, OrganizationId, PathValues, ServeOperation, UserId,
};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Request, Response};

use crate::access;
use crate::rate_limit::Left;
use crate::respond::{Refusal, ok};
use crate::world::{KeyState, OrganizationState, World};

/// Implements an operation, after its request was read and access was checked.
pub(crate) trait Handle: ServeOperation {
    fn handle(self, context: &mut Context<'_>) -> Result<Self::Output, Refusal>;
}

/// What a handler works on.
pub(crate) struct Context<'w> {
    pub(crate) world: &'w mut World,
    pub(crate) caller: &'w Caller,
    pub(crate) request: &'w Request<Bytes>,
}

impl Context<'_> {
    /// An organization that the access check has found.
    pub(crate) fn organization(
        &mut self,
        id: OrganizationId,
    ) -> Result<&mut OrganizationState, Refusal> {
        let found = self.world.organization_mut(id);
        found.ok_or_else(|| Refusal::not_found("Organization not found"))
    }
}

/// The caller, from the key.
pub(crate) struct Caller {
    pub(crate) id: UserId,
    pub(crate) user: User,
}

struct Route {
    info: OperationInfo,
    run: fn(&PathValues<'_>, &mut Context<'_>) -> Result<Bytes, Refusal>,
}

impl Route {
    const fn of<O: Handle>() -> Self {
        Self {
            info: O::INFO,
            run: run::<O>,
        }
    }
}

fn run<O: Handle>(path: &PathValues<'_>, context: &mut Context<'_>) -> Result<Bytes, Refusal> {
    O::check_path(path)?;
    access::check(O::INFO.id, path, context.world, context.caller)?;
    let operation = O::from_request(path, context.request)?;
    let output = operation.handle(context)?;
    O::encode_output(&output).map_err(|_| Refusal::internal())
}

macro_rules! routes {
    ($($Operation:ty),+) => {
        /// All operations. Each must have a handler.
        static ROUTES: &[Route] = &[$(Route::of::<$Operation>()),+];
    };
}

factify_core::for_each_operation!(routes);

/// The operation of a request: among the matching paths with the most literal segments, the one with
/// its method.
fn route(request: &Request<Bytes>) -> Result<(&'static Route, PathValues<'_>), Refusal> {
    let path = request.uri().path();
    let matching = || {
        let routes = ROUTES.iter();
        routes.filter_map(|route| Some((route, route.info.match_path(path)?)))
    };
    let most = matching().map(|(_, values)| values.literals()).max();
    let most = most.ok_or_else(Refusal::route)?;
    let here = || matching().filter(|(_, values)| values.literals() == most);
    let found = here().find(|(route, _)| route.info.method == *request.method());
    found.ok_or_else(|| Refusal::method(here().map(|(route, _)| &route.info.method)))
}

/// The `operationId` of a request, or `None` if there is no such operation.
pub(crate) fn operation_id(request: &Request<Bytes>) -> Option<&'static str> {
    route(request).ok().map(|(route, _)| route.info.id)
}

pub(crate) fn respond(world: &mut World, request: &Request<Bytes>) -> Response<Bytes> {
    world.expire();
    let (key, route) = (bearer(request), route(request));
    let left = count(
        world,
        key,
        route.as_ref().ok().map(|(route, _)| route.info.id),
    );
    let result = match left {
        Some(left) if !left.allowed => Err(Refusal::rate_limited()),
        _ => carry_out(world, request, key, route),
    };
    let mut response = result.map_or_else(
        |refusal| {
            let request_id = world.request_id();
            refusal.into_response(request_id)
        },
        ok,
    );
    if let Some(left) = left {
        left.write(response.headers_mut());
    }
    world.date(response)
}

fn carry_out(
    world: &mut World,
    request: &Request<Bytes>,
    key: Option<&str>,
    route: Result<(&Route, PathValues<'_>), Refusal>,
) -> Result<Bytes, Refusal> {
    let caller = authenticate(world, key)?;
    let (route, path) = route?;
    if let Some(expected) = route.info.content_type {
        if content_type(request) != expected {
            return Err(Refusal::media_type(expected));
        }
    }
    let mut context = Context {
        world,
        caller: &caller,
        request,
    };
    (route.run)(&path, &mut context)
}

/// The key of the scheme `Bearer`, whose name is case-insensitive.
fn bearer(request: &Request<Bytes>) -> Option<&str> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = header.split_once(' ')?;
    let key = key.trim_start();
    (scheme.eq_ignore_ascii_case("Bearer") && !key.is_empty()).then_some(key)
}

/// Counts the request. `None` if there are no limits.
fn count(world: &mut World, key: Option<&str>, operation: Option<&str>) -> Option<Left> {
    if !world.rate_limited {
        return None;
    }
    let creates = operation.is_some_and(access::is_creation);
    let clock = *world.clock();
    let usage = world.usage_mut(key);
    let mut left = usage.count(clock.unix(), creates);
    let reset = clock.client_unix(Duration::from_secs(left.reset));
    left.reset = reset.as_secs() + u64::from(reset.subsec_nanos() > 0);
    Some(left)
}

fn authenticate(world: &World, key: Option<&str>) -> Result<Caller, Refusal> {
    let refuse = |reason, message| Err(Refusal::unauthenticated(reason, message));
    let Some(key) = key else {
        return refuse(ErrorReason::MissingApiKey, "API key is required");
    };
    match world.key(key).map(|key| (key.user, key.state)) {
        Some((_, KeyState::ExpiresAt(time))) if time <= world.now() => {
            refuse(ErrorReason::ExpiredApiKey, "The API key has expired")
        }
        Some((id, KeyState::Active | KeyState::ExpiresAt(_))) => match world.user(id) {
            Some(user) => Ok(Caller {
                id,
                user: user.clone(),
            }),
            None => Err(Refusal::internal()),
        },
        Some((_, KeyState::Revoked)) | None => {
            refuse(ErrorReason::InvalidApiKey, "The API key is not valid")
        }
    }
}

/// The content type without parameters.
fn content_type(request: &Request<Bytes>) -> String {
    let kind = request.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}
