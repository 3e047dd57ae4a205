//! Who may call which operation, and what it counts as.

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
use Counts::{AsCreation, AsRequest};

/// What the caller must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Any user whose key is good.
    User,
    /// An owner or admin of the organization of the path.
    ManageMembers,
}

/// What a call counts as in the rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// One of the requests of a minute.
    AsRequest,
    /// Also one of the creations of a minute, of which there are fewer.
    AsCreation,
}

/// The access of each operation, and what a call of it counts as.
static ACCESS: &[(OperationInfo, Access, Counts)] = &[
    (AcceptOrganizationInvite::INFO, User, AsRequest),
    (CreateOrganizationInvite::INFO, ManageMembers, AsCreation),
    (ListOrganizationInvites::INFO, ManageMembers, AsRequest),
    (ResendOrganizationInvite::INFO, ManageMembers, AsRequest),
    (RevokeOrganizationInvite::INFO, ManageMembers, AsRequest),
];

/// Whether a call counts as a creation.
pub(crate) fn is_creation(operation: &str) -> bool {
    let mut rows = ACCESS.iter();
    rows.any(|(info, _, counts)| info.id == operation && *counts == AsCreation)
}

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
    let role = organization.and_then(|it| it.role(caller.id));
    let row = ACCESS.iter().find(|(info, ..)| info.id == operation);
    match row.map(|(_, access, _)| access) {
        Some(User) => Ok(()),
        Some(ManageMembers) => match role {
            Some(OrganizationRole::Owner | OrganizationRole::Admin) => Ok(()),
            Some(_) => Err(Refusal::forbidden()),
            None => Err(not_found()),
        },
        None => Err(Refusal::internal()),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use factify_core::OPERATIONS;
    use factify_core::types::ErrorBody;
    use http::Request;

    use crate::{Persona, Sandbox};

    /// The operation, and what becomes of it for an owner, an admin, a member and an outsider: `+` when
    /// they may call it, or the status with which they may not.
    const CELLS: &[(&str, [&str; 4])] = &[
        ("acceptOrganizationInvite", ["+", "+", "+", "+"]),
        ("createOrganizationInvite", ["+", "+", "403", "404"]),
        ("listOrganizationInvites", ["+", "+", "403", "404"]),
        ("resendOrganizationInvite", ["+", "+", "403", "404"]),
        ("revokeOrganizationInvite", ["+", "+", "403", "404"]),
    ];

    /// Calls an operation with nothing in it: what is refused for that may be called.
    fn cell(operation: &super::OperationInfo, persona: Persona) -> String {
        let sandbox = Sandbox::new(1);
        let mut path = operation
            .path
            .replace("{organization_id}", sandbox.organization_id().as_str());
        for parameter in operation.parameters {
            if let [kind, ..] = parameter.ids {
                let id = format!("{}01h2xcejqtf2nbrexx3vqjhp41", kind.prefix());
                path = path.replace(&format!("{{{}}}", parameter.name), &id);
            }
        }
        assert!(!path.contains('{'), "{path}");
        let mut request = Request::builder()
            .method(&operation.method)
            .uri(path)
            .header("authorization", format!("Bearer {}", sandbox.key(persona)));
        if let Some(content_type) = operation.content_type {
            request = request.header("content-type", content_type);
        }
        let body = operation.content_type.map_or("", |_| "{}");
        let response = sandbox.handle(&request.body(Bytes::from(body)).unwrap());
        let status = response.status().as_u16();
        let error: ErrorBody = serde_json::from_slice(response.body()).unwrap();
        let is_hidden = error.message.as_deref() == Some("Organization not found");
        if status == 403 || (status == 404 && is_hidden) {
            status.to_string()
        } else {
            assert!([200, 400, 404].contains(&status), "{status}");
            "+".to_owned()
        }
    }

    #[test]
    fn every_cell_of_every_operation_is_as_the_table_says() {
        let rows = CELLS.iter().map(|(id, _)| *id);
        assert!(rows.eq(OPERATIONS.iter().map(|info| info.id)));
        for (operation, (id, expected)) in OPERATIONS.iter().zip(CELLS) {
            let found = Persona::ALL.map(|persona| cell(operation, persona));
            assert_eq!(found, *expected, "{id}");
        }
    }
}
