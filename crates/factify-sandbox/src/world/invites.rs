use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use factify_core::invites::{OrganizationInvite, OrganizationInviteStatus};
use factify_core::{InviteId, Timestamp};

use super::store::Store;

/// How long an invite can be accepted.
pub(crate) const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The invites of an organization, with indexes for fast look-up.
pub(crate) struct Invites {
    store: Store<InviteId, OrganizationInvite>,
    /// The pending invite of an address; there is at most one.
    pending: HashMap<String, usize>,
    /// The expiry times of pending invites.
    due: BTreeSet<(Timestamp, usize)>,
    /// The invite of each valid token, without superseded tokens.
    tokens: HashMap<String, InviteId>,
    current_token: HashMap<InviteId, String>,
}

impl Invites {
    pub(super) fn new() -> Self {
        Self {
            store: Store::new(),
            pending: HashMap::new(),
            due: BTreeSet::new(),
            tokens: HashMap::new(),
            current_token: HashMap::new(),
        }
    }

    pub(crate) fn all(&self) -> &[OrganizationInvite] {
        self.store.all()
    }

    pub(super) fn push(&mut self, invite: OrganizationInvite) {
        let at = self.store.push(invite.id, invite);
        self.index(at);
    }

    pub(crate) fn get(&self, id: InviteId) -> Option<&OrganizationInvite> {
        self.store.get(&id)
    }

    pub(crate) fn pending_for(&self, email: &str) -> Option<&OrganizationInvite> {
        self.all().get(*self.pending.get(&email.to_lowercase())?)
    }

    /// The invite that this token accepts.
    pub(crate) fn by_token(&self, token: &str) -> Option<&OrganizationInvite> {
        self.get(*self.tokens.get(token)?)
    }

    /// The token of the newest email of an invite.
    pub(crate) fn token_of(&self, id: InviteId) -> Option<&str> {
        self.current_token.get(&id).map(String::as_str)
    }

    /// Gives an invite a new token and invalidates the old one.
    pub(super) fn set_token(&mut self, id: InviteId, token: String) {
        if let Some(old) = self.current_token.insert(id, token.clone()) {
            self.tokens.remove(&old);
        }
        self.tokens.insert(token, id);
    }

    /// Changes an invite and returns the new state.
    pub(crate) fn change(
        &mut self,
        id: InviteId,
        change: impl FnOnce(&mut OrganizationInvite),
    ) -> Option<&OrganizationInvite> {
        let at = self.store.position(&id)?;
        let invite = self.store.at_mut(at)?;
        if invite.status == OrganizationInviteStatus::Pending {
            self.pending.remove(&invite.email.to_lowercase());
            self.due.remove(&(invite.expires_at, at));
        }
        change(invite);
        self.index(at);
        self.all().get(at)
    }

    /// Marks the invites that have expired.
    pub(super) fn expire(&mut self, now: Timestamp) {
        while let Some(&(time, at)) = self.due.first() {
            if now < time {
                return;
            }
            self.due.pop_first();
            if let Some(invite) = self.store.at_mut(at) {
                invite.status = OrganizationInviteStatus::Expired;
                self.pending.remove(&invite.email.to_lowercase());
            }
        }
    }

    fn index(&mut self, at: usize) {
        let pending = OrganizationInviteStatus::Pending;
        let invite = self.store.all().get(at);
        if let Some(invite) = invite.filter(|invite| invite.status == pending) {
            self.pending.insert(invite.email.to_lowercase(), at);
            self.due.insert((invite.expires_at, at));
        }
    }
}
