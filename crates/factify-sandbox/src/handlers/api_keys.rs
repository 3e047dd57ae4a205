use std::time::Duration;

use factify_core::api_keys::{
    ApiKey, ApiKeySecret, CreateApiKey, CreatedApiKey, ListApiKeys, RevokeApiKey,
};
use factify_core::{ErrorReason, Page};

use crate::page::page;
use crate::respond::Refusal;
use crate::routes::{Context, Handle};

/// The longest life of a key.
const MAX_LIFE: Duration = Duration::from_secs(8_760 * 60 * 60);

impl Handle for CreateApiKey {
    fn handle(self, context: &mut Context<'_>) -> Result<CreatedApiKey, Refusal> {
        let now = context.world.now();
        if let Some(expires_at) = self.expires_at {
            let latest = now.checked_add(MAX_LIFE).unwrap_or(now);
            if expires_at <= now || expires_at > latest {
                let message = "It must be in the future, at most 8760 hours ahead";
                let reason = ErrorReason::InvalidFieldValue;
                return Err(Refusal::invalid(reason, "expires_at", message));
            }
        }
        let user = context.caller()?.id;
        let key = context
            .world
            .add_key(self.organization_id, user, &self.name);
        key.expires_at = self.expires_at;
        let secret = ApiKeySecret::new(key.secret.clone()).map_err(|_| Refusal::internal())?;
        Ok(CreatedApiKey::new(
            key.model(self.organization_id, now),
            secret,
        ))
    }
}

impl Handle for ListApiKeys {
    fn handle(self, context: &mut Context<'_>) -> Result<Page<ApiKey>, Refusal> {
        let (world, id) = (&*context.world, self.organization_id);
        let revoked = self.include_revoked.unwrap_or_default();
        page(
            world.keys.all(),
            |key| {
                let is_shown =
                    key.organization == Some(id) && (revoked || key.revoked_at.is_none());
                is_shown.then(|| key.model(id, world.now()))
            },
            context.request,
            world.page_secret(),
            self.page_size,
            self.page_token.as_deref(),
        )
    }
}

impl Handle for RevokeApiKey {
    fn handle(self, context: &mut Context<'_>) -> Result<ApiKey, Refusal> {
        let now = context.world.now();
        let not_found = || Refusal::not_found("API key not found");
        let key = context
            .world
            .keys
            .get_mut(self.api_key_id)
            .ok_or_else(not_found)?;
        key.revoked_at.get_or_insert(now);
        let organization = key.organization.ok_or_else(not_found)?;
        Ok(key.model(organization, now))
    }
}
