use factify_types::OrganizationId;
use factify_types::usage::OrganizationQuota;

use super::UsageResource;
use crate::operations::declare::operation;

operation! {
    /// Reads the quota of an organization, and its usage in this billing period.
    #[id = "getOrganizationQuota", sdk = "usage.get"]
    #[idempotent]
    #[GET = "/v1beta/quota"]
    #[response({ quota: OrganizationQuota })]
    #[verify(quota.organization_id == organization_id)]
    #[call(UsageResource::get)]
    pub struct GetOrganizationQuota {
        /// The organization. Without it, that of the caller. Only admins may ask for another one.
        pub organization_id: Option<OrganizationId>,
    }
}
