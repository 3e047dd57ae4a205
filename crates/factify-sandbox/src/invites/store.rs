use std::collections::{BTreeSet, HashMap};

use factify_core::{InviteId, OrganizationInvite, OrganizationInviteStatus, Timestamp};

/// All invites, with what makes one of very many quick to find. None is ever removed.
#[derive(Default)]
pub(crate) struct InviteStore {
    /// In the order of their creation.
    all: Vec<OrganizationInvite>,
    by_id: HashMap<InviteId, usize>,
    /// Which invite of an address is pending; there is one at most.
    pending: HashMap<String, usize>,
    /// When the pending ones expire.
    due: BTreeSet<(Timestamp, usize)>,
}

impl InviteStore {
    pub(crate) fn all(&self) -> &[OrganizationInvite] {
        &self.all
    }

    pub(crate) fn push(&mut self, invite: OrganizationInvite) {
        let at = self.all.len();
        self.by_id.insert(invite.id, at);
        self.all.push(invite);
        self.index(at);
    }

    pub(crate) fn get(&self, id: InviteId) -> Option<&OrganizationInvite> {
        self.all.get(*self.by_id.get(&id)?)
    }

    pub(crate) fn pending_for(&self, email: &str) -> Option<&OrganizationInvite> {
        self.all.get(*self.pending.get(&email.to_lowercase())?)
    }

    /// Changes an invite, and answers what it is then.
    pub(crate) fn change(
        &mut self,
        id: InviteId,
        change: impl FnOnce(&mut OrganizationInvite),
    ) -> Option<&OrganizationInvite> {
        let at = *self.by_id.get(&id)?;
        let invite = self.all.get_mut(at)?;
        if invite.status == OrganizationInviteStatus::Pending {
            self.pending.remove(&invite.email.to_lowercase());
            self.due.remove(&(invite.expires_at, at));
        }
        change(invite);
        self.index(at);
        self.all.get(at)
    }

    /// Marks the invites whose time is over.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        while let Some(&(time, at)) = self.due.first() {
            if now < time {
                return;
            }
            self.due.pop_first();
            if let Some(invite) = self.all.get_mut(at) {
                invite.status = OrganizationInviteStatus::Expired;
                self.pending.remove(&invite.email.to_lowercase());
            }
        }
    }

    fn index(&mut self, at: usize) {
        let pending = OrganizationInviteStatus::Pending;
        if let Some(invite) = self.all.get(at).filter(|invite| invite.status == pending) {
            self.pending.insert(invite.email.to_lowercase(), at);
            self.due.insert((invite.expires_at, at));
        }
    }
}
