use clap::Args;
use factify_core::invites::{ListOrganizationInvites, OrganizationInviteStatus};
use factify_core::{Operation, OperationInfo, OrganizationId};

use super::args::Filter;
use crate::args::value;
use crate::commands::ApiCommand;
use crate::commands::context::Context;
use crate::commands::list::{self, Paging, Subject};
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) const EXAMPLES: &str = "\
factify invites list --status pending --created-before 30d
factify invites list --output jsonl | jq --raw-output .email";

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The organization [default: that of --org, FACTIFY_ORG or the profile]
    #[arg(value_name = "ORG")]
    organization: Option<OrganizationId>,
    #[command(flatten)]
    filter: Filter,
    /// Only invites with this status; separate several with commas or repeat the option
    #[arg(
        long,
        help_heading = "Filters",
        value_name = "STATUS",
        value_delimiter = ',',
        value_parser = value::known(OrganizationInviteStatus::KNOWN, OrganizationInviteStatus::as_str)
    )]
    status: Vec<OrganizationInviteStatus>,
    #[command(flatten)]
    paging: Paging,
}

impl ApiCommand for List {
    const OPERATION: OperationInfo = ListOrganizationInvites::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let organization = context.organization(self.organization)?;
        let mut list = filtered(organization, &self.filter);
        list.status = self.status;
        list::run(list, &self.paging, &subject(organization), context)
    }
}

pub(super) fn subject(organization: OrganizationId) -> Subject {
    Subject::of("invite", organization)
}

pub(super) fn filtered(organization: OrganizationId, filter: &Filter) -> ListOrganizationInvites {
    let mut list = ListOrganizationInvites::new(organization);
    list.email_contains.clone_from(&filter.email_contains);
    list.email_exact = filter.email_exact.as_ref().map(ToString::to_string);
    list.sender_id = filter.sender;
    list.created_after = filter.created_after;
    list.created_before = filter.created_before;
    list
}
