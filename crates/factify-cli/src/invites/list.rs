use std::ops::ControlFlow;

use factify_core::invites::{ListOrganizationInvites, OrganizationInvite};
use factify_core::{Error, MAX_PAGE_SIZE, Operation, OrganizationId, Page, Pager, Pagination};

use super::Context;
use crate::args::invites::{Filter, List};
use crate::client::Client;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Document, Format, Output, count, printable};

pub(super) fn run(arguments: &List, context: &Context) -> Result<Exit, Failure> {
    let organization = context.organization(arguments.organization)?;
    let client = context.connect()?.client();
    let mut list = filtered(organization, &arguments.filter)?;
    list.status.clone_from(&arguments.status);
    let console = &context.console;
    let mut output = Output::new(context.global.output, Document::List, console);
    let mut left = arguments.limit.unwrap_or(u64::MAX);
    let mut pager = Pager::new(arguments.page_token.clone());
    let mut rest = Pagination::new();
    let mut unreadable = Vec::new();
    // Not the client's walk: the last page has exactly the size that the limit leaves, so its token
    // continues the list.
    while left > 0 && !pager.is_done() && !output.is_broken() {
        list.page_token = pager.token().map(Into::into);
        list.page_size = Some(page_size(left));
        let failed = |error| broken_off(organization, &output, pager.token(), &error);
        let page = client.call(list.clone()).send().map_err(failed)?;
        for item in page.items().take(usize_of(left)) {
            match item {
                Ok(invite) => output.record(invite),
                Err(error) => unreadable.push(error.clone()),
            }
        }
        output.flush();
        rest = rest_after(&page, left);
        left = left.saturating_sub(page.items().len() as u64);
        if left > 0 {
            let arrived = pager.arrived(&page.pagination);
            arrived.map_err(|error| broken_off(organization, &output, None, &error))?;
        }
    }
    let written = output.count();
    output.finish(&rest)?;
    if let [first, ..] = &*unreadable {
        let number = count(unreadable.len(), "invite");
        let asked = format_args!("{number} of {organization} could not be read");
        return Err(Failure::call(asked, &first.into()));
    }
    if context.global.output == Format::Table {
        if written == 0 {
            console.say("No invites.");
        } else if rest.has_more {
            console.say("There are more invites: raise --limit to see them.");
        }
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
    if page.items().len() > usize_of(items) {
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
    let written = output.count();
    if written == 0 {
        return failed(organization, error);
    }
    let next = token.map_or(String::new(), |token| {
        format!("; to continue: --page-token {}", printable(token))
    });
    let asked =
        format_args!("the list of the invites of {organization} stopped after {written}{next}");
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

/// Reads a whole list before other calls.
pub(super) fn each(
    list: ListOrganizationInvites,
    client: &Client,
    mut visit: impl FnMut(OrganizationInvite) -> ControlFlow<()>,
) -> Result<(), Failure> {
    let organization = list.organization_id;
    for page in client.call(list).pages() {
        let page = page.map_err(|error| failed(organization, &error))?;
        let page = page.into_items();
        let invites = page.map_err(|error| failed(organization, &error.into()))?;
        if invites.into_iter().try_for_each(&mut visit).is_break() {
            break;
        }
    }
    Ok(())
}

/// The list in pages of the maximum size.
pub(super) fn filtered(
    organization: OrganizationId,
    filter: &Filter,
) -> Result<ListOrganizationInvites, Failure> {
    let mut list = ListOrganizationInvites::new(organization);
    list.page_size = Some(MAX_PAGE_SIZE);
    list.email_contains.clone_from(&filter.email_contains);
    list.email_exact = filter.email_exact.as_ref().map(ToString::to_string);
    list.sender_id = filter.sender;
    list.created_after = filter.created_after;
    list.created_before = filter.created_before;
    match list.validate() {
        Ok(()) => Ok(list),
        Err(invalid) => Err(Failure::parameter(&invalid)),
    }
}
