use factify_types::{ApiKeyId, OrganizationId};

use super::UsageResource;
use crate::operations::declare::operation;

operation! {
    /// Removes the quota of an API key. The quota of the organization still applies.
    #[id = "deleteAPIKeyQuota", sdk = "usage.deleteKeyQuota"]
    #[idempotent]
    #[DELETE = "/v1beta/quota/keys/{api_key_id}"]
    #[response({})]
    #[call(UsageResource::delete_key_quota)]
    pub struct DeleteApiKeyQuota {
        /// The API key.
        #[path]
        pub api_key_id: ApiKeyId,
        /// The organization of the key. Without it, that of the caller.
        pub organization_id: Option<OrganizationId>,
    }
}
