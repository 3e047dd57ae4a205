//! Who may do what with a document.

use factify_core::documents::AccessLevel;
use factify_core::organizations::OrganizationRole;
use factify_core::sharing::{DocumentRole, GeneralAccessLevel, Recipient, RecipientType};
use factify_core::types::RecipientId;
use factify_core::{DocumentId, OrganizationId, UserId};

use super::World;
use super::documents::DocumentState;

/// The access of a user, a bot or an organization to a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Share {
    pub(crate) recipient: RecipientId,
    pub(crate) role: DocumentRole,
}

/// The API has two names for the access of all others, and documents no mapping.
const LEVELS: [(AccessLevel, GeneralAccessLevel); 3] = [
    (AccessLevel::Private, GeneralAccessLevel::Restricted),
    (AccessLevel::Organization, GeneralAccessLevel::Organization),
    (AccessLevel::Public, GeneralAccessLevel::AnyoneWithLink),
];

impl DocumentState {
    pub(crate) fn general_access(&self) -> GeneralAccessLevel {
        let found = LEVELS.iter().find(|(level, _)| *level == self.access_level);
        found.map_or(GeneralAccessLevel::Restricted, |(_, general)| {
            general.clone()
        })
    }

    /// Returns whether this is a change.
    pub(crate) fn set_general_access(&mut self, general: &GeneralAccessLevel) -> bool {
        let found = LEVELS.iter().find(|(_, other)| other == general);
        let level = found.map_or(AccessLevel::Private, |(level, _)| level.clone());
        let is_new = self.access_level != level;
        self.access_level = level;
        is_new
    }

    pub(crate) fn share_of(&self, recipient: RecipientId) -> Option<&Share> {
        let mut shares = self.shares.iter();
        shares.find(|share| share.recipient == recipient)
    }

    /// Gives a role, instead of an earlier one. Returns whether this is a change.
    pub(crate) fn share(&mut self, recipient: RecipientId, role: DocumentRole) -> bool {
        let mut shares = self.shares.iter_mut();
        match shares.find(|share| share.recipient == recipient) {
            Some(share) if share.role == role => return false,
            Some(share) => share.role = role,
            None => self.shares.push(Share { recipient, role }),
        }
        true
    }

    /// Returns whether there was such a share.
    pub(crate) fn unshare(&mut self, recipient: RecipientId) -> bool {
        let before = self.shares.len();
        self.shares.retain(|share| share.recipient != recipient);
        self.shares.len() < before
    }
}

impl World {
    /// The role of a user on a document: the highest that the user has in any way. In the trash, only the owner has
    /// one.
    pub(crate) fn document_role(
        &self,
        document: &DocumentState,
        user: UserId,
    ) -> Option<DocumentRole> {
        if document.owner == user {
            return Some(DocumentRole::Owner);
        }
        if document.trashed_at.is_some() {
            return None;
        }
        let reaching = document
            .shares
            .iter()
            .filter(|share| match share.recipient {
                RecipientId::User(id) => id == user,
                RecipientId::Organization(id) => self.is_member(id, user),
                _ => false,
            });
        let shared = reaching.map(|share| share.role.clone()).max();
        let in_organization = self.role_at_owner(document, user);
        let general = match document.access_level {
            AccessLevel::Public => true,
            AccessLevel::Organization => in_organization.is_some(),
            _ => false,
        };
        let role = shared.max(general.then_some(DocumentRole::Viewer))?;
        let manages = matches!(
            in_organization,
            Some(OrganizationRole::Owner | OrganizationRole::Admin)
        );
        Some(if manages {
            role.max(DocumentRole::Admin)
        } else {
            role
        })
    }

    /// Whether a user can list a document of the organization that is not shared with this user.
    pub(crate) fn sees_all_documents(&self, document: &DocumentState, user: UserId) -> bool {
        let role = self.role_at_owner(document, user);
        matches!(
            role,
            Some(OrganizationRole::Owner | OrganizationRole::Admin)
        )
    }

    /// The role of a user in the organization of a document.
    fn role_at_owner(&self, document: &DocumentState, user: UserId) -> Option<&OrganizationRole> {
        self.organization(document.organization?)?.role(user)
    }

    fn is_member(&self, organization: OrganizationId, user: UserId) -> bool {
        let organization = self.organization(organization);
        organization.is_some_and(|organization| organization.role(user).is_some())
    }

    /// Those who have access of their own to a document: first its owner.
    pub(crate) fn recipients(&self, document: &DocumentState) -> Vec<Recipient> {
        let owner = Share {
            recipient: RecipientId::User(document.owner),
            role: DocumentRole::Owner,
        };
        let all = std::iter::once(&owner).chain(&document.shares);
        all.map(|share| self.recipient(share)).collect()
    }

    fn recipient(&self, share: &Share) -> Recipient {
        let kind = match share.recipient {
            RecipientId::Bot(_) => RecipientType::Bot,
            RecipientId::Organization(_) => RecipientType::Organization,
            _ => RecipientType::User,
        };
        let mut recipient = Recipient::new(share.recipient, kind, share.role.clone());
        match share.recipient {
            RecipientId::User(id) => {
                let user = self.user(id);
                recipient.name = user.map(|user| user.name.clone());
                recipient.email = user.map(|user| user.email.clone());
            }
            RecipientId::Organization(id) => {
                let organization = self.organization(id);
                recipient.name = organization.map(|it| it.profile.name.clone());
            }
            _ => {}
        }
        recipient
    }

    /// Gives an organization a role on a document, which no operation does. Returns `false` if one of them does not
    /// exist.
    pub(crate) fn share_with_organization(
        &mut self,
        document: DocumentId,
        organization: OrganizationId,
        role: DocumentRole,
    ) -> bool {
        let is_known = self.organization(organization).is_some();
        let document = self.documents.get_mut(document).filter(|_| is_known);
        document
            .map(|document| document.share(RecipientId::Organization(organization), role))
            .is_some()
    }
}
