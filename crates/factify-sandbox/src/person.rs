use factify_core::types::OrganizationRole;
use factify_core::{Timestamp, User, UserId};

use crate::rate_limit::Usage;

/// Who calls: what the owner of a key is in the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Persona {
    /// Owns the organization.
    Owner,
    /// Manages members and invites.
    Admin,
    /// A member without such rights.
    Member,
    /// A user who is not in the organization.
    Outsider,
}

impl Persona {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Member, Self::Outsider];

    /// The name of the user, and the part of the address before `@example.com`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Outsider => "outsider",
        }
    }

    pub(crate) fn role(self) -> Option<OrganizationRole> {
        match self {
            Self::Owner => Some(OrganizationRole::Owner),
            Self::Admin => Some(OrganizationRole::Admin),
            Self::Member => Some(OrganizationRole::Member),
            Self::Outsider => None,
        }
    }
}

/// A user and the key that acts for them.
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) user: User,
    pub(crate) role: Option<OrganizationRole>,
    pub(crate) key: String,
    pub(crate) key_state: KeyState,
    pub(crate) usage: Usage,
}

impl Person {
    pub(crate) fn new(id: UserId, name: &str, email: &str, key: String) -> Self {
        Self {
            id,
            user: User::new(id, name, email),
            role: None,
            key,
            key_state: KeyState::Active,
            usage: Usage::default(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyState {
    Active,
    ExpiresAt(Timestamp),
    Revoked,
}

/// Everybody who has a key.
pub(crate) struct People {
    /// In the order of [`Persona::ALL`].
    personas: [Person; 4],
    others: Vec<Person>,
}

impl People {
    pub(crate) fn new(personas: [Person; 4]) -> Self {
        let others = Vec::new();
        Self { personas, others }
    }

    pub(crate) fn persona(&mut self, persona: Persona) -> &mut Person {
        let [owner, admin, member, outsider] = &mut self.personas;
        match persona {
            Persona::Owner => owner,
            Persona::Admin => admin,
            Persona::Member => member,
            Persona::Outsider => outsider,
        }
    }

    pub(crate) fn add(&mut self, person: Person) {
        self.others.push(person);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Person> {
        self.personas.iter().chain(&self.others)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Person> {
        self.personas.iter_mut().chain(&mut self.others)
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = &User> {
        let members = self.iter().filter(|person| person.role.is_some());
        members.map(|person| &person.user)
    }
}
