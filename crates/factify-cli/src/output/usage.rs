use factify_core::usage::{ApiKeyQuota, DailyUsage, OrganizationQuota};
use factify_core::{IdRef, OrganizationId};
use serde::Serialize;

use super::{Cell, Column, Record};

impl Record for OrganizationQuota {
    const COLUMNS: &'static [Column] = &[
        Column::new("ORGANIZATION"),
        Column::new("TIER").left_out(3),
        Column::new("USED"),
        Column::new("LIMIT"),
        Column::new("REMAINING").left_out(1),
        Column::new("PERCENT").left_out(4),
        Column::new("PERIOD START").only_wide(),
        Column::new("RESETS").left_out(2),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        self.organization_id.as_ref().map(OrganizationId::as_str)
    }

    fn cells(&self) -> Vec<Cell> {
        let tier = self.tier.as_ref();
        vec![
            Cell::plain(self.id().unwrap_or_default()),
            Cell::plain(tier.map_or("", |tier| tier.as_str())),
            Cell::number(self.current_usage),
            Cell::number(self.effective_limit),
            Cell::number(self.remaining),
            Cell::number(self.usage_percent),
            Cell::time(self.period_start),
            Cell::time(self.reset_at),
        ]
    }
}

impl Record for ApiKeyQuota {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("USED").left_out(3),
        Column::new("LIMIT"),
        Column::new("REMAINING").left_out(1),
        Column::new("EXCEEDED").left_out(2),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        self.api_key_id.as_ref().map(IdRef::as_str)
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(self.id().unwrap_or_default()),
            Cell::number(self.current_usage),
            match self.limit {
                Some(limit) => Cell::number(limit),
                None => Cell::plain(""),
            },
            Cell::number(self.remaining),
            Cell::plain(if self.is_exceeded { "yes" } else { "no" }),
        ]
    }
}

impl Record for DailyUsage {
    const COLUMNS: &'static [Column] = &[Column::new("DATE"), Column::new("REQUESTS")];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(self.date.as_deref().unwrap_or_default()),
            Cell::number(self.request_count),
        ]
    }
}
