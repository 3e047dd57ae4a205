use std::collections::HashMap;

use factify_core::{ApiKeyId, Timestamp, UserId};

use super::store::Store;
use crate::rate_limit::Usage;

/// An API key, which acts for its user.
pub(crate) struct Key {
    pub(crate) secret: String,
    pub(crate) user: UserId,
    pub(crate) state: KeyState,
    pub(crate) usage: Usage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyState {
    Active,
    ExpiresAt(Timestamp),
    Revoked,
}

/// The keys, by ID and by secret.
pub(crate) struct Keys {
    store: Store<ApiKeyId, Key>,
    by_secret: HashMap<String, usize>,
}

impl Keys {
    pub(super) fn new() -> Self {
        Self {
            store: Store::new(),
            by_secret: HashMap::new(),
        }
    }

    /// Adds an active key.
    pub(super) fn add(&mut self, id: ApiKeyId, user: UserId, secret: String) {
        let key = Key {
            secret: secret.clone(),
            user,
            state: KeyState::Active,
            usage: Usage::default(),
        };
        let at = self.store.push(id, key);
        self.by_secret.insert(secret, at);
    }

    pub(super) fn by_secret(&self, secret: &str) -> Option<&Key> {
        self.store.all().get(*self.by_secret.get(secret)?)
    }

    pub(super) fn by_secret_mut(&mut self, secret: &str) -> Option<&mut Key> {
        let at = *self.by_secret.get(secret)?;
        self.store.at_mut(at)
    }

    /// The first key of a user.
    pub(super) fn of(&self, user: UserId) -> Option<&Key> {
        self.store.all().iter().find(|key| key.user == user)
    }

    pub(super) fn of_mut(&mut self, user: UserId) -> Option<&mut Key> {
        let mut keys = self.store.all_mut().iter_mut();
        keys.find(|key| key.user == user)
    }
}
