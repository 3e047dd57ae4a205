use factify_core::usage::{
    ApiKeyQuota, DailyUsage, DeleteApiKeyQuota, GetOrganizationQuota, GetUsageHistory,
    ListApiKeyQuotas, OrganizationQuota, SetApiKeyQuota, UsageHistory,
};
use factify_core::{ApiKeyId, OrganizationId, Timestamp};

use crate::respond::Refusal;
use crate::routes::{Context, Handle};
use crate::world::Key;
use crate::world::usage::{Period, day};

impl Handle for GetOrganizationQuota {
    fn handle(self, context: &mut Context<'_>) -> Result<OrganizationQuota, Refusal> {
        let now = context.world.now();
        let organization = context.organization_or_own(self.organization_id)?;
        let (used, limit) = (organization.tally.in_period(now), organization.limit());
        let period = Period::of(now);
        let mut quota = OrganizationQuota::new();
        quota.organization_id = Some(organization.profile.id);
        quota.tier = Some(organization.tier());
        quota.effective_limit = limit;
        quota.current_usage = used;
        quota.remaining = (limit - used).max(0);
        let percent = i64::from(used) * 100 / i64::from(limit.max(1));
        quota.usage_percent = i32::try_from(percent).unwrap_or(i32::MAX);
        quota.is_exceeded = used >= limit;
        quota.period_start = period.start();
        quota.reset_at = period.end();
        Ok(quota)
    }
}

fn model(key: &Key, now: Timestamp) -> ApiKeyQuota {
    let used = key.tally.in_period(now);
    let mut quota = ApiKeyQuota::new();
    quota.api_key_id = Some(key.id.into());
    quota.limit = key.quota;
    quota.current_usage = used;
    quota.remaining = key.quota.map_or(0, |limit| (limit - used).max(0));
    quota.is_exceeded = key.is_exceeded(now);
    quota
}

impl Handle for ListApiKeyQuotas {
    fn handle(self, context: &mut Context<'_>) -> Result<Vec<ApiKeyQuota>, Refusal> {
        let now = context.world.now();
        let id = context
            .organization_or_own(self.organization_id)?
            .profile
            .id;
        let keys = context.world.keys.all().iter();
        let limited = keys.filter(|key| key.organization == Some(id) && key.quota.is_some());
        Ok(limited.map(|key| model(key, now)).collect())
    }
}

/// A key of this organization, or of that of the caller.
fn key_of<'c>(
    context: &'c mut Context<'_>,
    organization: Option<OrganizationId>,
    key: ApiKeyId,
) -> Result<&'c mut Key, Refusal> {
    let id = context.organization_or_own(organization)?.profile.id;
    let key = context.world.keys.get_mut(key);
    let key = key.filter(|key| key.organization == Some(id));
    key.ok_or_else(|| Refusal::not_found("API key not found"))
}

impl Handle for SetApiKeyQuota {
    fn handle(self, context: &mut Context<'_>) -> Result<ApiKeyQuota, Refusal> {
        let now = context.world.now();
        let key = key_of(context, self.organization_id, self.api_key_id)?;
        key.quota = i32::try_from(self.limit).ok();
        Ok(model(key, now))
    }
}

impl Handle for DeleteApiKeyQuota {
    fn handle(self, context: &mut Context<'_>) -> Result<(), Refusal> {
        key_of(context, self.organization_id, self.api_key_id)?.quota = None;
        Ok(())
    }
}

impl Handle for GetUsageHistory {
    fn handle(self, context: &mut Context<'_>) -> Result<UsageHistory, Refusal> {
        let organization = context.organization_or_own(self.organization_id)?;
        let (first, last) = (self.date_after.map(day), self.date_before.map(day));
        let mut history = UsageHistory::new();
        history.organization_id = Some(organization.profile.id);
        for (date, requests) in organization.tally.days() {
            let is_before = first.as_deref().is_some_and(|first| date < first);
            let is_after = last.as_deref().is_some_and(|last| date > last);
            if is_before || is_after {
                continue;
            }
            let mut day = DailyUsage::new();
            day.date = Some(date.to_owned());
            day.request_count = requests;
            history.daily_usage.push(day);
            history.total_requests = history.total_requests.saturating_add(requests);
        }
        Ok(history)
    }
}
