use factify_types::OrganizationId;

use crate::operations::invites::InvitesResource;
use crate::operations::resource::resource;

resource! {
    /// One organization, with its resources.
    ///
    /// Made by [`Client::organization`](crate::Client::organization).
    pub struct OrganizationResource {
        organization_id: OrganizationId,
    }
}

impl<'c, C> OrganizationResource<'c, C> {
    /// The organization's invites.
    pub fn invites(&self) -> InvitesResource<'c, C> {
        InvitesResource::new(self.client, self.config, self.organization_id)
    }
}
