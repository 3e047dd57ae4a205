use anstyle::{AnsiColor, Style};
use factify_core::IdRef;
use factify_core::documents::{Document, DocumentQuota, DuplicateDocument, ProcessingStatus};
use factify_core::timelines::TimelineEvent;
use factify_core::versions::Version;
use serde::Serialize;

use super::{Cell, Column, Record};

impl Record for Document {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("STATUS").left_out(1),
        Column::new("ACCESS").left_out(3),
        Column::new("CREATED").left_out(2),
        Column::new("FORMAT").left_out(4),
        Column::new("UPDATED").only_wide(),
        Column::new("TRASHED").only_wide(),
        Column::new("CREATED BY").only_wide(),
        Column::new("URL").only_wide(),
        Column::new("TITLE").shortened_to(10),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        let format = self.source_format.as_ref();
        vec![
            Cell::plain(self.id.as_str()),
            processing(&self.processing_status),
            Cell::plain(self.access_level.as_str()),
            Cell::time(self.created_at),
            Cell::plain(format.map_or("", |format| format.as_str())),
            Cell::time(self.updated_at),
            Cell::time(self.trashed_at),
            Cell::plain(&self.created_by.name),
            Cell::plain(&self.url),
            Cell::plain(&self.title),
        ]
    }
}

fn processing(status: &ProcessingStatus) -> Cell {
    let style = match status {
        ProcessingStatus::Ready => AnsiColor::Green.on_default(),
        ProcessingStatus::Processing => AnsiColor::Yellow.on_default(),
        ProcessingStatus::Failed => AnsiColor::Red.on_default(),
        ProcessingStatus::Unknown(_) => Style::new().dimmed(),
        _ => Style::new(),
    };
    Cell::styled(status.as_str(), style)
}

impl Record for Version {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("STATUS").left_out(1),
        Column::new("CREATED").left_out(2),
        Column::new("CREATED BY").shortened_to(8).left_out(3),
        Column::new("URL").only_wide(),
        Column::new("DESCRIPTION").only_wide(),
        Column::new("TITLE").shortened_to(10),
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
            processing(&self.processing_status),
            Cell::time(self.created_at),
            Cell::plain(&self.created_by.name),
            Cell::plain(&self.url),
            Cell::plain(self.description.as_deref().unwrap_or_default()),
            Cell::plain(self.title.as_deref().unwrap_or_default()),
        ]
    }
}

impl Record for DuplicateDocument {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("VERSION").left_out(2),
        Column::new("LAST VIEWED").left_out(1),
        Column::new("TITLE").shortened_to(10),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        self.document_id.as_ref().map(IdRef::as_str)
    }

    fn cells(&self) -> Vec<Cell> {
        let version = self.version_id.as_ref();
        vec![
            Cell::plain(self.id().unwrap_or_default()),
            Cell::plain(version.map_or("", |version| version.as_str())),
            Cell::time(self.last_viewed_at),
            Cell::plain(self.title.as_deref().unwrap_or_default()),
        ]
    }
}

impl Record for DocumentQuota {
    const COLUMNS: &'static [Column] = &[
        Column::new("USED"),
        Column::new("LIMIT"),
        Column::new("AVAILABLE"),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        // The API means no limit by 0.
        let or_unlimited = |number: i32| match self.limit {
            0 => Cell::plain("unlimited"),
            _ => Cell::number(number),
        };
        vec![
            Cell::number(self.used),
            or_unlimited(self.limit),
            or_unlimited(self.available),
        ]
    }
}

impl Record for TimelineEvent {
    const COLUMNS: &'static [Column] = &[
        Column::new("TIME"),
        Column::new("ID").only_wide(),
        Column::new("EVENT"),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        self.event_id.as_deref()
    }

    fn cells(&self) -> Vec<Cell> {
        let event = self.event_type.as_ref();
        vec![
            Cell::time(self.occurred_at),
            Cell::plain(self.event_id.as_deref().unwrap_or_default()),
            Cell::plain(event.map_or("", |event| event.as_str())),
        ]
    }
}
