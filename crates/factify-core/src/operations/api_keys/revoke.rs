use factify_types::ApiKeyId;
use factify_types::api_keys::ApiKey;

use super::ApiKeysResource;
use crate::operations::declare::operation;

operation! {
    /// Revokes an API key: it stops working immediately.
    #[id = "revokeApiKey", sdk = "apiKeys.revoke"]
    #[idempotent = "a second request finds the key revoked and changes nothing"]
    #[POST = "/v1beta/api-keys/{api_key_id}/revoke"]
    #[body(json)]
    #[response({ api_key: ApiKey })]
    #[verify(api_key.id == api_key_id)]
    #[call(ApiKeysResource::revoke)]
    pub struct RevokeApiKey {
        /// The key to revoke.
        #[path]
        pub api_key_id: ApiKeyId,
        /// The reason, for the audit. No response contains it.
        #[limit(characters = 1..=500)]
        pub reason: Option<String>,
    }
}
