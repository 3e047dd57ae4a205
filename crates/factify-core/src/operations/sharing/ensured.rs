use factify_types::policies::Policy;
use factify_types::{OrganizationId, RecipientId};

use crate::labels::labelled;

labelled! {
    /// What [`SharingResource::ensure_no_access`](super::SharingResource::ensure_no_access) found.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum EnsuredState {
        /// There is no access, because this call revoked it. If an attempt of this call got no response, somebody else
        /// may have done it.
        Removed = "removed",
        /// There is no access, and there was none to revoke.
        HadNone = "had_none",
        /// There is **still access** by other ways, or there may be: see [`Ensured::still_by`].
        StillHasAccess = "still_has_access",
    }
}

/// The result of [`SharingResource::ensure_no_access`](super::SharingResource::ensure_no_access). Check its state:
/// there may still be access.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "there may still be access by other ways"]
#[non_exhaustive]
pub struct Ensured {
    /// What the call found.
    pub state: EnsuredState,
    /// Whether this call revoked access of the user or the bot itself, or may have done it.
    pub was_revoked: bool,
    /// The ways by which there is still access, or may be. Empty if there is no access.
    pub still_by: Vec<AccessWay>,
    /// The policies that are attached to the document. The API does not say what they allow to whom. `None` if they
    /// could not be read.
    pub policies: Option<Vec<Policy>>,
}

impl Ensured {
    /// A result without policies, for your tests.
    pub fn new(state: EnsuredState, still_by: Vec<AccessWay>) -> Self {
        Self {
            state,
            was_revoked: state == EnsuredState::Removed,
            still_by,
            policies: Some(Vec::new()),
        }
    }

    /// Whether there may still be access. It is certain if one of the ways [is certain](AccessWay::is_certain).
    pub fn may_have_access(&self) -> bool {
        self.state == EnsuredState::StillHasAccess
    }
}

/// A way by which a user or a bot still has access to a document, or may have it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessWay {
    /// The user owns the document. Transfer it first.
    Owner,
    /// The list of recipients names no owner. The user may be the owner.
    UnknownOwner,
    /// Another recipient, with this ID, has the same email address as the user.
    SameAddress(RecipientId),
    /// Everybody with the link has access. Set the general access to `restricted`.
    AnyoneWithLink,
    /// Members of this organization have access, and the user is one.
    Member(OrganizationId),
    /// Members of this organization have access. It could not be read whether this is one: the caller may not read
    /// its members, or it is a bot.
    MaybeMember(OrganizationId),
    /// Members of the organization of the document have access, and the API does not name the organization.
    UnknownOrganization,
    /// The general access has this level, which this version does not know.
    UnknownGeneralAccess(String),
    /// A recipient whose ID this version cannot read has access.
    UnknownRecipient(String),
}

impl AccessWay {
    /// Whether the server said that the user has access by this way. If not, the user may have it.
    pub fn is_certain(&self) -> bool {
        matches!(self, Self::Owner | Self::AnyoneWithLink | Self::Member(_))
    }
}

impl std::fmt::Display for AccessWay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Owner => f.write_str("owns the document"),
            Self::UnknownOwner => f.write_str("may own the document: the API names no owner"),
            Self::SameAddress(id) => {
                write!(f, "has another account, {id}, which has access")
            }
            Self::AnyoneWithLink => f.write_str("everybody with the link has access"),
            Self::Member(id) => write!(f, "is a member of {id}, which has access"),
            Self::MaybeMember(id) => write!(f, "may be a member of {id}, which has access"),
            Self::UnknownOrganization => {
                f.write_str("may be a member of the organization of the document, which has access")
            }
            Self::UnknownGeneralAccess(level) => write!(f, "the general access is {level:?}"),
            Self::UnknownRecipient(id) => write!(f, "may be {id:?}, which has access"),
        }
    }
}
