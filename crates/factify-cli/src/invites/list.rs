use std::ops::ControlFlow;

use factify_core::invites::{ListOrganizationInvites, OrganizationInvite};
use factify_core::{Call, Error, MAX_PAGE_SIZE, OrganizationId, Page, Pager, Pagination};

use super::Context;
use crate::args::invites::{Filter, List};
use crate::client::Client;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Document, Format, Output, printable};

pub(super) type ListCall<'c> = Call<'c, Client, ListOrganizationInvites>;

pub(super) fn run(arguments: &List, context: &Context) -> Result<Exit, Failure> {
    let organization = context.organization(arguments.organization)?;
    let client = context.connect()?;
    let console = &context.console;
    let mut output = Output::new(context.global.output, Document::List, console);
    let mut left = arguments.limit.unwrap_or(u64::MAX);
    let mut pager = Pager::new(arguments.page_token.clone());
    let mut rest = Pagination::new();
    // Not the client's walk: the last page has exactly the size that the limit leaves, so its token
    // continues the list.
    while left > 0 && !pager.is_done() && !output.is_broken() {
        let mut list = filtered(&client, organization, &arguments.filter);
        for status in &arguments.status {
            list = list.status(status.clone());
        }
        if let Some(token) = pager.token() {
            list = list.page_token(token);
        }
        let failed = |error| broken_off(organization, &output, pager.token(), &error);
        let page = list.page_size(page_size(left)).send().map_err(failed)?;
        for invite in page.items.iter().take(usize_of(left)) {
            output.record(invite);
        }
        output.flush();
        rest = rest_after(&page, left);
        left = left.saturating_sub(page.items.len() as u64);
        if left > 0 {
            let arrived = pager.arrived(&page.pagination);
            arrived.map_err(|error| broken_off(organization, &output, None, &error))?;
        }
    }
    let count = output.count();
    output.finish(&rest)?;
    if count == 0 && context.global.output == Format::Table {
        console.say("No invites.");
    }
    Ok(Exit::Done)
}

/// The page size: the maximum, or what is left to read.
fn page_size(left: u64) -> u32 {
    u32::try_from(left).map_or(MAX_PAGE_SIZE, |left| left.clamp(1, MAX_PAGE_SIZE))
}

/// Where the list continues after a page of which the first `items` are written.
fn rest_after(page: &Page<OrganizationInvite>, items: u64) -> Pagination {
    let mut rest = Pagination::new();
    if page.items.len() > usize_of(items) {
        // The server sent a larger page than requested: no token leads to its middle.
        rest.has_more = true;
    } else {
        rest.next_page_token
            .clone_from(&page.pagination.next_page_token);
        rest.has_more = page.pagination.has_more || rest.next_page_token.is_some();
    }
    rest
}

fn broken_off(
    organization: OrganizationId,
    output: &Output,
    token: Option<&str>,
    error: &Error,
) -> Failure {
    let count = output.count();
    if count == 0 {
        return failed(organization, error);
    }
    let next = token.map_or(String::new(), |token| {
        format!("; to continue: --page-token {}", printable(token))
    });
    let asked =
        format_args!("the list of the invites of {organization} stopped after {count}{next}");
    Failure::call(asked, error)
}

fn usize_of(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

pub(super) fn failed(organization: OrganizationId, error: &Error) -> Failure {
    Failure::call(
        format_args!("the invites of {organization} could not be listed"),
        error,
    )
}

/// Reads a list that precedes other calls, with its pages within the rate limit.
pub(super) fn each(
    list: ListCall<'_>,
    organization: OrganizationId,
    context: &Context,
    mut visit: impl FnMut(OrganizationInvite) -> ControlFlow<()>,
) -> Result<(), Failure> {
    let mut pages = list.pages();
    // The API may omit `has_more`.
    while !pages.is_done() {
        let _turn = context.pace.turn(&context.console);
        let Some(page) = pages.next() else { break };
        let page = page.map_err(|error| failed(organization, &error))?;
        if page.items.into_iter().try_for_each(&mut visit).is_break() {
            break;
        }
    }
    Ok(())
}

/// The list in pages of the maximum size.
pub(super) fn filtered<'c>(
    client: &'c Client,
    organization: OrganizationId,
    filter: &Filter,
) -> ListCall<'c> {
    let invites = client.organization(organization).invites();
    let mut list = invites.list().page_size(MAX_PAGE_SIZE);
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
