use factify_core::members::OrganizationMember;
use serde::Serialize;

use super::{Cell, Column, Record};

impl Record for OrganizationMember {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("ROLE").left_out(3),
        Column::new("JOINED").left_out(2),
        Column::new("NAME").shortened_to(10).left_out(1),
        Column::new("EMAIL").shortened_to(12),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        Some(self.user.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(self.user.id.as_str()),
            Cell::plain(self.role.as_str()),
            Cell::time(self.joined_at),
            Cell::plain(&self.user.name),
            Cell::plain(&self.user.email),
        ]
    }
}
