//! Who may call which operation.

use factify_core::invites::{
    AcceptOrganizationInvite, CreateOrganizationInvite, ListOrganizationInvites,
    ResendOrganizationInvite, RevokeOrganizationInvite,
};
use factify_core::organizations::OrganizationRole;
use factify_core::{Operation, OperationInfo, OrganizationId, PathValues};

use crate::respond::Refusal;
use crate::routes::Caller;
use crate::world::World;

use Access::{ManageMembers, User};

/// What the caller must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Any user whose key is good.
    User,
    /// An owner or admin of the organization of the path.
    ManageMembers,
}

/// The one place that says it.
static ACCESS: &[(OperationInfo, Access)] = &[
    (AcceptOrganizationInvite::INFO, User),
    (CreateOrganizationInvite::INFO, ManageMembers),
    (ListOrganizationInvites::INFO, ManageMembers),
    (ResendOrganizationInvite::INFO, ManageMembers),
    (RevokeOrganizationInvite::INFO, ManageMembers),
];

/// Refuses a caller who may not call the operation. An organization is as good as not there for those
/// who are not in it.
pub(crate) fn check(
    operation: &str,
    path: &PathValues<'_>,
    world: &World,
    caller: &Caller,
) -> Result<(), Refusal> {
    let not_found = || Refusal::not_found("Organization not found");
    let organization = match path.get::<OrganizationId>("organization_id") {
        Some(id) => Some(world.organization(id?).ok_or_else(not_found)?),
        None => None,
    };
    let row = ACCESS.iter().find(|(info, _)| info.id == operation);
    match row.map(|(_, access)| access) {
        Some(User) => Ok(()),
        Some(ManageMembers) => match organization.and_then(|it| it.role(caller.id)) {
            Some(OrganizationRole::Owner | OrganizationRole::Admin) => Ok(()),
            Some(_) => Err(Refusal::forbidden()),
            None => Err(not_found()),
        },
        None => Err(Refusal::internal()),
    }
}

#[cfg(test)]
mod tests {
    use factify_core::OPERATIONS;

    use super::*;

    #[test]
    fn every_operation_has_one_row() {
        let rows: Vec<_> = ACCESS.iter().map(|(info, _)| info.id).collect();
        let operations: Vec<_> = OPERATIONS.iter().map(|info| info.id).collect();
        assert_eq!(rows, operations);
    }
}
