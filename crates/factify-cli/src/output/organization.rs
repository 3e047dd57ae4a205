use factify_core::organizations::Organization;
use jiff::tz::TimeZone;

use super::time::local;
use super::{Cell, Record};

impl Record for Organization {
    const COLUMNS: &'static [&'static str] = &["ID", "NAME", "CREATED"];

    type Json = Self;

    fn json(&self) -> &Self {
        self
    }

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    fn cells(&self, zone: &TimeZone) -> Vec<Cell> {
        vec![
            Cell::plain(self.id.as_str()),
            Cell::plain(&self.name),
            Cell::plain(&local(self.created_at, zone)),
        ]
    }
}
