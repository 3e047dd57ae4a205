//! Lists that the API returns whole, in one response.

use factify_core::{Pagination, ServeOperation};
use serde::Serialize;

use super::context::Context;
use super::list::Subject;
use super::one;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Cell, Column, Document, Record, plural};

/// Reads the list, and writes its items. JSON is the whole response.
pub(crate) fn run<O, T>(
    list: O,
    items: fn(&O::Output) -> &[T],
    has_more: fn(&O::Output) -> bool,
    subject: &Subject,
    context: &Context,
) -> Result<Exit, Failure>
where
    O: ServeOperation,
    T: Record,
{
    let found = one::fetch(list, format_args!("the {}", subject.all()), context)?;
    let format = context.global.output;
    let items = items(&found);
    if format.is_json() && format != crate::output::Format::Jsonl {
        let json = one::json::<O>(&found)?;
        let mut output = context.output(Document::Whole);
        output.record(&Json(json));
        output.finish(&Pagination::new())?;
    } else {
        let mut output = context.output(Document::List).of::<T>();
        for item in items {
            output.record(item);
        }
        output.finish(&Pagination::new())?;
    }
    if format.is_for_people() {
        let nouns = plural(subject.noun);
        if has_more(&found) {
            context.console.warn(format_args!(
                "There are more {nouns}, which the API does not list."
            ));
        } else if items.is_empty() {
            context.console.say(format_args!("No {nouns}."));
        }
    }
    Ok(Exit::Done)
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
