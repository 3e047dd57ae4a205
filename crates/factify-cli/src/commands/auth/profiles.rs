use std::sync::Arc;

use factify_core::Pagination;
use serde::Serialize;

use crate::args::Global;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Cell, Column, Document, Output, Record};
use crate::settings::Settings;

pub(super) const EXAMPLES: &str = "\
factify auth profiles
factify auth profiles -o ids";

/// A profile without its key.
#[derive(Serialize)]
struct Listed {
    name: String,
    in_use: bool,
    base_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    /// The field that says where the key is.
    key: &'static str,
}

impl Record for Listed {
    const COLUMNS: &'static [Column] = &[
        Column::new("NAME"),
        Column::new("IN USE").left_out(3),
        Column::new("ORGANIZATION").left_out(1),
        Column::new("KEY").left_out(2),
        Column::new("BASE URL").shortened_to(12),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(&self.name),
            Cell::plain(if self.in_use { "yes" } else { "no" }),
            Cell::plain(self.organization.as_deref().unwrap_or_default()),
            Cell::plain(self.key),
            Cell::plain(&self.base_url),
        ]
    }
}

pub(super) fn run(global: &Global, console: &Arc<Console>) -> Result<Exit, Failure> {
    let settings = Settings::load(global)?;
    let used = settings.profile().map(|used| &used.name);
    let mut output = Output::new(global.output, Document::List, console);
    let profiles = settings.configuration().map(|file| &file.config.profiles);
    for (name, profile) in profiles.into_iter().flatten() {
        output.record(&Listed {
            name: name.clone(),
            in_use: used == Some(name),
            base_url: profile.api().to_string(),
            organization: profile.organization.map(|id| id.to_string()),
            key: profile.key.field(),
        });
    }
    let written = output.count();
    output.finish(&Pagination::new())?;
    if written == 0 && global.output.is_for_people() {
        console.say("No profiles.");
    }
    Ok(Exit::Done)
}
