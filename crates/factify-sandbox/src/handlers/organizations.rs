use factify_core::organizations::{
    CreateOrganization, GetOrganization, GetOrganizationPublicProfile, ListOrganizations,
    Organization, OrganizationPublicProfile, OrganizationRole, UpdateOrganization,
    UploadOrganizationLogo,
};
use factify_core::{ErrorReason, Page};

use crate::page::page;
use crate::respond::Refusal;
use crate::routes::{Context, Handle};
use crate::target::absolute;

/// The longest name of an organization. Only `createOrganization` documents it, but every response has it.
const MAX_NAME: usize = 255;

impl Handle for ListOrganizations {
    fn handle(self, context: &mut Context<'_>) -> Result<Page<Organization>, Refusal> {
        let (world, caller) = (&*context.world, context.caller()?);
        page(
            world.organizations(),
            |organization| {
                let role = organization.role(caller.id)?;
                let is_shown = self.role.is_empty() || self.role.contains(role);
                is_shown.then(|| organization.profile.clone())
            },
            context.request,
            world.page_secret(),
            self.page_size,
            self.page_token.as_deref(),
        )
    }
}

impl Handle for CreateOrganization {
    fn handle(self, context: &mut Context<'_>) -> Result<Organization, Refusal> {
        let caller = context.caller()?;
        if self.owner_user_id.is_some_and(|owner| owner != caller.id) {
            return Err(Refusal::forbidden());
        }
        let id = context.world.add_organization(&self.name);
        context
            .world
            .add_member(id, caller.id, OrganizationRole::Owner);
        Ok(context.organization(id)?.profile.clone())
    }
}

impl Handle for GetOrganization {
    fn handle(self, context: &mut Context<'_>) -> Result<Organization, Refusal> {
        Ok(context.organization(self.organization_id)?.profile.clone())
    }
}

impl Handle for UpdateOrganization {
    fn handle(self, context: &mut Context<'_>) -> Result<Organization, Refusal> {
        if self
            .name
            .as_ref()
            .is_some_and(|name| name.chars().count() > MAX_NAME)
        {
            let reason = ErrorReason::InvalidFieldValue;
            let message = "It has more than 255 characters";
            return Err(Refusal::invalid(reason, "name", message));
        }
        let profile = &mut context.organization(self.organization_id)?.profile;
        if let Some(name) = self.name {
            profile.name = name;
        }
        if self.logo_image_url.is_some() {
            profile.logo_image_url = self.logo_image_url;
        }
        Ok(profile.clone())
    }
}

impl Handle for UploadOrganizationLogo {
    fn handle(self, context: &mut Context<'_>) -> Result<String, Refusal> {
        let path = context.world.logos.add(self.image_data);
        Ok(absolute(context.request, &path))
    }
}

impl Handle for GetOrganizationPublicProfile {
    fn handle(self, context: &mut Context<'_>) -> Result<OrganizationPublicProfile, Refusal> {
        let organization = &context.organization(self.organization_id)?.profile;
        let mut profile = OrganizationPublicProfile::new();
        profile.display_name = Some(organization.name.clone());
        profile
            .logo_image_url
            .clone_from(&organization.logo_image_url);
        Ok(profile)
    }
}
