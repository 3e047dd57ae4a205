use factify_core::organizations::OrganizationRole;
use factify_core::types::EmailAddress;
use factify_core::{ApiKeyId, OrganizationId, UserId};
use serde::{Deserialize, Serialize};

use super::{body, invalid};
use crate::respond::Refusal;
use crate::sandbox::Sandbox;
use crate::world::{KeyState, Persona, World, is_same_address};

/// A role that a user can be added with. An organization has one owner.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Admin,
    Member,
}

body! {
    pub(super) struct AddUser {
        /// An address that no user has
        email: String,
        /// The name, or else the part of the address before the @
        name: Option<String>,
        /// The role in the organization; without it, the user is not a member
        role: Option<Role>,
        /// The organization, or else the first one
        organization_id: Option<OrganizationId>,
    }
}

#[derive(Serialize)]
pub(super) struct AddedUser {
    id: UserId,
    email: String,
    name: String,
    organization_id: Option<OrganizationId>,
    role: Option<Role>,
    key: String,
    user_token: String,
}

pub(super) fn add_user(sandbox: &Sandbox, user: &AddUser) -> Result<AddedUser, Refusal> {
    let email: EmailAddress = user
        .email
        .parse()
        .map_err(|error| invalid("email", &format!("{error}")))?;
    let name = user.name.clone();
    let name = name.unwrap_or_else(|| local_part(&user.email));
    let organization = match user.role {
        Some(_) => Some(organization(sandbox, user.organization_id)?),
        None if user.organization_id.is_some() => {
            return Err(invalid("role", "A member needs a role"));
        }
        None => None,
    };
    if by_address(&sandbox.lock(), email.as_str()).is_some() {
        return Err(invalid("email", "A user has this address already"));
    }
    let added = sandbox.add_user_of(&name, email.as_str(), organization);
    if let (Some(organization), Some(role)) = (organization, user.role) {
        let role = match role {
            Role::Admin => OrganizationRole::Admin,
            Role::Member => OrganizationRole::Member,
        };
        sandbox.add_member(organization, added.id, role);
    }
    Ok(AddedUser {
        id: added.id,
        email: user.email.clone(),
        name,
        organization_id: organization,
        role: user.role,
        key: added.key,
        user_token: added.user_token,
    })
}

body! {
    pub(super) struct AddKey {
        /// A persona (owner, admin, member or outsider), an email address or a user id
        user: String,
        /// Whether the key works; without it, the key is active
        state: Option<KeyState>,
        /// An organization of the user that the key belongs to, or else none
        organization_id: Option<OrganizationId>,
    }
}

#[derive(Serialize)]
pub(super) struct AddedKey {
    id: ApiKeyId,
    user_id: UserId,
    organization_id: Option<OrganizationId>,
    state: KeyState,
    key: String,
}

pub(super) fn add_key(sandbox: &Sandbox, body: &AddKey) -> Result<AddedKey, Refusal> {
    let user = {
        let world = sandbox.lock();
        let user = named(&world, &body.user)
            .ok_or_else(|| invalid("user", "There is no such user; name a persona (owner, admin, member or outsider), an email address or a user id"))?;
        if let Some(id) = body.organization_id {
            let organization = world.organization(id);
            if organization.is_none_or(|organization| organization.role(user).is_none()) {
                let message = "The user is not a member of this organization";
                return Err(invalid("organization_id", message));
            }
        }
        user
    };
    let state = body.state.unwrap_or(KeyState::Active);
    let mut world = sandbox.lock();
    let key = world.add_key_of(user, body.organization_id, state);
    Ok(AddedKey {
        id: key.id,
        user_id: user,
        organization_id: body.organization_id,
        state,
        key: key.secret.clone(),
    })
}

/// This organization, or else the first one.
pub(super) fn organization(
    sandbox: &Sandbox,
    id: Option<OrganizationId>,
) -> Result<OrganizationId, Refusal> {
    let id = id.unwrap_or_else(|| sandbox.organization_id());
    if sandbox.lock().organization(id).is_none() {
        return Err(invalid("organization_id", "There is no such organization"));
    }
    Ok(id)
}

fn named(world: &World, user: &str) -> Option<UserId> {
    let persona = Persona::ALL.into_iter().find(|it| it.name() == user);
    if let Some(persona) = persona {
        return world.persona(persona).id.id();
    }
    match user.parse() {
        Ok(id) => world.user(id).map(|_| id),
        Err(_) => by_address(world, user),
    }
}

/// The user with an address.
pub(super) fn by_address(world: &World, email: &str) -> Option<UserId> {
    let mut users = world.users().iter();
    users
        .find(|user| is_same_address(&user.email, email))?
        .id
        .id()
}

pub(super) fn local_part(email: &str) -> String {
    email.split('@').next().unwrap_or_default().to_owned()
}
