use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use factify_core::access_requests::AccessRequest;
use factify_core::api_keys::ApiKey;
use factify_core::documents::Document;
use factify_core::invites::OrganizationInvite;
use factify_core::organizations::{Organization, OrganizationRole};
use factify_core::policies::Policy;
use factify_core::sharing::{DocumentRole, Recipient};
use factify_core::users::User;
use factify_core::{
    ApiKeyId, BaseUrl, BearerToken, Client, ClientConfig, DocumentId, Now, OrganizationId,
    Timestamp, UserId, blocking,
};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method, Request, Response};

use crate::clock::Clock;
use crate::downloads;
use crate::fault::{Fault, FaultPlan};
use crate::handlers::documents;
use crate::older;
use crate::outbox::Email;
use crate::rate_limit::Limits;
use crate::respond::{Refusal, max_body};
use crate::routes;
use crate::target::normal_request;
use crate::transport::SandboxTransport;
use crate::world::{Key, KeyState, OrganizationState, Persona, Snapshot, World, files, logos};

/// The start time of the clock: 2026-01-15T01:30:15Z.
const START: i64 = 1_768_440_615;

/// An in-memory API. It starts with one organization, and an owner, an admin, a member and an outsider,
/// each with an API key.
///
/// Cloning shares the state. The same seed and the same requests give the same responses.
#[derive(Clone)]
pub struct Sandbox {
    world: Arc<Mutex<World>>,
}

/// A user of a [`Sandbox`] with an API key. The key works only in the sandbox.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SandboxUser {
    /// The user's ID.
    pub id: UserId,
    /// The text of the API key, for other programs.
    pub key: String,
    /// The text of the user token, for other programs.
    pub user_token: String,
}

impl SandboxUser {
    /// The API key as a token.
    pub fn token(&self) -> BearerToken {
        token(self.key.clone())
    }

    /// The token of the user who has signed in. Some operations refuse an API key.
    pub fn user_token(&self) -> BearerToken {
        token(self.user_token.clone())
    }
}

fn token(key: String) -> BearerToken {
    BearerToken::new(key).unwrap_or_else(|_| unreachable!("the sandbox makes valid keys"))
}

impl fmt::Debug for SandboxUser {
    /// Omits the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxUser")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Settings of a [`Sandbox`].
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    seed: u64,
    /// The speed of the clock relative to real time; 0 if it stands still.
    clock_speed: u32,
    rate_limits: Option<Limits>,
    invites: u32,
}

impl Builder {
    /// The seed of ids, keys and tokens.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Makes the clock show the real time, for clients that really wait. Ids contain the time, so they
    /// then differ from run to run.
    pub fn running_clock(self) -> Self {
        self.fast_clock(1)
    }

    /// A [`running_clock`](Self::running_clock) that starts at the real time and runs this many times
    /// as fast. A client that really waits then sees invites expire and rate limits end sooner.
    /// `X-RateLimit-Limit`, `X-RateLimit-Reset` and `Date` are in the client's time. 0 counts as 1.
    pub fn fast_clock(mut self, speed: u32) -> Self {
        self.clock_speed = speed.max(1);
        self
    }

    /// Removes the limits of 1,000 requests and 100 creations a minute for each key.
    pub fn no_rate_limit(mut self) -> Self {
        self.rate_limits = None;
        self
    }

    /// Other limits of requests, and of requests that create something, in a minute for each key.
    pub fn rate_limits(mut self, requests: u64, creations: u64) -> Self {
        self.rate_limits = Some(Limits {
            requests,
            creations,
        });
        self
    }

    /// Starts with this number of pending invites, sent by the owner and the admin in turn, at even
    /// intervals over the last six days. Their emails come first in the [outbox](Sandbox::outbox).
    pub fn invites(mut self, count: u32) -> Self {
        self.invites = count;
        self
    }

    /// Creates the sandbox.
    pub fn build(self) -> Sandbox {
        let clock = if self.clock_speed > 0 {
            Clock::running(Timestamp::now(), self.clock_speed)
        } else {
            Clock::still(Timestamp::from_unix(START, 0).unwrap_or(Timestamp::UNIX_EPOCH))
        };
        let mut world = World::new(self.seed, clock);
        world.rate_limits = self.rate_limits;
        let first = world.first_organization().profile.id;
        world.add_past_invites(first, self.invites);
        Sandbox {
            world: Arc::new(Mutex::new(world)),
        }
    }
}

impl Sandbox {
    /// A sandbox with ids, keys and tokens from this seed. Its clock stands still until you move it.
    pub fn new(seed: u64) -> Self {
        Self::builder().seed(seed).build()
    }

    /// A sandbox with other settings.
    pub fn builder() -> Builder {
        Builder {
            seed: 0,
            clock_speed: 0,
            rate_limits: Some(Limits::DOCUMENTED),
            invites: 0,
        }
    }

    /// Responds to a request like the API. The response depends only on the state and the request, and
    /// on the time if the clock runs. The control requests of `SandboxServer` work here too, and through
    /// [`transport`](Self::transport).
    pub fn handle(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let request = normal_request(request);
        let control = self.control(&request);
        control.unwrap_or_else(|| self.handle_normal(&request))
    }

    /// The same for a request with a [normal](crate::target) target.
    pub(crate) fn handle_normal(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let max = max_body(request.headers());
        if request.body().len() > max {
            return self.refuse(Refusal::too_large(max));
        }
        if request.uri().path().starts_with(logos::PATH) {
            if ![Method::GET, Method::HEAD].contains(request.method()) {
                return self.refuse(Refusal::method([Method::GET].iter()));
            }
            return self.logo(request.uri().path());
        }
        if request.uri().path().starts_with(files::PATH) {
            if ![Method::GET, Method::HEAD].contains(request.method()) {
                return self.refuse(Refusal::method([Method::GET].iter()));
            }
            let mut world = self.lock();
            return match downloads::file(&mut world, request) {
                Ok(response) => world.date(response),
                Err(refusal) => {
                    drop(world);
                    self.refuse(refusal)
                }
            };
        }
        if older::is_older(request) {
            let request = older::renewed(request);
            let response = routes::respond(&mut self.lock(), &request);
            return if request.uri().path().ends_with("/timeline") {
                older::aged(response)
            } else {
                response
            };
        }
        routes::respond(&mut self.lock(), request)
    }

    /// The image at the URL of a logo. It needs no key.
    fn logo(&self, path: &str) -> Response<Bytes> {
        let found = self.lock().logos.get(path);
        let Some((content_type, image)) = found else {
            return self.refuse(Refusal::not_found("There is no such logo"));
        };
        let mut response = Response::new(image);
        let content_type = HeaderValue::from_static(content_type);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, content_type);
        // A script in an image must not drive the control channel.
        let policy =
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        self.date(response)
    }

    /// A transport, async and blocking, that calls this sandbox without a socket.
    pub fn transport(&self) -> SandboxTransport {
        SandboxTransport::new(self.clone())
    }

    /// Injects faults from now on, for transports and servers. The plan replaces the previous one;
    /// [`FaultPlan::default`] has no faults.
    pub fn inject(&self, plan: FaultPlan) {
        let mut world = self.lock();
        world.faults = plan;
        world.fault_hits = 0;
    }

    /// The current plan, with what is left of a schedule, and how many requests it has hit.
    pub fn faults(&self) -> (FaultPlan, u64) {
        let world = self.lock();
        (world.faults.clone(), world.fault_hits)
    }

    /// The first organization.
    pub fn organization_id(&self) -> OrganizationId {
        self.first(|first| first.profile.id)
    }

    /// All organizations, in order of creation.
    pub fn organizations(&self) -> Vec<Organization> {
        let world = self.lock();
        world
            .organizations()
            .iter()
            .map(|found| found.profile.clone())
            .collect()
    }

    /// Adds an organization. Its owner is the owner of the first organization.
    pub fn add_organization(&self, name: &str) -> OrganizationId {
        let owner = self.user_id(Persona::Owner);
        let id = self.lock().add_organization(name);
        self.add_member(id, owner, OrganizationRole::Owner);
        id
    }

    /// Adds a user to an organization, or changes the role of a member. Returns `false` if the
    /// organization or the user does not exist.
    pub fn add_member(
        &self,
        organization: OrganizationId,
        user: UserId,
        role: OrganizationRole,
    ) -> bool {
        let mut world = self.lock();
        let is_known = world.user(user).is_some() && world.organization(organization).is_some();
        if is_known {
            world.add_member(organization, user, role);
        }
        is_known
    }

    /// The settings of a client that acts as a persona, for [`transport`](Self::transport).
    pub fn config(&self, persona: Persona) -> ClientConfig {
        // A name that never exists: with another transport, no request leaves the machine.
        let url = BaseUrl::parse("https://sandbox.invalid")
            .unwrap_or_else(|_| unreachable!("the URL is valid"));
        ClientConfig::new(self.token(persona)).base_url(url)
    }

    /// An async client that acts as a persona, without a socket.
    pub fn client(&self, persona: Persona) -> Client<SandboxTransport> {
        Client::new(self.transport(), self.config(persona))
    }

    /// A blocking client that acts as a persona, without a socket.
    pub fn blocking_client(&self, persona: Persona) -> blocking::Client<SandboxTransport> {
        blocking::Client::new(self.transport(), self.config(persona))
    }

    /// The API key of a persona as a token. It works only in this sandbox.
    pub fn token(&self, persona: Persona) -> BearerToken {
        token(self.key(persona))
    }

    /// The text of a persona's API key, for other programs. It works only in this sandbox.
    pub fn key(&self, persona: Persona) -> String {
        let id = self.user_id(persona);
        let world = self.lock();
        world
            .keys
            .of(id)
            .map_or_else(String::new, |key| key.secret.clone())
    }

    /// The ID of a persona's API key. The key belongs to the first organization; the outsider's key belongs to
    /// none.
    pub fn key_id(&self, persona: Persona) -> ApiKeyId {
        let id = self.user_id(persona);
        let world = self.lock();
        let key = world.keys.of(id).map(|key| key.id);
        key.unwrap_or_else(|| unreachable!("every persona has a key"))
    }

    /// The token of a persona who has signed in. `getMe` and `getUserPreferences` need it.
    pub fn user_token(&self, persona: Persona) -> BearerToken {
        token(self.user_token_text(persona))
    }

    /// The text of that token, for other programs.
    pub fn user_token_text(&self, persona: Persona) -> String {
        let id = self.user_id(persona);
        let world = self.lock();
        world.user_tokens.of(id).unwrap_or_default().to_owned()
    }

    /// Gives an organization a quota of its own: the requests of all its API keys in a month. Returns
    /// `false` if the organization does not exist.
    pub fn set_quota(&self, organization: OrganizationId, requests: u32) -> bool {
        let mut world = self.lock();
        let found = world.organization_mut(organization);
        found.is_some_and(|organization| {
            organization.quota = Some(i32::try_from(requests).unwrap_or(i32::MAX));
            true
        })
    }

    /// Sets the maximum number of documents of an organization; 0 means that there is no maximum. Returns `false`
    /// if the organization does not exist.
    pub fn set_document_quota(&self, organization: OrganizationId, documents: u32) -> bool {
        let mut world = self.lock();
        let found = world.organization_mut(organization);
        found.is_some_and(|organization| {
            organization.document_limit = i32::try_from(documents).unwrap_or(i32::MAX);
            true
        })
    }

    /// Sets the limits of requests, and of requests that create something, in a minute for each key.
    pub fn set_rate_limits(&self, requests: u64, creations: u64) {
        self.lock().rate_limits = Some(Limits {
            requests,
            creations,
        });
    }

    /// The user of a persona.
    pub fn user(&self, persona: Persona) -> User {
        self.lock().persona(persona).clone()
    }

    /// The id of a persona's user.
    pub fn user_id(&self, persona: Persona) -> UserId {
        let user = self.user(persona);
        user.id
            .id()
            .unwrap_or_else(|| unreachable!("the sandbox makes valid ids"))
    }

    /// Adds a user without an organization, with a verified address and a key. IDs and keys that
    /// requests create later do not change.
    pub fn add_user(&self, name: &str, email: &str) -> SandboxUser {
        self.add_user_of(name, email, None)
    }

    /// Adds a user whose key belongs to this organization.
    pub(crate) fn add_user_of(
        &self,
        name: &str,
        email: &str,
        of_key: Option<OrganizationId>,
    ) -> SandboxUser {
        let mut world = self.lock();
        let id = world.apart(|world| world.add_user(name, email, of_key));
        let key = world.keys.of(id).map(|key| key.secret.clone());
        let user_token = world.user_tokens.of(id).unwrap_or_default().to_owned();
        SandboxUser {
            id,
            key: key.unwrap_or_default(),
            user_token,
        }
    }

    /// Adds an API key of a user, for example an expired or revoked one. The key belongs to no organization. Returns
    /// its text, or `None` if the user does not exist. IDs and keys that requests create later do not change.
    ///
    /// ```
    /// # mod factify { pub use factify_core::*; pub mod sandbox { pub use factify_sandbox::*; } }
    /// use factify::{BearerToken, ClientConfig, blocking::Client};
    /// use factify::sandbox::{KeyState, Persona, Sandbox};
    ///
    /// let sandbox = Sandbox::new(1);
    /// let admin = sandbox.user_id(Persona::Admin);
    /// let key = sandbox.add_key(admin, KeyState::Expired).unwrap_or_default();
    /// let client = Client::new(sandbox.transport(), ClientConfig::new(BearerToken::new(key)?));
    /// let error = client.organizations().list().send().unwrap_err();
    /// assert!(error.to_string().contains("expired"), "{error}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_key(&self, user: UserId, state: KeyState) -> Option<String> {
        let mut world = self.lock();
        world.user(user)?;
        Some(world.add_key_of(user, None, state).secret.clone())
    }

    /// Changes the name of a persona. Existing invites keep the old name of their sender.
    pub fn rename(&self, persona: Persona, name: &str) {
        name.clone_into(&mut self.lock().persona_mut(persona).name);
    }

    /// Revokes a persona's key permanently.
    pub fn revoke_key(&self, persona: Persona) {
        let now = self.now();
        self.change_key(persona, |key| key.revoked_at = Some(now));
    }

    /// Lets a persona's key expire at this time.
    pub fn expire_key_at(&self, persona: Persona, time: Timestamp) {
        self.change_key(persona, |key| key.expires_at = Some(time));
    }

    /// The members of the first organization, the owner first.
    pub fn members(&self) -> Vec<User> {
        self.members_of(self.organization_id())
    }

    /// The members of an organization, in the order in which they joined. Empty if the organization
    /// does not exist.
    pub fn members_of(&self, organization: OrganizationId) -> Vec<User> {
        self.lock().members(organization).cloned().collect()
    }

    /// All emails so far.
    pub fn outbox(&self) -> Vec<Email> {
        self.lock().outbox.clone()
    }

    /// The current invites of the first organization, in order of creation.
    pub fn invites(&self) -> Vec<OrganizationInvite> {
        self.invites_of(self.organization_id())
    }

    /// The current invites of an organization, in order of creation. Empty if the organization does not
    /// exist.
    pub fn invites_of(&self, organization: OrganizationId) -> Vec<OrganizationInvite> {
        let mut world = self.lock();
        world.expire();
        let organization = world.organization(organization);
        organization.map_or_else(Vec::new, |found| found.invites.all().to_vec())
    }

    /// The API keys of an organization, in order of creation, with revoked and expired ones. Empty if the
    /// organization does not exist.
    pub fn api_keys_of(&self, organization: OrganizationId) -> Vec<ApiKey> {
        let world = self.lock();
        let keys = world.keys.all().iter();
        let keys = keys.filter(|key| key.organization == Some(organization));
        keys.map(|key| key.model(organization, world.now()))
            .collect()
    }

    /// All documents, in order of creation, also those in the trash, as their owners see them.
    pub fn documents(&self) -> Vec<Document> {
        let world = self.lock();
        let documents = world.documents.all().iter();
        let shown = documents.filter_map(|it| documents::model(&world, it, it.owner));
        shown.collect()
    }

    /// Who has access to a document of its own, its owner first. Empty if the document does not exist.
    pub fn recipients_of(&self, document: DocumentId) -> Vec<Recipient> {
        let world = self.lock();
        let document = world.documents.get(document);
        document.map_or_else(Vec::new, |document| world.recipients(document))
    }

    /// The role of a user on a document, however the user got it. `None` without access.
    pub fn document_role(&self, document: DocumentId, user: UserId) -> Option<DocumentRole> {
        let world = self.lock();
        world.document_role(world.documents.get(document)?, user)
    }

    /// Gives all members of an organization a role on a document, which no operation of the API does. Returns
    /// `false` if one of them does not exist.
    pub fn share_with_organization(
        &self,
        document: DocumentId,
        organization: OrganizationId,
        role: DocumentRole,
    ) -> bool {
        self.lock()
            .share_with_organization(document, organization, role)
    }

    /// Adds a policy to an organization, which no operation of the API does.
    pub fn add_policy(&self, organization: OrganizationId, name: &str) -> Policy {
        self.lock().add_policy(organization, name)
    }

    /// The policies of all organizations, in order of creation.
    pub fn policies(&self) -> Vec<Policy> {
        let world = self.lock();
        let policies = world.policies.all().iter();
        policies.map(|(_, policy)| policy.clone()).collect()
    }

    /// The number of notifications that grants of access have sent.
    pub fn notifications(&self) -> usize {
        self.lock().notifications
    }

    /// The access requests for all documents, in order of creation.
    pub fn access_requests(&self) -> Vec<AccessRequest> {
        self.lock().access_requests.all().to_vec()
    }

    /// The state that requests can change, for comparison.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::new(&mut self.lock())
    }

    /// The time on the sandbox's clock.
    pub fn now(&self) -> Timestamp {
        self.lock().now()
    }

    /// Moves the clock.
    pub fn advance(&self, time: Duration) {
        self.lock().advance(time);
    }

    pub(crate) fn clocks(&self) -> Now {
        let world = self.lock();
        Now {
            monotonic: world.clock().elapsed(),
            unix: world.clock().unix(),
        }
    }

    pub(crate) fn next_fault(&self, request: &Request<Bytes>) -> Option<Fault> {
        let mut world = self.lock();
        let fault = world.faults.next(request);
        world.fault_hits += u64::from(fault.is_some());
        fault
    }

    /// An error response with a new request id.
    pub(crate) fn refuse(&self, refusal: Refusal) -> Response<Bytes> {
        let mut world = self.lock();
        let request_id = world.request_id();
        world.date(refusal.into_response(request_id))
    }

    /// An injected response, with the header `Date`.
    pub(crate) fn date(&self, response: Response<Bytes>) -> Response<Bytes> {
        self.lock().date(response)
    }

    fn first<T>(&self, read: impl FnOnce(&OrganizationState) -> T) -> T {
        read(self.lock().first_organization())
    }

    fn change_key(&self, persona: Persona, change: impl FnOnce(&mut Key)) {
        let id = self.user_id(persona);
        if let Some(key) = self.lock().keys.of_mut(id) {
            change(key);
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").finish_non_exhaustive()
    }
}
