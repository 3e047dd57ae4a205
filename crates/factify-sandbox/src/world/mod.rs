//! The state of the sandbox.

pub(crate) mod documents;
pub(crate) mod entry_page;
pub(crate) mod files;
mod ids;
mod invites;
mod key;
pub(crate) mod logos;
mod organization;
mod persona;
pub(crate) mod records;
pub(crate) mod sharing;
mod snapshot;
mod store;
pub(crate) mod timeline;
pub(crate) mod usage;
mod user_tokens;

use std::time::{Duration, UNIX_EPOCH};

use factify_core::access_requests::AccessRequest;
use factify_core::invites::{OrganizationInvite, OrganizationInviteStatus};
use factify_core::organizations::{Organization, OrganizationRole};
use factify_core::policies::Policy;
use factify_core::sharing::ShareLink;
use factify_core::types::IdKind;
use factify_core::users::User;
use factify_core::{AccessRequestId, InviteId, OrganizationId, PolicyId, Timestamp, UserId};
use http::header::DATE;
use http::{HeaderValue, Response};

use crate::clock::Clock;
use crate::fault::FaultPlan;
use crate::log::Log;
use crate::outbox::Email;
use crate::rate_limit::{Limits, Usage};

use documents::Documents;
use ids::Ids;
pub(crate) use invites::LIFETIME;
pub use key::KeyState;
pub(crate) use key::{Key, Keys};
use logos::Logos;
pub(crate) use organization::{Member, OrganizationState};
pub use persona::Persona;
pub use snapshot::Snapshot;
use store::Store;
use timeline::Event;
use user_tokens::UserTokens;

pub(crate) struct World {
    /// The personas come first, in the order of [`Persona::ALL`].
    users: Store<UserId, User>,
    pub(crate) keys: Keys,
    pub(crate) user_tokens: UserTokens,
    organizations: Store<OrganizationId, OrganizationState>,
    pub(crate) logos: Logos,
    pub(crate) documents: Documents,
    pub(crate) access_requests: Store<AccessRequestId, AccessRequest>,
    pub(crate) policies: Store<PolicyId, (OrganizationId, Policy)>,
    pub(crate) share_links: Vec<ShareLink>,
    /// How many notifications of access were sent.
    pub(crate) notifications: usize,
    /// The events of all documents, oldest first.
    pub(crate) events: Vec<Event>,
    pub(crate) outbox: Vec<Email>,
    pub(crate) faults: FaultPlan,
    /// How many requests the plan has hit.
    pub(crate) fault_hits: u64,
    pub(crate) log: Log,
    pub(crate) rate_limits: Option<Limits>,
    /// The usage of requests without a known key.
    strangers: Usage,
    clock: Clock,
    ids: Ids,
    /// Those of users and keys that no request to the API has made, so that they do not change the others.
    ids_apart: Ids,
}

impl World {
    /// Creates the personas and the first organization, in which they have their roles.
    pub(crate) fn new(seed: u64, clock: Clock) -> Self {
        let mut world = Self {
            users: Store::new(),
            keys: Keys::new(),
            user_tokens: UserTokens::default(),
            organizations: Store::new(),
            logos: Logos::default(),
            documents: Documents::new(),
            access_requests: Store::new(),
            policies: Store::new(),
            share_links: Vec::new(),
            notifications: 0,
            events: Vec::new(),
            outbox: Vec::new(),
            faults: FaultPlan::default(),
            fault_hits: 0,
            log: Log::default(),
            rate_limits: Some(Limits::DOCUMENTED),
            strangers: Usage::default(),
            clock,
            ids: Ids::new(seed, ""),
            ids_apart: Ids::new(seed, "apart"),
        };
        let organization = world.add_organization("Dunder Mifflin");
        for persona in Persona::ALL {
            let name = persona.name();
            let role = persona.role();
            let of_key = role.is_some().then_some(organization);
            let user = world.add_user(name, &format!("{name}@example.com"), of_key);
            if let Some(role) = role {
                world.add_member(organization, user, role);
            }
        }
        world
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn advance(&mut self, time: Duration) {
        self.clock.advance(time);
    }

    pub(crate) fn page_secret(&self) -> u64 {
        self.ids.page_secret
    }

    /// Adds a user with a verified address, an API key and a user token.
    pub(crate) fn add_user(
        &mut self,
        name: &str,
        email: &str,
        of_key: Option<OrganizationId>,
    ) -> UserId {
        let now = self.now();
        let id = UserId::from_uuid_bytes(self.ids.next(IdKind::User, now));
        self.users.push(id, User::new(id, name, email));
        self.keys.add(&mut self.ids, now, id, of_key, name);
        self.user_tokens.add(id, self.ids.user_token());
        id
    }

    /// Makes IDs that do not change those of later requests.
    pub(crate) fn apart<T>(&mut self, add: impl FnOnce(&mut Self) -> T) -> T {
        std::mem::swap(&mut self.ids, &mut self.ids_apart);
        let added = add(self);
        std::mem::swap(&mut self.ids, &mut self.ids_apart);
        added
    }

    /// Adds an API key of a user in this state, which no operation does.
    pub(crate) fn add_key_of(
        &mut self,
        user: UserId,
        organization: Option<OrganizationId>,
        state: KeyState,
    ) -> &mut Key {
        let now = self.now();
        let name = state.name();
        let keys = &mut self.keys;
        let key = keys.add(&mut self.ids_apart, now, user, organization, name);
        match state {
            KeyState::Active => {}
            KeyState::Expired => key.expires_at = Some(now),
            KeyState::Revoked => key.revoked_at = Some(now),
        }
        key
    }

    /// Adds an API key to an organization.
    pub(crate) fn add_key(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        name: &str,
    ) -> &mut Key {
        let now = self.now();
        self.keys
            .add(&mut self.ids, now, user, Some(organization), name)
    }

    pub(crate) fn users(&self) -> &[User] {
        self.users.all()
    }

    pub(crate) fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(&id)
    }

    /// The user of a persona.
    pub(crate) fn persona(&self, persona: Persona) -> &User {
        let user = self.users.all().get(persona as usize);
        user.unwrap_or_else(|| unreachable!("every world starts with its personas"))
    }

    pub(crate) fn persona_mut(&mut self, persona: Persona) -> &mut User {
        let user = self.users.at_mut(persona as usize);
        user.unwrap_or_else(|| unreachable!("every world starts with its personas"))
    }

    /// The usage of this token. Requests without a known token share one count.
    pub(crate) fn usage_mut(&mut self, token: Option<&str>) -> &mut Usage {
        let Some(token) = token else {
            return &mut self.strangers;
        };
        match self.keys.by_secret_mut(token) {
            Some(key) => &mut key.usage,
            None => self
                .user_tokens
                .usage_mut(token)
                .unwrap_or(&mut self.strangers),
        }
    }

    /// Adds an organization without members.
    pub(crate) fn add_organization(&mut self, name: &str) -> OrganizationId {
        let now = self.now();
        let id = OrganizationId::from_uuid_bytes(self.ids.next(IdKind::Organization, now));
        let profile = Organization::new(id, name, now);
        self.organizations.push(id, OrganizationState::new(profile));
        id
    }

    /// Adds a user to an organization, or changes the role of a member.
    pub(crate) fn add_member(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        role: OrganizationRole,
    ) {
        let now = self.now();
        if let Some(organization) = self.organizations.get_mut(&organization) {
            organization.add_member(user, role, now);
        }
    }

    /// All organizations, in the order of their creation.
    pub(crate) fn organizations(&self) -> &[OrganizationState] {
        self.organizations.all()
    }

    /// The organization of the personas.
    pub(crate) fn first_organization(&self) -> &OrganizationState {
        let first = self.organizations.all().first();
        first.unwrap_or_else(|| unreachable!("every world starts with an organization"))
    }

    pub(crate) fn organization(&self, id: OrganizationId) -> Option<&OrganizationState> {
        self.organizations.get(&id)
    }

    pub(crate) fn organization_mut(
        &mut self,
        id: OrganizationId,
    ) -> Option<&mut OrganizationState> {
        self.organizations.get_mut(&id)
    }

    /// The members of an organization, in the order in which they joined.
    pub(crate) fn members(&self, id: OrganizationId) -> impl Iterator<Item = &User> {
        let members = self.organization(id).map(OrganizationState::members);
        let members = members.into_iter().flatten();
        members.filter_map(|user| self.user(user))
    }

    /// Whether an address belongs to a member.
    pub(crate) fn is_member_address(&self, id: OrganizationId, email: &str) -> bool {
        let mut members = self.members(id);
        members.any(|member| is_same_address(&member.email, email))
    }

    /// Sends the email of an invite with a new token and invalidates the old token.
    pub(crate) fn send_invitation(&mut self, invite: &OrganizationInvite) {
        let (token, sent_at) = (self.ids.invitation_token(), self.now());
        if let Some(organization) = self.organizations.get_mut(&invite.organization_id) {
            organization.invites.set_token(invite.id, token.clone());
        }
        self.outbox.push(Email {
            to: invite.email.clone(),
            invite_id: invite.id,
            sent_at,
            token,
        });
    }

    /// Adds a pending invite, created now. Send it separately.
    pub(crate) fn add_invite(
        &mut self,
        organization: OrganizationId,
        sender: User,
        email: &str,
        message: Option<String>,
    ) -> OrganizationInvite {
        let now = self.now();
        let mut invite = OrganizationInvite::new(
            InviteId::from_uuid_bytes(self.ids.next(IdKind::Invite, now)),
            organization,
            email,
            OrganizationInviteStatus::Pending,
            sender,
            now,
            now.checked_add(LIFETIME).unwrap_or(now),
        );
        invite.message = message;
        if let Some(organization) = self.organizations.get_mut(&organization) {
            organization.invites.push(invite.clone());
        }
        invite
    }

    /// Adds invites from the last six days to an organization. The users with permission send them in
    /// turn.
    pub(crate) fn add_past_invites(&mut self, organization: OrganizationId, count: u32) {
        let Some(state) = self.organization(organization) else {
            return;
        };
        let may_invite = |user: &UserId| {
            let role = state.role(*user);
            role.is_some_and(|role| *role != OrganizationRole::Member)
        };
        let senders = state.members().filter(may_invite);
        let senders: Vec<_> = senders.filter_map(|id| self.user(id).cloned()).collect();
        let span = Duration::from_secs(6 * 24 * 60 * 60);
        for (sender, n) in senders.iter().cycle().zip(0..count) {
            let age = span / count * (count - n);
            let email = format!("guest{n}@example.net");
            let clock = self.clock;
            self.clock.set_back(age);
            let invite = self.add_invite(organization, sender.clone(), &email, None);
            self.send_invitation(&invite);
            self.clock = clock;
        }
    }

    /// Marks expired invites.
    pub(crate) fn expire(&mut self) {
        let now = self.now();
        for organization in self.organizations.all_mut() {
            organization.invites.expire(now);
        }
    }

    /// Adds the header `Date`, on the clock of the other headers: see [`Clock::client_unix`].
    pub(crate) fn date<B>(&self, mut response: Response<B>) -> Response<B> {
        let now = UNIX_EPOCH + self.clock.client_unix(self.clock.unix());
        if let Ok(date) = HeaderValue::try_from(httpdate::fmt_http_date(now)) {
            response.headers_mut().insert(DATE, date);
        }
        response
    }

    pub(crate) fn access_request_id(&mut self) -> AccessRequestId {
        let now = self.now();
        AccessRequestId::from_uuid_bytes(self.ids.next(IdKind::AccessRequest, now))
    }

    pub(crate) fn share_link_id(&mut self) -> String {
        self.ids.link()
    }

    /// Adds a policy to an organization, which no operation does.
    pub(crate) fn add_policy(&mut self, organization: OrganizationId, name: &str) -> Policy {
        let now = self.now();
        let id = PolicyId::from_uuid_bytes(self.ids.next(IdKind::Policy, now));
        let policy = Policy::new(id, name, now);
        self.policies.push(id, (organization, policy.clone()));
        policy
    }

    pub(crate) fn request_id(&mut self) -> String {
        let now = self.now();
        let id = InviteId::from_uuid_bytes(self.ids.request(now));
        format!("req_{}", id.suffix())
    }
}

/// The key for case-insensitive comparison of addresses.
pub(crate) fn is_same_address(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
