//! Lists that the API returns whole, in one response.

use clap::Args;
use factify_core::{Pagination, ServeOperation};
use serde::Serialize;

use super::context::Context;
use super::list::Subject;
use super::one;
use crate::args::value;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Cell, Column, Document, Format, Record, plural};

/// How much of a list to write.
#[derive(Debug, Args)]
pub(crate) struct Limit {
    /// The maximum number of results
    #[arg(long, value_name = "N", value_parser = value::at_least_one::<u32>)]
    limit: Option<u32>,
}

/// Reads the list, and writes its items. JSON is the whole response; `note` says in a table what else it has.
pub(crate) fn run<O, T>(
    list: O,
    items: fn(&mut O::Output) -> &mut Vec<T>,
    note: fn(&O::Output) -> Option<String>,
    limit: &Limit,
    subject: &Subject,
    context: &Context,
) -> Result<Exit, Failure>
where
    O: ServeOperation,
    T: Record,
{
    let mut found = one::fetch(list, format_args!("the {}", subject.all()), context)?;
    let format = context.global.output;
    let total = items(&mut found).len();
    items(&mut found).truncate(limit.items());
    if format == Format::Json {
        let json = one::json::<O>(&found)?;
        let mut output = context.output(Document::Whole);
        output.record(&Json(json));
        output.finish(&Pagination::new())?;
    } else {
        let mut output = context.output(Document::List).of::<T>();
        for item in items(&mut found).iter() {
            output.record(item);
        }
        output.finish(&Pagination::new())?;
    }
    if format.is_for_people() {
        let nouns = plural(subject.noun);
        if items(&mut found).len() < total {
            context.console.say(format_args!(
                "There are more {nouns}: raise --limit to see them."
            ));
        } else if total == 0 {
            context.console.say(format_args!("No {nouns}."));
        }
        if let Some(note) = note(&found) {
            context.console.say(note);
        }
    }
    Ok(Exit::Done)
}

impl Limit {
    fn items(&self) -> usize {
        let limit = self.limit.and_then(|limit| usize::try_from(limit).ok());
        limit.unwrap_or(usize::MAX)
    }
}

/// A response as JSON.
struct Json<J>(J);

impl<J: Serialize> Record for Json<J> {
    const COLUMNS: &'static [Column] = &[];

    fn json(&self) -> impl Serialize + '_ {
        &self.0
    }

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        Vec::new()
    }
}
