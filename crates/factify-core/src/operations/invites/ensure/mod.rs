//! Makes sure that nobody joins with an invite, whatever its state and the network do.

mod call;
mod machine;

use factify_types::OrganizationInvite;

pub use call::EnsureRevokedCall;
pub use machine::{EnsureRevoked, EnsureStep};

/// What became of an invite with which nobody is to join.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ensured {
    /// This call revoked it, or one of its attempts that got no answer did.
    Revoked(OrganizationInvite),
    /// It was revoked before.
    AlreadyRevoked(OrganizationInvite),
    /// Somebody **has joined** with it. Look at
    /// [`accepted_by`](OrganizationInvite::accepted_by), and remove the member if need be.
    AlreadyAccepted(OrganizationInvite),
    /// Its time was over. The API's document leaves open whether sending an expired invite again
    /// revives it.
    Expired(OrganizationInvite),
}

impl Ensured {
    /// The invite as it is now.
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
