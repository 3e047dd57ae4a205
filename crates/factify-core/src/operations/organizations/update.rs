use factify_types::OrganizationId;
use factify_types::organizations::Organization;

use super::OrganizationResource;
use crate::operations::declare::operation;
use crate::wire::InvalidParameter;

operation! {
    /// Changes the name or the logo of the organization.
    ///
    /// Needs the permission to administer it: that of an owner or admin. A value that you do not set does
    /// not change. The API documents no way to remove a logo.
    #[id = "updateOrganization", sdk = "organizations.update"]
    #[idempotent]
    #[PATCH = "/v1beta/organizations/{organization_id}"]
    #[body(json)]
    #[response({ organization: Organization })]
    #[verify(organization.id == organization_id)]
    #[call(OrganizationResource::update)]
    #[check = check]
    pub struct UpdateOrganization {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The new name.
        #[limit(characters = 1..)]
        pub name: Option<String>,
        /// The absolute URL of the new logo, from [`OrganizationResource::upload_logo`].
        #[limit(characters = 0..=1_024)]
        pub logo_image_url: Option<String>,
    }
}

fn check(update: &UpdateOrganization) -> Result<(), InvalidParameter> {
    let is_absolute = |url: &String| {
        url.parse::<http::Uri>()
            .is_ok_and(|url| url.scheme().is_some())
    };
    if update.logo_image_url.as_ref().is_none_or(is_absolute) {
        return Ok(());
    }
    Err(InvalidParameter::new(
        "logo_image_url",
        "it is not an absolute URL",
    ))
}
