use factify_types::usage::ApiKeyQuota;
use factify_types::{ApiKeyId, OrganizationId};

use super::UsageResource;
use crate::operations::declare::operation;

operation! {
    /// Sets the quota of an API key. It applies beside the quota of the organization.
    ///
    /// A response without the quota is an error with the outcome `Applied`.
    #[id = "setAPIKeyQuota", sdk = "usage.setKeyQuota"]
    #[idempotent]
    #[PUT = "/v1beta/quota/keys/{api_key_id}"]
    #[body(json)]
    #[response({ quota: ApiKeyQuota })]
    #[verify(quota.api_key_id == api_key_id)]
    #[call(UsageResource::set_key_quota)]
    pub struct SetApiKeyQuota {
        /// The API key.
        #[path]
        pub api_key_id: ApiKeyId,
        /// The maximum number of requests in a month, the billing period.
        #[limit(value = 1..=2_147_483_647)]
        pub limit: u32,
        /// The organization of the key. Without it, that of the caller.
        pub organization_id: Option<OrganizationId>,
    }
}
