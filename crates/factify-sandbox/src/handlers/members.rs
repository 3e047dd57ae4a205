use factify_core::members::{
    AddOrganizationMember, ListOrganizationMembers, OrganizationMember, RemoveOrganizationMember,
    UpdateOrganizationMember,
};
use factify_core::organizations::OrganizationRole;
use factify_core::{OrganizationId, Page, UserId};

use crate::page::page;
use crate::respond::Refusal;
use crate::routes::{Context, Handle};
use crate::world::{Member, World};

fn model(world: &World, member: &Member) -> Option<OrganizationMember> {
    let user = world.user(member.id)?.clone();
    Some(OrganizationMember::new(
        user,
        member.role.clone(),
        member.joined_at,
    ))
}

/// The members of an organization, in the order in which they joined.
pub(crate) fn all(world: &World, organization: OrganizationId) -> Vec<OrganizationMember> {
    let organization = world.organization(organization);
    let members = organization.map_or(&[][..], |found| found.all_members());
    let members = members.iter().filter(|member| !member.is_removed);
    members.filter_map(|member| model(world, member)).collect()
}

/// The member, after a change.
fn shown(
    context: &Context<'_>,
    organization: OrganizationId,
    user: UserId,
) -> Result<OrganizationMember, Refusal> {
    let found = context.world.organization(organization);
    let member = found.and_then(|organization| organization.member(user));
    let model = member.and_then(|member| model(context.world, member));
    model.ok_or_else(Refusal::internal)
}

/// Refuses to change the owner, and a user who is not a member.
fn check_member(
    context: &mut Context<'_>,
    organization: OrganizationId,
    user: UserId,
) -> Result<(), Refusal> {
    match context.organization(organization)?.role(user) {
        Some(OrganizationRole::Owner) => {
            let message = "The owner can be neither changed nor removed";
            Err(Refusal::precondition(message))
        }
        Some(_) => Ok(()),
        None => Err(Refusal::not_found("Member not found")),
    }
}

impl Handle for ListOrganizationMembers {
    fn handle(self, context: &mut Context<'_>) -> Result<Page<OrganizationMember>, Refusal> {
        let world = &*context.world;
        let organization = world.organization(self.organization_id);
        let members = organization.map_or(&[][..], |found| found.all_members());
        page(
            members,
            |member| model(world, member).filter(|_| !member.is_removed),
            context.request,
            world.page_secret(),
            self.page_size,
            self.page_token.as_deref(),
        )
    }
}

impl Handle for AddOrganizationMember {
    fn handle(self, context: &mut Context<'_>) -> Result<OrganizationMember, Refusal> {
        let (id, user) = (self.organization_id, self.user_id);
        if context.world.user(user).is_none() {
            return Err(Refusal::not_found("User not found"));
        }
        if context.organization(id)?.role(user).is_some() {
            return Err(Refusal::precondition("The user is already a member"));
        }
        context.world.add_member(id, user, self.role);
        shown(context, id, user)
    }
}

impl Handle for UpdateOrganizationMember {
    fn handle(self, context: &mut Context<'_>) -> Result<OrganizationMember, Refusal> {
        check_member(context, self.organization_id, self.user_id)?;
        let (id, user) = (self.organization_id, self.user_id);
        context.world.add_member(id, user, self.role);
        shown(context, id, user)
    }
}

impl Handle for RemoveOrganizationMember {
    fn handle(self, context: &mut Context<'_>) -> Result<(), Refusal> {
        check_member(context, self.organization_id, self.user_id)?;
        context
            .organization(self.organization_id)?
            .remove_member(self.user_id);
        Ok(())
    }
}
