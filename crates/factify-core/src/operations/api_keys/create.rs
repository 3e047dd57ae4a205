use factify_types::api_keys::ApiKey;
use factify_types::{OrganizationId, Timestamp};
use serde::Deserialize;

use super::{ApiKeySecret, ApiKeysResource};
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Creates an API key. Only this response contains its secret.
    ///
    /// A name can be used more than once. Choose one that nobody else uses, so that you can find the key if
    /// the response is lost: [`Error::report`](crate::Error::report) then says which key may exist.
    #[id = "createApiKey", sdk = "apiKeys.create"]
    #[not_idempotent = "it creates another key, with another secret"]
    #[POST = "/v1beta/api-keys"]
    #[body(json)]
    #[response(created: CreatedApiKey)]
    #[verify(created.api_key.organization_id == organization_id)]
    #[call(ApiKeysResource::create)]
    #[in_doubt = in_doubt]
    pub struct CreateApiKey {
        /// The organization that the key belongs to.
        pub organization_id: OrganizationId,
        /// The name of the key.
        #[limit(characters = 1..=63)]
        pub name: String,
        /// When the key expires: in the future, at most 8,760 hours ahead. Without it, the key never
        /// expires.
        pub expires_at: Option<Timestamp>,
    }
}

impl ResponseBody for CreatedApiKey {
    const HAS_SECRET: bool = true;
}

fn in_doubt(create: &CreateApiKey) -> String {
    format!(
        "An API key with the name {:?} may exist in {} now, and nobody has its secret. List the API keys of \
         the organization, and revoke each one of this name that you do not know before you create another.",
        create.name, create.organization_id,
    )
}

/// A new API key and its secret. Schema `CreateApiKeyResponse`, v1beta.
///
/// It can be serialized only with the feature `serve`, so that nobody writes the secret by accident.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "serve", derive(serde::Serialize))]
#[cfg_attr(feature = "arbitrary1", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub struct CreatedApiKey {
    /// The key.
    pub api_key: ApiKey,
    /// Its secret. No other response contains it.
    pub secret: ApiKeySecret,
}

impl CreatedApiKey {
    /// A new key, for your tests.
    pub fn new(api_key: ApiKey, secret: ApiKeySecret) -> Self {
        Self { api_key, secret }
    }
}
