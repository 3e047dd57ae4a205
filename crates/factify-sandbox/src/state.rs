//! What the sandbox knows.

use std::collections::HashMap;
use std::time::Duration;

use factify_core::types::OrganizationRole;
use factify_core::{
    InviteId, Organization, OrganizationId, OrganizationInvite, OrganizationInviteStatus,
    Timestamp, User, UserId,
};

use crate::clock::Clock;
use crate::fault::FaultPlan;
use crate::invites::{InviteStore, LIFETIME};
use crate::outbox::Email;
use crate::person::{People, Person, Persona};
use crate::rate_limit::Usage;

pub(crate) struct State {
    pub(crate) organization_id: OrganizationId,
    pub(crate) people: People,
    pub(crate) invites: InviteStore,
    pub(crate) outbox: Vec<Email>,
    pub(crate) faults: FaultPlan,
    pub(crate) rate_limited: bool,
    /// The requests without a known key.
    pub(crate) strangers: Usage,
    pub(crate) token_secret: u64,
    /// Which invite a token accepts; a token that was superseded is not here.
    tokens: HashMap<String, InviteId>,
    current_token: HashMap<InviteId, String>,
    clock: Clock,
    random: fastrand::Rng,
}

impl State {
    pub(crate) fn new(seed: u64, clock: Clock) -> Self {
        let start = clock.now();
        let mut random = fastrand::Rng::with_seed(seed);
        let organization_id = OrganizationId::from_uuid_bytes(uuid(&mut random, start));
        let token_secret = random.u64(..);
        let personas = Persona::ALL.map(|persona| {
            let id = UserId::from_uuid_bytes(uuid(&mut random, start));
            let (name, key) = (persona.name(), key(&mut random));
            let mut person = Person::new(id, name, &format!("{name}@example.com"), key);
            person.role = persona.role();
            person
        });
        Self {
            organization_id,
            people: People::new(personas),
            invites: InviteStore::default(),
            outbox: Vec::new(),
            faults: FaultPlan::default(),
            rate_limited: true,
            strangers: Usage::default(),
            token_secret,
            tokens: HashMap::new(),
            current_token: HashMap::new(),
            clock,
            random,
        }
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

    pub(crate) fn organization(&self) -> Organization {
        Organization::new(self.organization_id, "Dunder Mifflin", self.clock.start())
    }

    /// Adds somebody from outside, and answers their key.
    pub(crate) fn add_person(&mut self, name: &str, email: &str) -> String {
        let (id, key) = (UserId::from_uuid_bytes(self.uuid()), key(&mut self.random));
        self.people.add(Person::new(id, name, email, key.clone()));
        key
    }

    pub(crate) fn is_member(&self, user: &User) -> bool {
        self.people.members().any(|member| member.id == user.id)
    }

    pub(crate) fn join(&mut self, user: &User) {
        for person in self.people.iter_mut() {
            if person.user.id == user.id {
                person.role = Some(OrganizationRole::Member);
            }
        }
    }

    pub(crate) fn invite_of(&self, token: &str) -> Option<InviteId> {
        self.tokens.get(token).copied()
    }

    /// Sends an email with a new token; the one before is void.
    pub(crate) fn send_email(&mut self, invite: &OrganizationInvite) {
        let token = secret(&mut self.random, 43);
        if let Some(old) = self.current_token.insert(invite.id, token.clone()) {
            self.tokens.remove(&old);
        }
        self.tokens.insert(token.clone(), invite.id);
        let sent_at = self.now();
        self.outbox.push(Email {
            to: invite.email.clone(),
            invite_id: invite.id,
            sent_at,
            token,
        });
    }

    /// Adds a pending invite of the present time.
    pub(crate) fn add_invite(
        &mut self,
        sender: User,
        email: String,
        message: Option<String>,
    ) -> OrganizationInvite {
        let (id, now) = (InviteId::from_uuid_bytes(self.uuid()), self.now());
        let status = OrganizationInviteStatus::Pending;
        let expires_at = now.checked_add(LIFETIME).unwrap_or(now);
        let mut invite = OrganizationInvite::new(
            id,
            self.organization_id,
            email,
            status,
            sender,
            now,
            expires_at,
        );
        invite.message = message;
        self.invites.push(invite.clone());
        invite
    }

    /// Adds invites of the last six days, by those who may send them in turn.
    pub(crate) fn add_invites(&mut self, count: u32) {
        let may_invite =
            |role: &_| matches!(role, OrganizationRole::Owner | OrganizationRole::Admin);
        let people = self.people.iter();
        let senders = people.filter(|person| person.role.as_ref().is_some_and(may_invite));
        let senders: Vec<_> = senders.map(|person| person.user.clone()).collect();
        let span = Duration::from_secs(6 * 24 * 60 * 60);
        for (sender, n) in senders.iter().cycle().zip(0..count) {
            let age = span / count * (count - n);
            let email = format!("guest{n}@example.net");
            let clock = self.clock;
            self.clock.set_back(age);
            let invite = self.add_invite(sender.clone(), email, None);
            self.send_email(&invite);
            self.clock = clock;
        }
    }

    /// Marks the invites whose time is over.
    pub(crate) fn expire(&mut self) {
        self.invites.expire(self.now());
    }

    pub(crate) fn uuid(&mut self) -> [u8; 16] {
        let now = self.now();
        uuid(&mut self.random, now)
    }

    pub(crate) fn request_id(&mut self) -> String {
        let id = InviteId::from_uuid_bytes(self.uuid());
        format!("req_{}", id.suffix())
    }
}

/// A UUID of version 7 for a time.
fn uuid(random: &mut fastrand::Rng, time: Timestamp) -> [u8; 16] {
    let millis = u128::try_from(time.unix_millis()).unwrap_or_default();
    let random = random.u128(..) >> 48;
    let fixed = 7 << 76 | 0b10 << 62;
    let free = !(0xf << 76 | 0b11 << 62);
    (millis << 80 | random & free | fixed).to_be_bytes()
}

fn key(random: &mut fastrand::Rng) -> String {
    format!("ffy_test_{}", secret(random, 69))
}

fn secret(random: &mut fastrand::Rng, length: usize) -> String {
    std::iter::repeat_with(|| random.alphanumeric())
        .take(length)
        .collect()
}
