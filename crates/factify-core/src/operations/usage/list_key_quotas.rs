use factify_types::OrganizationId;
use factify_types::usage::ApiKeyQuota;

use super::UsageResource;
use crate::operations::declare::operation;

operation! {
    /// Lists the quotas of the organization's API keys, all at once.
    #[id = "listAPIKeyQuotas", sdk = "usage.listKeyQuotas"]
    #[idempotent]
    #[GET = "/v1beta/quota/keys"]
    #[response({ quotas: Vec<ApiKeyQuota> })]
    #[call(UsageResource::list_key_quotas)]
    pub struct ListApiKeyQuotas {
        /// The organization. Without it, that of the caller.
        pub organization_id: Option<OrganizationId>,
    }
}
