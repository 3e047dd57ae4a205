//! Finds the operation of a request, calls its handler and writes the response.

use std::time::Duration;

use bytes::Bytes;
use factify_core::users::User;
use factify_core::{
    ApiKeyId, ErrorReason, OperationInfo, OrganizationId, PathValues, ServeOperation, UserId,
};
use http::header::AUTHORIZATION;
use http::{Request, Response};

use crate::access;
use crate::rate_limit::Left;
use crate::respond::{Refusal, content_type, ok};
use crate::world::{OrganizationState, World};

/// Implements an operation, after its request was read and access was checked.
pub(crate) trait Handle: ServeOperation {
    fn handle(self, context: &mut Context<'_>) -> Result<Self::Output, Refusal>;
}

/// What a handler works on.
pub(crate) struct Context<'w> {
    pub(crate) world: &'w mut World,
    /// `None` for an operation that needs no authentication.
    caller: Option<&'w Caller>,
    pub(crate) request: &'w Request<Bytes>,
}

impl<'w> Context<'w> {
    pub(crate) fn caller(&self) -> Result<&'w Caller, Refusal> {
        self.caller.ok_or_else(missing_key)
    }

    /// The organization of this ID, or that of the caller.
    pub(crate) fn organization_or_own(
        &mut self,
        id: Option<OrganizationId>,
    ) -> Result<&mut OrganizationState, Refusal> {
        let own = self
            .caller
            .and_then(|caller| caller.organization(self.world));
        let id = id
            .or(own)
            .ok_or_else(|| Refusal::not_found("Organization not found"))?;
        self.organization(id)
    }

    /// An organization that the access check has found.
    pub(crate) fn organization(
        &mut self,
        id: OrganizationId,
    ) -> Result<&mut OrganizationState, Refusal> {
        let found = self.world.organization_mut(id);
        found.ok_or_else(|| Refusal::not_found("Organization not found"))
    }
}

/// The caller, from the key or the user token.
pub(crate) struct Caller {
    pub(crate) id: UserId,
    pub(crate) user: User,
    /// `None` for a user token.
    pub(crate) key: Option<ApiKeyId>,
}

impl Caller {
    /// The organization of the key. For a user token, the first one that the user is a member of.
    pub(crate) fn organization(&self, world: &World) -> Option<OrganizationId> {
        let key = self.key.and_then(|key| world.keys.get(key));
        let own = || {
            let mut all = world.organizations().iter();
            all.find(|organization| organization.role(self.id).is_some())
        };
        let of_key = key.and_then(|key| key.organization);
        of_key.or_else(|| own().map(|organization| organization.profile.id))
    }
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
    access::check(
        &O::INFO,
        path,
        context.request,
        context.world,
        context.caller,
    )?;
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
fn route<B>(request: &Request<B>) -> Result<(&'static Route, PathValues<'_>), Refusal> {
    let path = request.uri().path();
    let routes = ROUTES.iter();
    let matching = routes.filter_map(|route| Some((route, route.info.match_path(path)?)));
    let mut here: Vec<_> = matching.collect();
    let most = here.iter().map(|(_, values)| values.literals()).max();
    let most = most.ok_or_else(Refusal::route)?;
    here.retain(|(_, values)| values.literals() == most);
    let found = here
        .iter()
        .position(|(route, _)| route.info.method == *request.method());
    match found {
        Some(found) => Ok(here.swap_remove(found)),
        None => Err(Refusal::method(
            here.iter().map(|(route, _)| &route.info.method),
        )),
    }
}

/// The `operationId` of a request, or `None` if there is no such operation.
pub(crate) fn operation_id<B>(request: &Request<B>) -> Option<&'static str> {
    route(request).ok().map(|(route, _)| route.info.id)
}

/// Implements an operation of a user, without a request.
pub(crate) fn act<O: Handle>(
    world: &mut World,
    user: UserId,
    operation: O,
) -> Result<O::Output, Refusal> {
    let caller = Caller {
        id: user,
        user: world.user(user).cloned().ok_or_else(Refusal::internal)?,
        key: None,
    };
    operation.handle(&mut Context {
        world,
        caller: Some(&caller),
        request: &Request::default(),
    })
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
    let caller = authenticate(world, key);
    let caller = match route {
        Ok((route, _)) if access::is_public(route.info.id) => None,
        _ => Some(caller?),
    };
    let (route, path) = route?;
    if let Some(caller) = &caller {
        count_usage(world, caller, route.info.id)?;
    }
    if let Some(expected) = route.info.content_type {
        if content_type(request.headers()) != expected {
            return Err(Refusal::media_type(expected));
        }
    }
    let mut context = Context {
        world,
        caller: caller.as_ref(),
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
    let limits = world.rate_limits?;
    let creates = operation.is_some_and(access::is_creation);
    let clock = *world.clock();
    let usage = world.usage_mut(key);
    let mut left = usage.count(clock.unix(), creates, limits);
    left.limit = left.limit.saturating_mul(clock.speed().into());
    let reset = clock.client_unix(Duration::from_secs(left.reset));
    left.reset = reset.as_secs() + u64::from(reset.subsec_nanos() > 0);
    Some(left)
}

fn missing_key() -> Refusal {
    Refusal::unauthenticated(ErrorReason::MissingApiKey, "API key is required")
}

fn authenticate(world: &World, token: Option<&str>) -> Result<Caller, Refusal> {
    let token = token.ok_or_else(missing_key)?;
    let (id, key) = match (world.keys.by_secret(token), world.user_tokens.user(token)) {
        (Some(key), _) if key.revoked_at.is_none() => {
            if key.has_expired(world.now()) {
                let message = "The API key has expired";
                return Err(Refusal::unauthenticated(
                    ErrorReason::ExpiredApiKey,
                    message,
                ));
            }
            (key.user, Some(key.id))
        }
        (None, Some(user)) => (user, None),
        _ => {
            let message = "The API key is not valid";
            return Err(Refusal::unauthenticated(
                ErrorReason::InvalidApiKey,
                message,
            ));
        }
    };
    let user = world.user(id).cloned().ok_or_else(Refusal::internal)?;
    Ok(Caller { id, user, key })
}

/// Counts a request for the quotas of its key and the organization of the key, and refuses it if one of
/// them is used up. The operations on quotas are not refused, so that an admin can raise a quota.
fn count_usage(world: &mut World, caller: &Caller, operation: &str) -> Result<(), Refusal> {
    let now = world.now();
    let Some(key) = caller.key.and_then(|key| world.keys.get_mut(key)) else {
        return Ok(());
    };
    let mut is_exceeded = key.is_exceeded(now);
    key.tally.count(now);
    let organization = key.organization.and_then(|id| world.organization_mut(id));
    if let Some(organization) = organization {
        is_exceeded |= organization.tally.in_period(now) >= organization.limit();
        organization.tally.count(now);
    }
    if is_exceeded && !access::is_on_quotas(operation) {
        return Err(Refusal::quota_exceeded());
    }
    Ok(())
}
