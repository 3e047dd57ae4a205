use std::ops::ControlFlow;

use factify_core::{Call, ListOrganizationInvites, OrganizationId, OrganizationInvite, PageSize};

use super::Context;
use crate::args::invites::{Filter, List};
use crate::client::Client;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Document, Format, Output};

pub(super) type ListCall<'c> = Call<'c, Client, ListOrganizationInvites>;

pub(super) fn run(arguments: List, context: &Context) -> Result<Exit, Failure> {
    let organization = context.organization(arguments.organization)?;
    let client = context.connect()?;
    let mut list = filtered(&client, organization, &arguments.filter);
    for status in arguments.status {
        list = list.status(status);
    }
    // A page that is larger than the limit would be read for nothing.
    if let Some(size) = arguments.limit.and_then(|limit| u32::try_from(limit).ok()) {
        list = list.page_size(PageSize::new(size).unwrap_or(PageSize::MAX));
    }
    let console = &context.console;
    let mut output = Output::new(context.global.output, Document::List, console);
    let mut left = arguments.limit.unwrap_or(u64::MAX);
    let mut has_more = false;
    for page in list.pages() {
        let page = page.map_err(|error| failed(organization, &error))?;
        let items = page.items.len();
        for invite in page.items.into_iter().take(usize_of(left)) {
            output.record(&invite);
        }
        has_more = page.pagination.has_more || items > usize_of(left);
        left = left.saturating_sub(items as u64);
        output.flush();
        if left == 0 || output.is_broken() {
            break;
        }
    }
    let is_empty = output.is_empty();
    output.finish(has_more)?;
    if is_empty && context.global.output == Format::Table {
        console.say("No invites.");
    }
    Ok(Exit::Done)
}

fn usize_of(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

pub(super) fn failed(organization: OrganizationId, error: &factify_core::Error) -> Failure {
    Failure::call(
        format_args!("the invites of {organization} could not be listed"),
        error,
    )
}

/// Goes over a list that comes before other calls, its pages within the rate.
pub(super) fn each(
    list: ListCall<'_>,
    organization: OrganizationId,
    context: &Context,
    mut visit: impl FnMut(OrganizationInvite) -> ControlFlow<()>,
) -> Result<(), Failure> {
    let mut pages = list.pages();
    let mut has_more = true;
    while has_more {
        let _turn = context.pace.turn(&context.console);
        let Some(page) = pages.next() else { break };
        let page = page.map_err(|error| failed(organization, &error))?;
        has_more = page.pagination.has_more;
        if page.items.into_iter().try_for_each(&mut visit).is_break() {
            break;
        }
    }
    Ok(())
}

/// The list in pages as large as may be.
pub(super) fn filtered<'c>(
    client: &'c Client,
    organization: OrganizationId,
    filter: &Filter,
) -> ListCall<'c> {
    let invites = client.organization(organization).invites();
    let mut list = invites.list().page_size(PageSize::MAX);
    if let Some(text) = &filter.email_contains {
        list = list.email_contains(text);
    }
    if let Some(email) = &filter.email_exact {
        list = list.email_exact(email);
    }
    if let Some(sender) = filter.sender {
        list = list.sender_id(sender);
    }
    if let Some(time) = filter.created_after {
        list = list.created_after(time);
    }
    if let Some(time) = filter.created_before {
        list = list.created_before(time);
    }
    list
}
