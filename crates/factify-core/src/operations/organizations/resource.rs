use factify_types::{OrganizationId, UserId};

use super::offboard::machine::Offboard;
use crate::client::OffboardCall;
use crate::operations::invites::InvitesResource;
use crate::operations::members::MembersResource;
use crate::operations::resource::resource;

resource! {
    /// The organizations of the caller.
    ///
    /// Made by [`Client::organizations`](crate::Client::organizations).
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::Error;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::organizations::OrganizationRole;
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
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::organizations::LogoImage;
    /// use factify::{Error, OrganizationId};
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

    /// Offboards a person: removes what they have in the organization, as far as the API can reach it, and reports each
    /// thing. Begin with [`dry_run`](OffboardCall::dry_run).
    ///
    /// It ends the membership first. Then it revokes the pending invites that the person sent, and those to
    /// [their address](OffboardCall::email). It gives their documents to a new owner, and revokes their access to
    /// the documents of the organization, also in the trash: see
    /// [`ensure_no_access`](crate::sharing::SharingResource::ensure_no_access). At the end it reads whether the person
    /// has become a member again. It deletes nothing. After an error it continues with the next thing. If it is
    /// interrupted, call it again: it continues with what is left.
    ///
    /// It reads who has access to each document of the organization, one request for each. So use a
    /// [`Pace`](crate::Pace), and a key of an owner or admin that belongs to this organization. What the call cannot
    /// find is in [`OffboardReport::NOT_COVERED`](super::OffboardReport::NOT_COVERED). If a document gets another owner
    /// between two requests, it may be taken from that owner; in the same way, an invite that somebody sends again may be
    /// revoked. Do not offboard yourself: without the membership you can do nothing more. For observers it is one call.
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{Error, OrganizationId, UserId};
    ///
    /// fn offboard(
    ///     client: &Client<impl HttpTransport>,
    ///     organization: OrganizationId,
    ///     (person, new_owner): (UserId, UserId),
    /// ) -> Result<bool, Error> {
    ///     let offboard = client.organization(organization).offboard(person);
    ///     let report = offboard.transfer_documents_to(new_owner).send()?;
    ///     for item in &report.items {
    ///         println!("{item}");
    ///     }
    ///     Ok(report.is_complete())
    /// }
    /// ```
    pub fn offboard(&self, user_id: UserId) -> OffboardCall<'c, C> {
        let machine = Offboard::new(self.organization_id, user_id);
        OffboardCall::new(self.client, self.config, machine)
    }

    /// The organization's members.
    pub fn members(&self) -> MembersResource<'c, C> {
        MembersResource::new(self.client, self.config, self.organization_id)
    }
}
