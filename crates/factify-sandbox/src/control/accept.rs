use factify_core::InviteId;
use factify_core::invites::{
    AcceptOrganizationInvite, InvitationToken, OrganizationInviteStatus as Status,
};
use factify_core::organizations::Organization;
use factify_core::users::User;
use serde::Serialize;

use super::users::{by_address, local_part};
use super::{body, invalid};
use crate::respond::Refusal;
use crate::routes;
use crate::sandbox::Sandbox;

body! {
    pub(super) struct Accept {
        /// The token of an email
        token: Option<String>,
        /// The invite, in place of the token
        invite_id: Option<InviteId>,
    }
}

#[derive(Serialize)]
pub(super) struct Accepted {
    user: User,
    organization: Organization,
}

pub(super) fn accept(sandbox: &Sandbox, body: &Accept) -> Result<Accepted, Refusal> {
    let mut world = sandbox.lock();
    world.expire();
    let mut invites = world.organizations().iter().map(|it| &it.invites);
    let found = match (&body.token, body.invite_id) {
        (Some(token), None) => {
            invites.find_map(|invites| Some((invites.by_token(token)?.clone(), token.clone())))
        }
        (None, Some(id)) => invites
            .find_map(|invites| Some((invites.get(id)?.clone(), invites.token_of(id)?.to_owned()))),
        _ => return Err(invalid("token", "Give either token or invite_id")),
    };
    let not_found = || Refusal::not_found("There is no such invitation");
    let (invite, token) = found.ok_or_else(not_found)?;
    if invite.status != Status::Pending {
        let message = format!("The invite is {}, not pending", invite.status);
        return Err(Refusal::precondition(&message));
    }
    let email = invite.email;
    let token = InvitationToken::new(token).map_err(|_| not_found())?;
    let user = match by_address(&world, &email) {
        Some(user) => user,
        None => world.apart(|world| world.add_user(&local_part(&email), &email, None)),
    };
    let operation = AcceptOrganizationInvite::new(invite.organization_id, token);
    let organization = routes::act(&mut world, user, operation)?;
    let user = world.user(user).cloned().ok_or_else(Refusal::internal)?;
    Ok(Accepted { user, organization })
}
