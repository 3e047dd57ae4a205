use factify_types::OrganizationId;
use factify_types::api_keys::ApiKey;

use super::ApiKeysResource;
use crate::operations::declare::operation;

operation! {
    /// Lists the API keys of an organization, one page at a time. The list has no secrets.
    ///
    /// Revoked keys are left out unless you ask for them; expired keys are listed.
    /// [`ApiKey::is_active`] says whether a key works.
    #[id = "listApiKeys", sdk = "apiKeys.list"]
    #[idempotent]
    #[GET = "/v1beta/api-keys"]
    #[response(Page<ApiKey>)]
    #[verify(items.organization_id == organization_id)]
    #[call(ApiKeysResource::list)]
    pub struct ListApiKeys {
        /// The organization that the keys belong to.
        pub organization_id: OrganizationId,
        /// Whether to list revoked keys too.
        pub include_revoked: Option<bool>,
        /// The maximum number of keys in a page. The API's default is 50.
        #[limit(value = 1..=100)]
        pub page_size: Option<u32>,
        /// The token of the page to read. Without it, the first page.
        pub page_token: Option<String>,
    }
}
