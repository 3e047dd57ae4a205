//! What the sandbox knows.

mod account;
mod ids;
mod invites;
mod organization;
mod store;

use std::time::Duration;

use factify_core::invites::{OrganizationInvite, OrganizationInviteStatus};
use factify_core::organizations::{Organization, OrganizationRole};
use factify_core::types::IdKind;
use factify_core::users::User;
use factify_core::{InviteId, OrganizationId, Timestamp, UserId};

use crate::clock::Clock;
use crate::fault::FaultPlan;
use crate::outbox::Email;
use crate::rate_limit::Usage;

pub use account::Persona;
pub(crate) use account::{Account, KeyState};
use ids::Ids;
pub(crate) use invites::LIFETIME;
pub(crate) use organization::OrganizationState;
use store::Store;

pub(crate) struct World {
    /// The personas come first, in the order of [`Persona::ALL`].
    accounts: Store<UserId, Account>,
    organizations: Store<OrganizationId, OrganizationState>,
    pub(crate) outbox: Vec<Email>,
    pub(crate) faults: FaultPlan,
    pub(crate) rate_limited: bool,
    /// The requests without a known key.
    pub(crate) strangers: Usage,
    clock: Clock,
    ids: Ids,
}

impl World {
    /// The personas, and the first organization, in which they have their roles.
    pub(crate) fn new(seed: u64, clock: Clock) -> Self {
        let mut world = Self {
            accounts: Store::new(),
            organizations: Store::new(),
            outbox: Vec::new(),
            faults: FaultPlan::default(),
            rate_limited: true,
            strangers: Usage::default(),
            clock,
            ids: Ids::new(seed),
        };
        let organization = world.add_organization("Dunder Mifflin");
        for persona in Persona::ALL {
            let name = persona.name();
            let (user, _) = world.add_account(name, &format!("{name}@example.com"));
            if let (Some(role), Some(state)) =
                (persona.role(), world.organizations.get_mut(&organization))
            {
                state.add_member(user, role);
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

    /// Adds a user with a verified address, and returns their ID and key.
    pub(crate) fn add_account(&mut self, name: &str, email: &str) -> (UserId, String) {
        let now = self.now();
        let id = UserId::from_uuid_bytes(self.ids.next(IdKind::User, now));
        let key = self.ids.key();
        let account = Account::new(id, name, email, key.clone());
        self.accounts.push(id, account);
        (id, key)
    }

    pub(crate) fn persona(&self, persona: Persona) -> &Account {
        let account = self.accounts.all().get(persona as usize);
        account.unwrap_or_else(|| unreachable!("every world begins with its personas"))
    }

    pub(crate) fn persona_mut(&mut self, persona: Persona) -> &mut Account {
        let account = self.accounts.at_mut(persona as usize);
        account.unwrap_or_else(|| unreachable!("every world begins with its personas"))
    }

    pub(crate) fn account_of_key(&self, key: &str) -> Option<&Account> {
        self.accounts
            .all()
            .iter()
            .find(|account| account.key == key)
    }

    pub(crate) fn account_of_key_mut(&mut self, key: &str) -> Option<&mut Account> {
        let mut accounts = self.accounts.all_mut().iter_mut();
        accounts.find(|account| account.key == key)
    }

    /// Adds an organization without members.
    pub(crate) fn add_organization(&mut self, name: &str) -> OrganizationId {
        let now = self.now();
        let id = OrganizationId::from_uuid_bytes(self.ids.next(IdKind::Organization, now));
        let profile = Organization::new(id, name, now);
        self.organizations.push(id, OrganizationState::new(profile));
        id
    }

    /// The organization of the personas.
    pub(crate) fn first_organization(&self) -> &OrganizationState {
        let first = self.organizations.all().first();
        first.unwrap_or_else(|| unreachable!("every world begins with an organization"))
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

    /// The members of an organization, in the order in which they came.
    pub(crate) fn members(&self, id: OrganizationId) -> impl Iterator<Item = &User> {
        let members = self.organization(id).map(OrganizationState::members);
        let accounts = members.into_iter().flatten();
        accounts.filter_map(|user| self.accounts.get(&user).map(|account| &account.user))
    }

    /// Whether an address is that of a member.
    pub(crate) fn is_member_address(&self, id: OrganizationId, email: &str) -> bool {
        let mut members = self.members(id);
        members.any(|member| is_same_address(&member.email, email))
    }

    /// Sends the email of an invite with a new token; the one before is void.
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

    /// Adds a pending invite of the present time; it is sent separately.
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

    /// Adds invites of the last six days to an organization, by those who may send them in turn.
    pub(crate) fn add_past_invites(&mut self, organization: OrganizationId, count: u32) {
        let Some(state) = self.organization(organization) else {
            return;
        };
        let may_invite = |user: &UserId| {
            let role = state.role(*user);
            role.is_some_and(|role| *role != OrganizationRole::Member)
        };
        let senders = state.members().filter(may_invite);
        let senders = senders.filter_map(|user| self.accounts.get(&user));
        let senders: Vec<_> = senders.map(|account| account.user.clone()).collect();
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

    /// Marks what has expired.
    pub(crate) fn expire(&mut self) {
        let now = self.now();
        for organization in self.organizations.all_mut() {
            organization.invites.expire(now);
        }
    }

    pub(crate) fn request_id(&mut self) -> String {
        let now = self.now();
        let id = InviteId::from_uuid_bytes(self.ids.request(now));
        format!("req_{}", id.suffix())
    }
}

/// Addresses are compared without regard to upper and lower case.
pub(crate) fn is_same_address(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
