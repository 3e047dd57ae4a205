use anstyle::{AnsiColor, Style};
use factify_core::IdRef;
use factify_core::access_requests::{AccessRequest, AccessRequestStatus};
use factify_core::policies::DocumentPolicy;
use factify_core::sharing::{GeneralAccess, InspectedAccess, Recipient};
use serde::Serialize;

use super::{Cell, Column, Record};

impl Record for Recipient {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("TYPE").left_out(2),
        Column::new("ROLE").left_out(3),
        Column::new("NAME").shortened_to(10).left_out(1),
        Column::new("EMAIL").shortened_to(12),
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
            Cell::plain(self.kind.as_str()),
            Cell::plain(self.document_role.as_str()),
            Cell::plain(self.name.as_deref().unwrap_or_default()),
            Cell::plain(self.email.as_deref().unwrap_or_default()),
        ]
    }
}

impl Record for GeneralAccess {
    const COLUMNS: &'static [Column] = &[
        Column::new("DOCUMENT"),
        Column::new("GENERAL ACCESS").shortened_to(8),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        self.document_id.as_ref().map(IdRef::as_str)
    }

    fn cells(&self) -> Vec<Cell> {
        let level = self.general_access_level.as_ref();
        vec![
            Cell::plain(self.id().unwrap_or_default()),
            Cell::plain(level.map_or("", |level| level.as_str())),
        ]
    }
}

impl Record for InspectedAccess {
    const COLUMNS: &'static [Column] = &[
        Column::new("DOCUMENT"),
        Column::new("YOU MAY").shortened_to(8),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        self.document_id.as_ref().map(IdRef::as_str)
    }

    fn cells(&self) -> Vec<Cell> {
        // The names are those of the API.
        let set = self.permission_set.as_ref().map(serde_json::to_value);
        let allowed: Vec<_> = match &set {
            Some(Ok(serde_json::Value::Object(set))) => set
                .iter()
                .filter(|(_, allowed)| **allowed == serde_json::Value::Bool(true))
                .map(|(name, _)| name.as_str())
                .collect(),
            _ => Vec::new(),
        };
        vec![
            Cell::plain(self.id().unwrap_or_default()),
            Cell::plain(&allowed.join(", ")),
        ]
    }
}

impl Record for AccessRequest {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("STATUS").left_out(4),
        Column::new("PERMISSION").left_out(5),
        Column::new("CREATED").left_out(2),
        Column::new("NAME").shortened_to(8).left_out(3),
        Column::new("MESSAGE").only_wide(),
        Column::new("EMAIL").shortened_to(12),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        let style = match self.request_status {
            AccessRequestStatus::Pending => AnsiColor::Yellow.on_default(),
            AccessRequestStatus::Approved => AnsiColor::Green.on_default(),
            _ => Style::new().dimmed(),
        };
        vec![
            Cell::plain(self.id.as_str()),
            Cell::styled(self.request_status.as_str(), style),
            Cell::plain(self.permission.as_str()),
            Cell::time(self.created_at),
            Cell::plain(&self.subject.name),
            Cell::plain(self.message.as_deref().unwrap_or_default()),
            Cell::plain(self.subject_email.as_deref().unwrap_or_default()),
        ]
    }
}

impl Record for DocumentPolicy {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("ATTACHED").left_out(1),
        Column::new("NAME").shortened_to(10),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        Some(self.policy.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(self.policy.id.as_str()),
            Cell::time(self.attached_at),
            Cell::plain(&self.policy.name),
        ]
    }
}
