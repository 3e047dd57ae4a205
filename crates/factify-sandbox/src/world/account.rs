use factify_core::organizations::OrganizationRole;
use factify_core::users::User;
use factify_core::{Timestamp, UserId};

use crate::rate_limit::Usage;

/// Who calls: what the user of a key is in the first organization.
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
pub(crate) struct Account {
    pub(crate) id: UserId,
    pub(crate) user: User,
    pub(crate) key: String,
    pub(crate) key_state: KeyState,
    pub(crate) usage: Usage,
}

impl Account {
    pub(crate) fn new(id: UserId, name: &str, email: &str, key: String) -> Self {
        Self {
            id,
            user: User::new(id, name, email),
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
