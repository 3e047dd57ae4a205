use factify_core::Page;
use factify_core::invites::{
    AcceptOrganizationInvite, CreateOrganizationInvite, ListOrganizationInvites,
    OrganizationInvite, OrganizationInviteStatus as Status, ResendOrganizationInvite,
    RevokeOrganizationInvite,
};
use factify_core::organizations::{Organization, OrganizationRole};

use crate::page::page;
use crate::respond::Refusal;
use crate::routes::{Context, Handle};
use crate::world::{LIFETIME, is_same_address};

fn not_found() -> Refusal {
    Refusal::not_found("Invite not found")
}

impl Handle for AcceptOrganizationInvite {
    fn handle(self, context: &mut Context<'_>) -> Result<Organization, Refusal> {
        let (now, caller) = (context.world.now(), context.caller()?);
        let organization = context.organization(self.organization_id)?;
        let not_found = || Refusal::not_found("The invitation is invalid or has expired");
        let is_member = organization.role(caller.id).is_some();
        let member = || Refusal::precondition("You are already a member");
        let invite = organization.invites.by_token(self.token.expose());
        let invite = invite.ok_or_else(not_found)?;
        match invite.status {
            Status::Accepted if is_member => return Err(member()),
            Status::Pending => {}
            _ => return Err(not_found()),
        }
        if !is_same_address(&invite.email, &caller.user.email) {
            return Err(Refusal::forbidden());
        }
        if is_member {
            return Err(member());
        }
        let id = invite.id;
        organization.invites.change(id, |invite| {
            invite.status = Status::Accepted;
            invite.accepted_at = Some(now);
            invite.accepted_by = Some(caller.user.clone());
        });
        organization.add_member(caller.id, OrganizationRole::Member, now);
        Ok(organization.profile.clone())
    }
}

impl Handle for CreateOrganizationInvite {
    fn handle(self, context: &mut Context<'_>) -> Result<OrganizationInvite, Refusal> {
        let (id, email) = (self.organization_id, self.email.as_str());
        let sender = &context.caller()?.user;
        if context.world.is_member_address(id, email) {
            return Err(Refusal::precondition("The email belongs to a member"));
        }
        let now = context.world.now();
        let invites = &mut context.organization(id)?.invites;
        let pending = invites.pending_for(email).map(|invite| invite.id);
        let renewed = pending.and_then(|pending| {
            invites.change(pending, |invite| {
                invite.expires_at = now.checked_add(LIFETIME).unwrap_or(now);
                if self.message.is_some() {
                    invite.message.clone_from(&self.message);
                }
            })
        });
        let renewed = renewed.cloned();
        let invite = renewed.unwrap_or_else(|| {
            let sender = sender.clone();
            context.world.add_invite(id, sender, email, self.message)
        });
        context.world.send_invitation(&invite);
        Ok(invite)
    }
}

impl Handle for ListOrganizationInvites {
    fn handle(self, context: &mut Context<'_>) -> Result<Page<OrganizationInvite>, Refusal> {
        let (request, secret) = (context.request, context.world.page_secret());
        let invites = context.organization(self.organization_id)?.invites.all();
        page(
            invites,
            |invite| self.matches(invite).then(|| invite.clone()),
            request,
            secret,
            self.page_size,
            self.page_token.as_deref(),
        )
    }
}

impl Handle for ResendOrganizationInvite {
    fn handle(self, context: &mut Context<'_>) -> Result<OrganizationInvite, Refusal> {
        let (id, now) = (self.organization_id, context.world.now());
        let invites = &context.organization(id)?.invites;
        let invite = invites.get(self.invite_id).ok_or_else(not_found)?;
        match &invite.status {
            Status::Pending => {}
            Status::Expired => {
                let email = invite.email.clone();
                if invites.pending_for(&email).is_some() {
                    let message = "The address has another pending invite";
                    return Err(Refusal::precondition(message));
                }
                if context.world.is_member_address(id, &email) {
                    return Err(Refusal::precondition("The email belongs to a member"));
                }
            }
            status => {
                let message = format!("The invite is {status}, neither pending nor expired");
                return Err(Refusal::precondition(&message));
            }
        }
        let invites = &mut context.organization(id)?.invites;
        let revived = invites.change(self.invite_id, |invite| {
            invite.status = Status::Pending;
            invite.expires_at = now.checked_add(LIFETIME).unwrap_or(now);
        });
        let invite = revived.cloned().ok_or_else(not_found)?;
        context.world.send_invitation(&invite);
        Ok(invite)
    }
}

impl Handle for RevokeOrganizationInvite {
    fn handle(self, context: &mut Context<'_>) -> Result<OrganizationInvite, Refusal> {
        let invites = &mut context.organization(self.organization_id)?.invites;
        let status = &invites.get(self.invite_id).ok_or_else(not_found)?.status;
        if *status != Status::Pending {
            let message = format!("The invite is {status}, not pending");
            return Err(Refusal::precondition(&message));
        }
        let revoked = invites.change(self.invite_id, |invite| invite.status = Status::Revoked);
        revoked.cloned().ok_or_else(not_found)
    }
}
