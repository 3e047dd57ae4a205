use factify_core::organizations::Organization;
use serde::Serialize;

use super::{Cell, Column, Record};

impl Record for Organization {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("CREATED").left_out(1),
        Column::new("NAME").shortened_to(12),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(self.id.as_str()),
            Cell::time(self.created_at),
            Cell::plain(&self.name),
        ]
    }
}
