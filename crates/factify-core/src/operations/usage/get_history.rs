use factify_types::usage::UsageHistory;
use factify_types::{OrganizationId, Timestamp};

use super::UsageResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;
use crate::wire::InvalidParameter;
use crate::wire::limit::check_order;

operation! {
    /// Reads the requests of an organization by day.
    #[id = "getUsageHistory", sdk = "usage.getHistory"]
    #[idempotent]
    #[GET = "/v1beta/quota/usage"]
    #[response(history: UsageHistory)]
    #[verify(history.organization_id == organization_id)]
    #[call(UsageResource::get_history)]
    #[check = check]
    pub struct GetUsageHistory {
        /// The organization. Without it, that of the caller.
        pub organization_id: Option<OrganizationId>,
        /// Days at this time or later. It must be before `date_before`.
        #[wire = "date.after"]
        pub date_after: Option<Timestamp>,
        /// Days at this time or earlier. It must be after `date_after`.
        #[wire = "date.before"]
        pub date_before: Option<Timestamp>,
    }
}

impl ResponseBody for UsageHistory {}

fn check(history: &GetUsageHistory) -> Result<(), InvalidParameter> {
    check_order(
        ("date.after", history.date_after),
        ("date.before", history.date_before),
    )
}
