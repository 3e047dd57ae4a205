//! API keys.

use alloc::string::String;

use crate::{ApiKeyId, OrganizationId, Timestamp};

model! {
    /// An API key, without its secret. Schema `ApiKey`, v1beta.
    pub struct ApiKey {
        /// Its ID.
        pub id: ApiKeyId,
        /// The organization that it belongs to.
        pub organization_id: OrganizationId,
        /// Its name, 1 to 63 characters.
        pub name: String,
        /// The first 16 characters of its secret and an ellipsis, to recognize it.
        pub key_prefix: String,
        /// When it was created.
        pub created_at: Timestamp,
        /// When it expires. `None` if it never does.
        pub expires_at: Option<Timestamp>,
        /// When it was revoked.
        pub revoked_at: Option<Timestamp>,
        /// Whether it works: it is not revoked and has not expired.
        #[required]
        pub is_active: bool,
    }
}
