use factify_core::organizations::OrganizationRole;

/// A caller, by their role in the first organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Persona {
    /// Owns the organization.
    Owner,
    /// Manages members and invites.
    Admin,
    /// A member without such rights.
    Member,
    /// A user who is not in the organization.
    Outsider,
}

impl Persona {
    /// All personas.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Member, Self::Outsider];

    /// The name of the user, and the local part of the address `…@example.com`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Outsider => "outsider",
        }
    }

    pub(crate) fn role(self) -> Option<OrganizationRole> {
        match self {
            Self::Owner => Some(OrganizationRole::Owner),
            Self::Admin => Some(OrganizationRole::Admin),
            Self::Member => Some(OrganizationRole::Member),
            Self::Outsider => None,
        }
    }
}
