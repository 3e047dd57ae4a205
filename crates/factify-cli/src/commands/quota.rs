//! `factify quota`.

use clap::{Args, Subcommand};
use factify_core::usage::{
    DeleteApiKeyQuota, GetOrganizationQuota, GetUsageHistory, ListApiKeyQuotas, SetApiKeyQuota,
};
use factify_core::{ApiKeyId, Operation, OperationInfo, OrganizationId, Timestamp};

use super::all::Limit;
use super::context::Context;
use super::list::Subject;
use super::several::{self, Job, Rate};
use super::{ApiCommand, all, area, one};
use crate::args::{Word, value};
use crate::client::Client;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::output::Done;

#[derive(Debug, Subcommand)]
pub(crate) enum Quota {
    /// Show how many requests an organization has used, and its limit
    #[command(after_long_help = exit::help("factify quota show --output json"))]
    Show(Box<Show>),
    /// Show the number of requests of each day
    #[command(after_long_help = exit::help("factify quota history --date-after 2026-11-01 --output csv"))]
    History(Box<History>),
    /// List the quotas of API keys
    #[command(after_long_help = exit::help("factify quota list"))]
    List(Box<List>),
    /// Limit the requests of an API key
    #[command(after_long_help = exit::help("factify quota set key_01h2xcejqtf2nbrexx3vqjhp41 10000"))]
    Set(Box<Set>),
    /// Remove the limits of API keys
    #[command(after_long_help = exit::help("factify quota delete key_01h2xcejqtf2nbrexx3vqjhp41"))]
    Delete(Box<Delete>),
}

area!(Quota {
    Show,
    History,
    List,
    Set,
    Delete
});

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The organization [default: that of --org, FACTIFY_ORG or the profile]
    #[arg(value_name = "ORG")]
    organization: Option<OrganizationId>,
}

impl ApiCommand for Show {
    const OPERATION: OperationInfo = GetOrganizationQuota::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let organization = context.organization(self.organization)?;
        let mut quota = GetOrganizationQuota::new();
        quota.organization_id = Some(organization);
        one::read(quota, format_args!("the quota of {organization}"), context)
    }
}

#[derive(Debug, Args)]
pub(crate) struct History {
    /// The organization [default: that of --org, FACTIFY_ORG or the profile]
    #[arg(value_name = "ORG")]
    organization: Option<OrganizationId>,
    /// Only days at this time or later: 2026-01-15T09:00:00Z, a date (midnight, local time), or an age such as 30d
    #[arg(
        long,
        help_heading = "Filters",
        value_name = "TIME",
        value_parser = value::time,
        allow_hyphen_values = true
    )]
    date_after: Option<Timestamp>,
    /// Only days at this time or earlier
    #[arg(
        long,
        help_heading = "Filters",
        value_name = "TIME",
        value_parser = value::time,
        allow_hyphen_values = true
    )]
    date_before: Option<Timestamp>,
    #[command(flatten)]
    limit: Limit,
}

impl ApiCommand for History {
    const OPERATION: OperationInfo = GetUsageHistory::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let organization = context.organization(self.organization)?;
        let mut history = GetUsageHistory::new();
        history.organization_id = Some(organization);
        history.date_after = self.date_after;
        history.date_before = self.date_before;
        let subject = Subject::of("day", organization);
        all::run(
            history,
            |history| &mut history.daily_usage,
            |_| None,
            &self.limit,
            &subject,
            context,
        )
    }
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The organization [default: that of --org, FACTIFY_ORG or the profile]
    #[arg(value_name = "ORG")]
    organization: Option<OrganizationId>,
    #[command(flatten)]
    limit: Limit,
}

impl ApiCommand for List {
    const OPERATION: OperationInfo = ListApiKeyQuotas::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let organization = context.organization(self.organization)?;
        let mut list = ListApiKeyQuotas::new();
        list.organization_id = Some(organization);
        let subject = Subject::of("quota", organization);
        all::run(
            list,
            |quotas| quotas,
            |_| None,
            &self.limit,
            &subject,
            context,
        )
    }
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// The id of the API key
    #[arg(value_name = "KEY")]
    key: ApiKeyId,
    /// The maximum number of requests in a month
    #[arg(value_name = "LIMIT", value_parser = value::at_least_one::<u32>)]
    limit: u32,
}

impl ApiCommand for Set {
    const OPERATION: OperationInfo = SetApiKeyQuota::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let mut set = SetApiKeyQuota::new(self.key, self.limit);
        set.organization_id = Some(context.organization(None)?);
        one::change(
            set,
            format_args!("the quota of {}", self.key),
            "set",
            context,
        )
    }
}

#[derive(Debug, Args)]
#[command(override_usage = "factify quota delete [OPTIONS] [ORG] <KEY>...")]
pub(crate) struct Delete {
    /// The ids of the keys, after the organization if you name it; `-` reads ids from standard input, one
    /// per line
    #[arg(required = true, value_name = "KEY", value_parser = value::word::<ApiKeyId>)]
    words: Vec<Word<ApiKeyId>>,
    #[command(flatten)]
    rate: Rate,
}

impl ApiCommand for Delete {
    const OPERATION: OperationInfo = DeleteApiKeyQuota::INFO;

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let (organization, keys) = context.items(self.words)?;
        let delete = move |client: &Client, key: &ApiKeyId| {
            let mut delete = DeleteApiKeyQuota::new(*key);
            delete.organization_id = Some(organization);
            client.call(delete).send()?;
            Ok(Done::new(key, "deleted"))
        };
        let job = Job::new("Deleting quotas", "deleted")
            .of(format_args!("(its quota in {organization})"));
        several::run(&job, keys, connection, context, delete, Done::achieved)
    }
}
