//! Who may call which operation, and how a call counts against the rate limits.

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

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Any user with a valid key.
    User,
    /// An owner or admin of the organization in the path.
    ManageMembers,
}

/// How a call counts against the rate limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// As a request.
    AsRequest,
    /// As a request and as a creation; the limit of creations is lower.
    AsCreation,
}

/// For each operation, who may call it and how a call counts.
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

/// Refuses a caller without permission. For users who are not members, the organization does not exist.
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

    /// Each operation, and the result for an owner, an admin, a member and an outsider: `+` if they may
    /// call it, else the status.
    const CELLS: &[(&str, [&str; 4])] = &[
        ("acceptOrganizationInvite", ["+", "+", "+", "+"]),
        ("createOrganizationInvite", ["+", "+", "403", "404"]),
        ("listOrganizationInvites", ["+", "+", "403", "404"]),
        ("resendOrganizationInvite", ["+", "+", "403", "404"]),
        ("revokeOrganizationInvite", ["+", "+", "403", "404"]),
    ];

    /// Calls an operation with an empty request. An error about its content means that the caller has
    /// permission.
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
    fn every_persona_may_call_what_the_table_says() {
        let rows = CELLS.iter().map(|(id, _)| *id);
        assert!(rows.eq(OPERATIONS.iter().map(|info| info.id)));
        for (operation, (id, expected)) in OPERATIONS.iter().zip(CELLS) {
            let found = Persona::ALL.map(|persona| cell(operation, persona));
            assert_eq!(found, *expected, "{id}");
        }
    }
}
