//! Shows things by their ids.

use std::collections::HashMap;
use std::fmt::Display;
use std::ops::ControlFlow;

use factify_core::{Operation, PagedOperation, Pagination};

use super::context::Context;
use super::list::{self, Subject};
use super::one;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Document, Output, Record, count};

/// Shows each with a call.
pub(crate) fn by_id<T, O>(
    ids: &[T],
    operation: impl Fn(&T) -> O,
    noun: &str,
    context: &Context,
) -> Result<Exit, Failure>
where
    T: Display,
    O: Operation<Output: Record>,
{
    let client = context.connect()?.client();
    let mut output = context.output(Document::List).of::<O::Output>();
    let mut first_failure = None;
    let mut left = ids.iter();
    for id in left.by_ref() {
        match client.call(operation(id)).send() {
            Ok(found) => output.record(&found),
            Err(error) => {
                let failure = Failure::call(format_args!("{noun} {id} could not be read"), &error);
                context.console.error(&failure);
                first_failure.get_or_insert(failure.exit);
                if crate::bulk::concerns_all(&error) {
                    break;
                }
            }
        }
    }
    let shown = output.count();
    output.finish(&Pagination::new())?;
    for id in left {
        context.console.say(format_args!("not read: {id}"));
    }
    Ok(exit(shown, first_failure))
}

/// Looks for them in a list, because the API has no call for one.
pub(crate) fn in_list<T, O>(
    ids: &[T],
    list: O,
    id_of: impl Fn(&O::Item) -> String,
    subject: &Subject,
    context: &Context,
) -> Result<Exit, Failure>
where
    T: Display,
    O: PagedOperation<Item: Record>,
{
    let client = context.connect()?.client();
    let output = context.output(Document::List).of::<O::Item>();
    let mut found = HashMap::new();
    let wanted: Vec<_> = ids.iter().map(ToString::to_string).collect();
    let mut unreadable = Vec::new();
    list::each_result(list, subject, &client, |item| {
        match item {
            Ok(item) => {
                let id = id_of(&item);
                if wanted.contains(&id) {
                    found.insert(id, item);
                }
            }
            Err(error) => unreadable.push(error),
        }
        if found.len() == wanted.len() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    // What is not found may be one of them.
    let mut first_failure = None;
    if let Some(error) = unreadable.first().filter(|_| found.len() < wanted.len()) {
        let number = count(unreadable.len(), subject.noun);
        let failure = Failure::call(format_args!("{number} could not be read"), &error.into());
        context.console.error(&failure);
        first_failure = Some(failure.exit);
    }
    write(
        &wanted,
        |id| found.get(id),
        first_failure,
        output,
        subject,
        context,
    )
}

/// Looks for them in a list that the API returns whole.
pub(crate) fn in_whole_list<T, O, R>(
    ids: &[T],
    list: O,
    items: fn(&O::Output) -> &Vec<R>,
    subject: &Subject,
    context: &Context,
) -> Result<Exit, Failure>
where
    T: Display,
    O: Operation,
    R: Record,
{
    let found = one::fetch(list, format_args!("the {}", subject.all()), context)?;
    let output = context.output(Document::List).of::<R>();
    let wanted: Vec<_> = ids.iter().map(ToString::to_string).collect();
    let with_id = |id: &String| {
        let mut items = items(&found).iter();
        items.find(|item| item.id() == Some(id.as_str()))
    };
    write(&wanted, with_id, None, output, subject, context)
}

/// Writes what was found, and an error for each that was not.
fn write<'r, R: Record + 'r>(
    wanted: &[String],
    found: impl Fn(&String) -> Option<&'r R>,
    mut first_failure: Option<Exit>,
    mut output: Output,
    subject: &Subject,
    context: &Context,
) -> Result<Exit, Failure> {
    for id in wanted {
        if let Some(item) = found(id) {
            output.record(item);
        } else {
            let failure = subject.absent(id);
            context.console.error(&failure);
            first_failure.get_or_insert(failure.exit);
        }
    }
    let shown = output.count();
    output.finish(&Pagination::new())?;
    Ok(exit(shown, first_failure))
}

fn exit(shown: usize, failed: Option<Exit>) -> Exit {
    match failed {
        None => Exit::Done,
        Some(_) if shown > 0 => Exit::Partial,
        Some(exit) => exit,
    }
}
