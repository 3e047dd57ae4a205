//! Lists with pages, for all areas.

use std::fmt::Display;
use std::ops::ControlFlow;

use clap::Args;
use factify_core::{Error, ItemError, MAX_PAGE_SIZE, Page, PagedOperation, Pager, Pagination};

use super::context::Context;
use crate::args::value;
use crate::client::Client;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Document, Output, Record, count, plural, printable};

/// Which part of a list.
#[derive(Debug, Args)]
#[command(next_help_heading = "Pages")]
pub(crate) struct Paging {
    /// The maximum number of results
    #[arg(long, value_name = "N", value_parser = value::at_least_one::<u64>)]
    limit: Option<u64>,
    /// Continue a list that --limit ended early, with the same filters
    ///
    /// The token is pagination.next_page_token in the JSON output of that list.
    #[arg(long, value_name = "TOKEN", value_parser = value::text, allow_hyphen_values = true)]
    page_token: Option<String>,
}

/// What a list lists, for messages.
pub(crate) struct Subject {
    /// One of them, such as "invite".
    pub(crate) noun: &'static str,
    /// What they belong to, such as " of org_…". It may be empty.
    pub(crate) of: String,
}

impl Subject {
    pub(crate) fn new(noun: &'static str) -> Self {
        let of = String::new();
        Self { noun, of }
    }

    pub(crate) fn of(noun: &'static str, whole: impl Display) -> Self {
        let of = format!(" of {whole}");
        Self { noun, of }
    }

    /// Such as "invites of org_…".
    pub(crate) fn all(&self) -> String {
        format!("{}{}", plural(self.noun), self.of)
    }

    /// The error for an item that the list does not have.
    pub(crate) fn absent(&self, item: &str) -> Failure {
        let whole = self.of.strip_prefix(" of ").unwrap_or("the list");
        Failure::absent(&item, self.noun, &whole)
    }

    fn failed(&self, error: &Error) -> Failure {
        Failure::call(
            format_args!("the {} could not be listed", self.all()),
            error,
        )
    }
}

pub(crate) fn run<O>(
    mut list: O,
    paging: &Paging,
    subject: &Subject,
    context: &Context,
) -> Result<Exit, Failure>
where
    O: PagedOperation<Item: Record>,
{
    validate(&list)?;
    let client = context.connect()?.client();
    let console = &context.console;
    let mut output = context.output(Document::List).of::<O::Item>();
    let mut left = paging.limit.unwrap_or(u64::MAX);
    let mut pager = Pager::new(paging.page_token.clone());
    let mut rest = Pagination::new();
    let mut unreadable = Vec::new();
    // Not the client's walk: the last page has exactly the size that the limit leaves, so its token
    // continues the list.
    while left > 0 && !pager.is_done() && !output.is_broken() {
        list.set_page_token(pager.token().map(Into::into));
        list.set_page_size(Some(page_size(left)));
        let failed = |error| broken_off(subject, &output, pager.token(), &error);
        let page = client.call(list.clone()).send().map_err(failed)?;
        for item in page.items().take(usize_of(left)) {
            match item {
                Ok(item) => output.record(item),
                Err(error) => unreadable.push(error.clone()),
            }
        }
        output.flush();
        rest = rest_after(&page, left);
        left = left.saturating_sub(page.items().len() as u64);
        if left > 0 {
            let arrived = pager.arrived(&page.pagination);
            arrived.map_err(|error| broken_off(subject, &output, None, &error))?;
        }
    }
    let written = output.count();
    output.finish(&rest)?;
    if let [first, ..] = &*unreadable {
        let number = count(unreadable.len(), subject.noun);
        let asked = format_args!("{number}{} could not be read", subject.of);
        return Err(Failure::call(asked, &first.into()));
    }
    if context.global.output.is_for_people() {
        if written == 0 {
            console.say(format_args!("No {}.", plural(subject.noun)));
        } else if rest.has_more {
            let nouns = plural(subject.noun);
            console.say(format_args!(
                "There are more {nouns}: raise --limit to see them."
            ));
        }
    }
    Ok(Exit::Done)
}

/// Refuses wrong filters before anything is sent.
fn validate<O: PagedOperation>(list: &O) -> Result<(), Failure> {
    list.validate()
        .map_err(|invalid| Failure::parameter(&invalid))
}

/// The page size: the maximum, or what is left to read.
fn page_size(left: u64) -> u32 {
    u32::try_from(left).map_or(MAX_PAGE_SIZE, |left| left.clamp(1, MAX_PAGE_SIZE))
}

/// Where the list continues after a page of which the first `items` are written.
fn rest_after<T>(page: &Page<T>, items: u64) -> Pagination {
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

fn broken_off(subject: &Subject, output: &Output, token: Option<&str>, error: &Error) -> Failure {
    let written = output.count();
    if written == 0 {
        return subject.failed(error);
    }
    let next = token.map_or(String::new(), |token| {
        format!("; to continue: --page-token {}", printable(token))
    });
    let all = subject.all();
    let asked = format_args!("the list of the {all} stopped after {written}{next}");
    Failure::call(asked, error)
}

fn usize_of(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Reads a whole list before other calls. An item that cannot be read ends it.
pub(crate) fn each<O: PagedOperation>(
    list: O,
    subject: &Subject,
    client: &Client,
    mut visit: impl FnMut(O::Item) -> ControlFlow<()>,
) -> Result<(), Failure> {
    let mut failed = None;
    each_result(list, subject, client, |item| match item {
        Ok(item) => visit(item),
        Err(error) => {
            failed = Some(subject.failed(&error.into()));
            ControlFlow::Break(())
        }
    })?;
    failed.map_or(Ok(()), Err)
}

/// Reads a whole list.
pub(crate) fn each_result<O: PagedOperation>(
    mut list: O,
    subject: &Subject,
    client: &Client,
    mut visit: impl FnMut(Result<O::Item, ItemError>) -> ControlFlow<()>,
) -> Result<(), Failure> {
    validate(&list)?;
    list.set_page_size(Some(MAX_PAGE_SIZE));
    for page in client.call(list).pages() {
        let page = page.map_err(|error| subject.failed(&error))?;
        if page.into_iter().try_for_each(&mut visit).is_break() {
            break;
        }
    }
    Ok(())
}
