//! The results of calls with few fields.

use factify_core::entry_pages::EntryPage;
use factify_core::organizations::OrganizationPublicProfile;
use factify_core::sharing::CreatedShareLink;
use factify_core::users::{Me, UserPreferences};
use serde::Serialize;

use super::{Cell, Column, Record};

/// Whether somebody has a pending request for access.
impl Record for bool {
    const COLUMNS: &'static [Column] = &[Column::new("PENDING REQUEST")];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        vec![yes_or_no(*self)]
    }
}

pub(super) fn yes_or_no(yes: bool) -> Cell {
    Cell::plain(if yes { "yes" } else { "no" })
}

/// The URL of a logo.
impl Record for String {
    const COLUMNS: &'static [Column] = &[Column::new("URL")];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        Some(self)
    }

    fn cells(&self) -> Vec<Cell> {
        vec![Cell::plain(self)]
    }
}

/// The user asked for the URL, which is secret elsewhere.
impl Record for EntryPage {
    const COLUMNS: &'static [Column] = &[Column::new("URL")];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        vec![Cell::plain(&self.download_url.request().uri().to_string())]
    }
}

impl Record for CreatedShareLink {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("CREATED").left_out(1),
        Column::new("URL"),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        self.share_link.as_ref()?.id.as_deref()
    }

    fn cells(&self) -> Vec<Cell> {
        let link = self.share_link.as_ref();
        vec![
            Cell::plain(self.id().unwrap_or_default()),
            Cell::time(link.and_then(|link| link.created_at)),
            Cell::plain(self.short_url.as_deref().unwrap_or_default()),
        ]
    }
}

impl Record for OrganizationPublicProfile {
    const COLUMNS: &'static [Column] = &[Column::new("NAME"), Column::new("LOGO")];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(self.display_name.as_deref().unwrap_or_default()),
            Cell::plain(self.logo_image_url.as_deref().unwrap_or_default()),
        ]
    }
}

impl Record for Me {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("NAME").shortened_to(10),
        Column::new("EMAIL").shortened_to(12),
        Column::new("ORGANIZATIONS").shortened_to(13),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        Some(self.user.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        let organizations: Vec<_> = self.organizations.iter().map(|one| &*one.name).collect();
        vec![
            Cell::plain(self.user.id.as_str()),
            Cell::plain(&self.user.name),
            Cell::plain(&self.user.email),
            Cell::plain(&organizations.join(", ")),
        ]
    }
}

impl Record for UserPreferences {
    const COLUMNS: &'static [Column] = &[
        Column::new("DOCUMENT TOUR DONE"),
        Column::new("HUB ONBOARDING DONE"),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            yes_or_no(self.has_completed_document_tour),
            yes_or_no(self.has_completed_hub_onboarding),
        ]
    }
}
