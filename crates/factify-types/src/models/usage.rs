//! Usage and quotas.

use alloc::string::String;
use alloc::vec::Vec;

use crate::{ApiKeyId, IdRef, OrganizationId, Timestamp};

model! {
    /// The quota of an organization for API requests, and its usage. Schema `OrganizationQuota`, v1beta.
    pub struct OrganizationQuota {
        /// The organization.
        pub organization_id: Option<OrganizationId>,
        /// The tier.
        pub tier: Option<QuotaTier>,
        /// The maximum number of requests in a month, the billing period: the organization's own, or the
        /// default of its tier.
        pub effective_limit: i32,
        /// The requests in this billing period.
        pub current_usage: i32,
        /// The requests that are left in this billing period.
        pub remaining: i32,
        /// The usage in percent of the limit. It can be more than 100.
        pub usage_percent: i32,
        /// Whether the limit is exceeded.
        pub is_exceeded: bool,
        /// The start of this billing period.
        pub period_start: Option<Timestamp>,
        /// The start of the next billing period.
        pub reset_at: Option<Timestamp>,
    }
}

model! {
    /// The quota of an API key for requests, and its usage. Schema `APIKeyQuota`, v1beta.
    pub struct ApiKeyQuota {
        /// The API key. It is a reference, so another text is kept unchanged: it does not hide the other quotas.
        pub api_key_id: Option<IdRef<ApiKeyId>>,
        /// The maximum number of requests in a month, the billing period. `None` if the key has no limit of its
        /// own.
        pub limit: Option<i32>,
        /// The requests in this billing period.
        pub current_usage: i32,
        /// The requests that are left in this billing period. It means nothing without a limit.
        pub remaining: i32,
        /// Whether the limit is exceeded. False without a limit.
        pub is_exceeded: bool,
    }
}

model! {
    /// The requests of an organization by day. Schema `GetUsageHistoryResponse`, v1beta.
    pub struct UsageHistory {
        /// The organization.
        pub organization_id: Option<OrganizationId>,
        /// One record for each day.
        pub daily_usage: Vec<DailyUsage>,
        /// The requests of all these days.
        pub total_requests: i32,
    }
}

model! {
    /// The requests of one day. Schema `DailyUsage`, v1beta.
    pub struct DailyUsage {
        /// The day, as `YYYY-MM-DD`.
        pub date: Option<String>,
        /// The number of requests.
        pub request_count: i32,
    }
}

open_enum! {
    /// The tier that sets the default quota. Schema `QuotaTier`, v1beta.
    QuotaTier {
        /// The free tier.
        Free = "free",
        /// A custom tier.
        Custom = "custom",
    }
}
