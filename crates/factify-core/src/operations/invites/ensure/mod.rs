//! Makes sure that nobody can join with an invite, whatever its state and the network do.

mod call;
mod machine;

use factify_types::invites::OrganizationInvite;

pub use call::EnsureRevokedCall;
pub use machine::{EnsureRevoked, EnsureStep};

/// The state of an invite after [`EnsureRevoked`]. Look at it: somebody may have joined.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "somebody may have joined with it"]
#[non_exhaustive]
pub enum Ensured {
    /// It is revoked: the server says that this call did it; or it is revoked after an attempt of
    /// this call got no response, and then somebody else may have done it.
    Revoked(OrganizationInvite),
    /// It is revoked, and this call did not do it.
    AlreadyRevoked(OrganizationInvite),
    /// Somebody **has joined** with it. Look at
    /// [`accepted_by`](OrganizationInvite::accepted_by), and remove the member if need be.
    AlreadyAccepted(OrganizationInvite),
    /// Its time is over, and it is **not revoked**: nobody joins with it unless it is sent again.
    /// The API's document leaves open whether that revives it.
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
