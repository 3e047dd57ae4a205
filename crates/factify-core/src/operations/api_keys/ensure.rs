//! Makes sure that an API key no longer works, even if responses are lost.

use factify_types::api_keys::ApiKey;
use factify_types::{ApiKeyId, OrganizationId, Timestamp};
use serde_json::value::RawValue;

use super::{ListApiKeys, RevokeApiKey};
use crate::client::EnsureCall;
use crate::labels::labelled;
use crate::operations::ensure::{Ensure, Item, Judgement, fields, is_null, text};
use crate::page::MAX_PAGE_SIZE;

labelled! {
    /// The state of an API key after [`ApiKeysResource::ensure_revoked`](super::ApiKeysResource::ensure_revoked).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum EnsuredState {
        /// It is revoked. The API does not document whether it accepts the request for a key that is
        /// revoked already, so this call may not be the one that revoked it.
        Revoked = "revoked",
        /// It was already revoked, not by this call: the API refused to revoke it again.
        AlreadyRevoked = "already_revoked",
        /// It has expired, and the API refused to revoke it. The API documents no way to renew it.
        Expired = "expired",
    }
}

/// The result of [`ApiKeysResource::ensure_revoked`](super::ApiKeysResource::ensure_revoked): the key no longer
/// works.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ensured {
    /// The state of the key.
    pub state: EnsuredState,
    /// The key from the server, or `None` if only the necessary fields could be read.
    pub api_key: Option<ApiKey>,
}

impl Ensured {
    /// A result, for your tests.
    pub fn new(state: EnsuredState, api_key: Option<ApiKey>) -> Self {
        Self { state, api_key }
    }
}

/// A call of [`ApiKeysResource::ensure_revoked`](super::ApiKeysResource::ensure_revoked). Its `send` returns
/// an [`Ensured`].
pub type EnsureRevokedCall<'c, C> = EnsureCall<'c, C, EnsureRevoked>;

/// What [`ApiKeysResource::ensure_revoked`](super::ApiKeysResource::ensure_revoked) makes sure of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnsureRevoked {
    pub(super) organization_id: OrganizationId,
    pub(super) api_key_id: ApiKeyId,
    pub(super) reason: Option<String>,
}

impl<C> EnsureRevokedCall<'_, C> {
    /// The reason, for the audit: 1 to 500 characters. No response contains it.
    pub fn reason(self, reason: impl Into<String>) -> Self {
        self.change(|ensure| ensure.reason = Some(reason.into()))
    }
}

/// The fields that are read of a key in the list.
#[derive(Debug)]
pub struct State {
    is_revoked: bool,
    /// `None` if it cannot be read.
    is_active: Option<bool>,
    api_key: Option<ApiKey>,
}

impl Ensure for EnsureRevoked {
    const NAME: &'static str = "api_keys.ensure_revoked";
    const GOAL: &'static str = "the key no longer works";
    const RISK: &'static str = "The key may still work.";
    const ABSENT: &'static str =
        "it is not in the list of the organization, so it may belong to another one";

    type Act = RevokeApiKey;
    type List = ListApiKeys;
    type State = State;
    type Ensured = Ensured;

    fn act(&self) -> RevokeApiKey {
        let mut revoke = RevokeApiKey::new(self.api_key_id);
        revoke.reason.clone_from(&self.reason);
        revoke
    }

    fn acted(&self, api_key: ApiKey) -> Option<Ensured> {
        let is_revoked = api_key.revoked_at.is_some() && !api_key.is_active;
        is_revoked.then_some(Ensured::new(EnsuredState::Revoked, Some(api_key)))
    }

    fn list(&self, _: Option<(Timestamp, Timestamp)>) -> ListApiKeys {
        let mut list = ListApiKeys::new(self.organization_id);
        list.include_revoked = Some(true);
        list.page_size = Some(MAX_PAGE_SIZE);
        list
    }

    fn read(&self, item: &RawValue) -> Item<State> {
        let names = ["id", "organization_id", "revoked_at", "is_active"];
        let Some([id, organization, revoked_at, is_active]) = fields(item, names) else {
            return Item::Unreadable;
        };
        if text(organization).is_some_and(|id| id != self.organization_id.as_str()) {
            return Item::Foreign("items.organization_id");
        }
        match text(id) {
            None => Item::Unreadable,
            Some(id) if id != self.api_key_id.as_str() => Item::Other,
            Some(_) => Item::Found(State {
                is_revoked: !is_null(revoked_at),
                is_active: is_active.and_then(|json| serde_json::from_str(json.get()).ok()),
                api_key: serde_json::from_str(item.get()).ok(),
            }),
        }
    }

    fn judge(&self, state: State, in_doubt: bool) -> Judgement<Ensured> {
        let State {
            is_revoked,
            is_active,
            api_key,
        } = state;
        let state = match (is_revoked, is_active) {
            (true, Some(false)) if in_doubt => EnsuredState::Revoked,
            (true, Some(false)) => EnsuredState::AlreadyRevoked,
            (false, Some(false)) => {
                let expired = Ensured::new(EnsuredState::Expired, api_key);
                return Judgement::Refused(Some(expired), "it has expired, but is not revoked");
            }
            (false, Some(true)) => return Judgement::Again("it is still active"),
            (true, Some(true)) => return Judgement::Unclear("it is revoked, and still active"),
            (_, None) => return Judgement::Unclear("its state cannot be read"),
        };
        Judgement::Done(Ensured::new(state, api_key))
    }
}
