use anstyle::{AnsiColor, Style};
use factify_core::api_keys::ApiKey;
use serde::Serialize;

use super::{Cell, Column, Record};

impl Record for ApiKey {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("STATE").left_out(4),
        Column::new("CREATED").left_out(2),
        Column::new("EXPIRES").left_out(1),
        Column::new("REVOKED").only_wide(),
        Column::new("PREFIX").shortened_to(10).left_out(3),
        Column::new("NAME").shortened_to(10),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        let (state, style) = state(self);
        vec![
            Cell::plain(self.id.as_str()),
            Cell::styled(state, style),
            Cell::time(self.created_at),
            Cell::time(self.expires_at),
            Cell::time(self.revoked_at),
            Cell::plain(&self.key_prefix),
            Cell::plain(&self.name),
        ]
    }
}

fn state(key: &ApiKey) -> (&'static str, Style) {
    match (key.is_active, key.revoked_at) {
        (true, None) => ("active", AnsiColor::Green.on_default()),
        (false, None) => ("expired", Style::new().dimmed()),
        (false, Some(_)) => ("revoked", Style::new().dimmed()),
        // The API says both.
        (true, Some(_)) => ("revoked, active", AnsiColor::Red.on_default()),
    }
}
