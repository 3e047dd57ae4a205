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

    /// Whether somebody has joined with it.
    pub fn is_accepted(&self) -> bool {
        matches!(self, Self::AlreadyAccepted(_))
    }
}
