use std::collections::HashMap;

use factify_core::api_keys::ApiKey;
use factify_core::types::IdKind;
use factify_core::{ApiKeyId, OrganizationId, Timestamp, UserId};

use serde::{Deserialize, Serialize};

use super::ids::Ids;
use super::store::Store;
use super::usage::Tally;
use crate::rate_limit::Usage;

/// Whether a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum KeyState {
    /// It works.
    Active,
    /// It worked once: the error is `expired_api_key`.
    Expired,
    /// It was revoked: the error is `invalid_api_key`.
    Revoked,
}

impl KeyState {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

/// An API key. It acts for the user who created it.
pub(crate) struct Key {
    pub(crate) id: ApiKeyId,
    pub(crate) secret: String,
    pub(crate) user: UserId,
    /// `None` for the first key of a user who was added without an organization.
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) name: String,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) revoked_at: Option<Timestamp>,
    pub(crate) usage: Usage,
    pub(crate) tally: Tally,
    pub(crate) quota: Option<i32>,
}

impl Key {
    /// The key as its organization sees it.
    pub(crate) fn model(&self, organization: OrganizationId, now: Timestamp) -> ApiKey {
        let prefix: String = self.secret.chars().take(16).collect();
        let is_active = self.revoked_at.is_none() && !self.has_expired(now);
        let mut key = ApiKey::new(
            self.id,
            organization,
            &self.name,
            prefix + "...",
            self.created_at,
            is_active,
        );
        key.expires_at = self.expires_at;
        key.revoked_at = self.revoked_at;
        key
    }

    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|time| time <= now)
    }

    /// Whether the key has used up its own quota.
    pub(crate) fn is_exceeded(&self, now: Timestamp) -> bool {
        self.quota
            .is_some_and(|quota| self.tally.in_period(now) >= quota)
    }
}

/// The API keys, by ID and by secret.
pub(crate) struct Keys {
    store: Store<ApiKeyId, Key>,
    by_secret: HashMap<String, ApiKeyId>,
}

impl Keys {
    pub(super) fn new() -> Self {
        Self {
            store: Store::new(),
            by_secret: HashMap::new(),
        }
    }

    /// Adds an active key.
    pub(super) fn add(
        &mut self,
        ids: &mut Ids,
        now: Timestamp,
        user: UserId,
        organization: Option<OrganizationId>,
        name: &str,
    ) -> &mut Key {
        let id = ApiKeyId::from_uuid_bytes(ids.next(IdKind::ApiKey, now));
        let secret = ids.key(now);
        self.by_secret.insert(secret.clone(), id);
        let at = self.store.push(
            id,
            Key {
                id,
                secret,
                user,
                organization,
                name: name.to_owned(),
                created_at: now,
                expires_at: None,
                revoked_at: None,
                usage: Usage::default(),
                tally: Tally::default(),
                quota: None,
            },
        );
        let added = self.store.at_mut(at);
        added.unwrap_or_else(|| unreachable!("it was added"))
    }

    pub(crate) fn all(&self) -> &[Key] {
        self.store.all()
    }

    pub(crate) fn get(&self, id: ApiKeyId) -> Option<&Key> {
        self.store.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: ApiKeyId) -> Option<&mut Key> {
        self.store.get_mut(&id)
    }

    pub(crate) fn by_secret(&self, secret: &str) -> Option<&Key> {
        self.get(*self.by_secret.get(secret)?)
    }

    pub(crate) fn by_secret_mut(&mut self, secret: &str) -> Option<&mut Key> {
        self.get_mut(*self.by_secret.get(secret)?)
    }

    /// The first key of a user.
    pub(crate) fn of(&self, user: UserId) -> Option<&Key> {
        self.all().iter().find(|key| key.user == user)
    }

    pub(crate) fn of_mut(&mut self, user: UserId) -> Option<&mut Key> {
        let mut keys = self.store.all_mut().iter_mut();
        keys.find(|key| key.user == user)
    }
}
