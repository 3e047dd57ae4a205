//! One organization and what belongs to it.

use factify_types::OrganizationId;

use crate::config::ClientConfig;
use crate::operations::invites::OrganizationInvites;

/// The calls that concern one organization.
///
/// Made by [`Client::organization`](crate::Client::organization); nothing is sent by making it.
#[derive(Debug)]
pub struct OrganizationResource<'c, C> {
    client: &'c C,
    config: &'c ClientConfig,
    id: OrganizationId,
}

impl<'c, C> OrganizationResource<'c, C> {
    pub(crate) fn new(client: &'c C, config: &'c ClientConfig, id: OrganizationId) -> Self {
        Self { client, config, id }
    }

    /// The organization's invites.
    pub fn invites(&self) -> OrganizationInvites<'c, C> {
        OrganizationInvites::new(self.client, self.config, self.id)
    }
}
