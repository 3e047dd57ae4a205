use factify_types::OrganizationId;

use crate::operations::invites::InvitesResource;
use crate::operations::members::MembersResource;
use crate::operations::resource::resource;

resource! {
    /// The organizations of the caller.
    ///
    /// Made by [`Client::organizations`](crate::Client::organizations).
    ///
    /// ```
    /// use factify_core::Error;
    /// use factify_core::blocking::{Client, HttpTransport};
    /// use factify_core::organizations::OrganizationRole;
    ///
    /// fn print_own(client: &Client<impl HttpTransport>) -> Result<(), Error> {
    ///     for organization in client.organizations().list().role(OrganizationRole::Owner).items() {
    ///         let organization = organization?;
    ///         println!("{} {}", organization.id, organization.name);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub struct OrganizationsResource {}
}

resource! {
    /// One organization, with its resources.
    ///
    /// Made by [`Client::organization`](crate::Client::organization).
    ///
    /// ```
    /// use factify_core::blocking::{Client, HttpTransport};
    /// use factify_core::organizations::LogoImage;
    /// use factify_core::{Error, OrganizationId};
    ///
    /// fn change_logo(
    ///     client: &Client<impl HttpTransport>,
    ///     organization: OrganizationId,
    ///     image: LogoImage,
    /// ) -> Result<(), Error> {
    ///     let organization = client.organization(organization);
    ///     let url = organization.upload_logo(image).send()?;
    ///     let changed = organization.update().logo_image_url(url).send()?;
    ///     println!("{} has a new logo", changed.name);
    ///     Ok(())
    /// }
    /// ```
    pub struct OrganizationResource {
        organization_id: OrganizationId,
    }
}

impl<'c, C> OrganizationResource<'c, C> {
    /// The organization's invites.
    pub fn invites(&self) -> InvitesResource<'c, C> {
        InvitesResource::new(self.client, self.config, self.organization_id)
    }

    /// The organization's members.
    pub fn members(&self) -> MembersResource<'c, C> {
        MembersResource::new(self.client, self.config, self.organization_id)
    }
}
