use factify_types::OrganizationId;
use factify_types::organizations::OrganizationPublicProfile;

use super::OrganizationResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Reads what everybody may know about the organization.
    ///
    /// The API needs no authentication for it. This client sends its token anyway, as it always does.
    #[id = "getOrganizationPublicProfile", sdk = "organizations.getPublicProfile"]
    #[idempotent]
    #[GET = "/v1beta/organizations/{organization_id}/public-profile"]
    #[response(profile: OrganizationPublicProfile)]
    #[call(OrganizationResource::get_public_profile)]
    pub struct GetOrganizationPublicProfile {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
    }
}

impl ResponseBody for OrganizationPublicProfile {}
