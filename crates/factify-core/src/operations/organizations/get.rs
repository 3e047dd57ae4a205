use factify_types::OrganizationId;
use factify_types::organizations::Organization;

use super::OrganizationResource;
use crate::operations::declare::operation;

operation! {
    /// Reads the organization.
    #[id = "getOrganization", sdk = "organizations.get"]
    #[idempotent]
    #[GET = "/v1beta/organizations/{organization_id}"]
    #[response({ organization: Organization })]
    #[verify(organization.id == organization_id)]
    #[call(OrganizationResource::get)]
    pub struct GetOrganization {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
    }
}
