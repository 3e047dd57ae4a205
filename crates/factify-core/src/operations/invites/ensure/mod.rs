//! Makes sure that nobody can join with an invite, whatever its state and the network do.

mod call;
mod machine;

use factify_types::invites::OrganizationInvite;

pub use call::EnsureRevokedCall;
pub use machine::{EnsureRevoked, EnsureStep};

/// The state of an invite after [`EnsureRevoked`]. Check it: somebody may have joined.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "somebody may have joined with it"]
#[non_exhaustive]
pub enum Ensured {
    /// It is revoked, by this call. If an attempt of this call got no response, somebody else may have
    /// revoked it.
    Revoked(OrganizationInvite),
    /// It was already revoked, not by this call.
    AlreadyRevoked(OrganizationInvite),
    /// Somebody **has joined** with it. Check [`accepted_by`](OrganizationInvite::accepted_by), and
    /// remove the member if necessary.
    AlreadyAccepted(OrganizationInvite),
    /// It has expired and is **not revoked**: nobody can join with it unless it is resent. The API does
    /// not document whether resending makes it pending again.
    Expired(OrganizationInvite),
}

impl Ensured {
    /// The current invite.
    pub fn invite(&self) -> &OrganizationInvite {
        match self {
            Self::Revoked(invite)
            | Self::AlreadyRevoked(invite)
            | Self::AlreadyAccepted(invite)
            | Self::Expired(invite) => invite,
        }
    }

    /// The current invite, by value.
    pub fn into_invite(self) -> OrganizationInvite {
        match self {
            Self::Revoked(invite)
            | Self::AlreadyRevoked(invite)
            | Self::AlreadyAccepted(invite)
            | Self::Expired(invite) => invite,
        }
    }

    /// Whether somebody has joined with it.
    pub fn is_accepted(&self) -> bool {
        matches!(self, Self::AlreadyAccepted(_))
    }
}

#[cfg(test)]
mod tests {
    use factify_types::invites::OrganizationInviteStatus as Status;
    use factify_types::users::User;
    use factify_types::{InviteId, OrganizationId, Timestamp, UserId};

    use super::*;

    #[test]
    fn every_state_has_the_invite() {
        let time = Timestamp::UNIX_EPOCH;
        let user = UserId::literal("user_01h2xcejqtf2nbrexx3vqjhp41");
        let invite = OrganizationInvite::new(
            InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41"),
            OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41"),
            "dwight@example.com",
            Status::Revoked,
            User::new(user, "Michael", "michael@example.com"),
            time,
            time,
        );
        for state in [
            Ensured::Revoked,
            Ensured::AlreadyRevoked,
            Ensured::AlreadyAccepted,
            Ensured::Expired,
        ] {
            let ensured = state(invite.clone());
            assert_eq!(ensured.invite(), &invite);
            assert_eq!(ensured.into_invite(), invite);
        }
    }
}
