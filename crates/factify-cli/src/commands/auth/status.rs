use clap::Args;
use factify_core::organizations::{ListOrganizations, Organization};
use factify_core::users::{GetMe, User};
use factify_core::{Error, MAX_PAGE_SIZE, Operation, OperationInfo, Pagination};
use serde::Serialize;

use crate::commands::ApiCommand;
use crate::commands::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Cell, Column, Document, Format, Record};
use crate::settings::{KeyPlace, Source};

pub(super) const EXAMPLES: &str = "\
factify auth status
factify auth status --profile work --offline -o json";

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Send no request, and run no command that prints a key
    #[arg(long)]
    offline: bool,
}

/// A setting and its place.
#[derive(Serialize)]
struct Setting {
    value: String,
    source: &'static str,
}

impl Setting {
    fn new(value: &impl ToString, source: Source) -> Self {
        Self {
            value: value.to_string(),
            source: source.as_str(),
        }
    }
}

/// All that is known, without the key.
#[derive(Serialize)]
struct Report {
    configuration_file: Option<String>,
    profile: Option<Setting>,
    base_url: Setting,
    organization: Option<Setting>,
    /// Where the key is, for example the field of the profile.
    key: Option<Setting>,
    /// `works`, `refused`, `unknown` or `not_checked`.
    result: &'static str,
    /// The user, for the token of a user.
    user: Option<User>,
    organizations: Vec<Organization>,
    /// Whether there are more organizations.
    has_more: bool,
}

/// A line of the table.
struct Row {
    name: &'static str,
    value: String,
    source: &'static str,
}

impl Record for Row {
    const COLUMNS: &'static [Column] = &[
        Column::new("SETTING"),
        Column::new("FROM").left_out(1),
        Column::new("VALUE").shortened_to(20),
    ];

    fn json(&self) -> impl Serialize + '_ {}

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(self.name),
            Cell::plain(self.source),
            Cell::plain(&self.value),
        ]
    }
}

impl Record for Report {
    const COLUMNS: &'static [Column] = &[];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        Vec::new()
    }
}

impl ApiCommand for Status {
    const OPERATION: OperationInfo = ListOrganizations::INFO;
    const OTHERS: &'static [OperationInfo] = &[GetMe::INFO];

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let mut report = Report::of_settings(context)?;
        // The settings are shown even if the key is missing or refused.
        let checked = context.settings.checked();
        let checked = match checked {
            Ok(_) if self.offline => Ok(()),
            Ok(_) => report.check(context),
            Err(failure) => Err(failure),
        };
        report.print(context)?;
        checked.map(|()| Exit::Done)
    }
}

impl Report {
    fn of_settings(context: &Context) -> Result<Self, Failure> {
        let settings = &context.settings;
        let (base_url, source) = settings.base_url()?;
        let organization = settings.organization()?;
        let path = settings.configuration().map(|file| file.path.display());
        let key = settings.key_place()?.map(|place| Setting {
            value: match &place {
                KeyPlace::Option(_) | KeyPlace::Variable => "set",
                KeyPlace::Profile(used) => used.profile.key.field(),
            }
            .to_owned(),
            source: place.source().as_str(),
        });
        Ok(Self {
            configuration_file: path.map(|path| path.to_string()),
            profile: settings
                .profile()
                .map(|used| Setting::new(&used.name, used.source)),
            base_url: Setting::new(&base_url, source),
            organization: organization.map(|(id, source)| Setting::new(&id, source)),
            key,
            result: "not_checked",
            user: None,
            organizations: Vec::new(),
            has_more: false,
        })
    }

    /// Asks the API. An API key may list its organizations, but only the token of a user has a user.
    fn check(&mut self, context: &Context) -> Result<(), Failure> {
        let client = context.connect()?.client();
        let mut list = ListOrganizations::new();
        list.page_size = Some(MAX_PAGE_SIZE);
        let page = client.call(list).send().map_err(|error| {
            self.result = if error.is_unauthenticated() || error.is_permission_denied() {
                "refused"
            } else {
                "unknown"
            };
            self.failed(&error)
        })?;
        self.result = "works";
        self.has_more = page.pagination.has_more || page.pagination.next_page_token.is_some();
        self.organizations = page.items().filter_map(Result::ok).cloned().collect();
        match client.call(GetMe::new()).send() {
            Ok(me) => self.user = Some(me.user),
            // That is so for an API key.
            Err(error) if error.is_permission_denied() || error.is_unauthenticated() => {}
            Err(error) => return Err(Failure::call("the user could not be read", &error)),
        }
        Ok(())
    }

    fn failed(&self, error: &Error) -> Failure {
        let what = if self.result == "refused" {
            "the key is refused"
        } else {
            "the key could not be checked"
        };
        Failure::call(what, error)
    }

    fn print(&self, context: &Context) -> Result<(), Failure> {
        let format = context.global.output;
        if matches!(format, Format::Json | Format::Jsonl) {
            let mut output = context.output(Document::One("status"));
            output.record(self);
            return output.finish(&Pagination::new());
        }
        let mut output = context.output(Document::List);
        if format == Format::Ids {
            for organization in &self.organizations {
                output.record(organization);
            }
        } else {
            for row in self.rows() {
                output.record(&row);
            }
        }
        output.finish(&Pagination::new())
    }

    fn rows(&self) -> Vec<Row> {
        let row = |name, value: &str, source| Row {
            name,
            value: value.to_owned(),
            source,
        };
        let setting = |name, setting: Option<&Setting>| match setting {
            Some(Setting { value, source }) => row(name, value, source),
            None => row(name, "none", ""),
        };
        let file = self.configuration_file.as_deref();
        let result = match self.result {
            "not_checked" => "not checked",
            other => other,
        };
        let mut rows = vec![
            row("configuration file", file.unwrap_or("none"), ""),
            setting("profile", self.profile.as_ref()),
            setting("base URL", Some(&self.base_url)),
            setting("organization", self.organization.as_ref()),
            setting("key", self.key.as_ref()),
            row("check", result, "API"),
        ];
        if let Some(user) = &self.user {
            let text = format!("{} {}", user.id, user.email);
            rows.push(row("user", &text, "API"));
        }
        for Organization { id, name, .. } in &self.organizations {
            rows.push(row("access to", &format!("{id} {name}"), "API"));
        }
        if self.has_more {
            rows.push(row("access to", "more organizations", "API"));
        }
        rows
    }
}
