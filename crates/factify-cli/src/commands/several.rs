//! Carries out one call for each item, reports it and counts it.

use std::collections::HashSet;
use std::fmt::Display;
use std::iter;
use std::sync::Arc;

use clap::Args;
use factify_core::{Error, Outcome, Pagination};

use super::context::Context;
use super::tally::{Achieved, Tally};
use crate::args::value;
use crate::bulk;
use crate::client::{Client, Connection};
use crate::exit::Exit;
use crate::failure::{Failure, certainty};
use crate::interrupt;
use crate::output::{Document, Finished, ItemNames, Output, Record, Unfinished};

/// The rate limit of several calls.
#[derive(Debug, Args)]
pub(crate) struct Rate {
    /// The maximum number of requests per minute [default: the API's limit]
    #[arg(long, value_name = "N", value_parser = value::at_least_one::<u32>)]
    pub(crate) rate: Option<u32>,
}

/// The advice for calls that can be repeated without a second effect.
const SAFE: &str = "It is safe to run this again.";

/// The words of the messages about the items.
pub(crate) struct Job {
    /// For the progress bar: "Revoking".
    doing: &'static str,
    /// For an error: "revoked".
    done: &'static str,
    /// What the items belong to, such as " in org_…". It may be empty.
    of: String,
    /// What to know before running it again.
    again: &'static str,
    names: ItemNames,
}

impl Job {
    /// A job whose items have ids, and that can be repeated.
    pub(crate) fn new(doing: &'static str, done: &'static str) -> Self {
        Self {
            doing,
            done,
            of: String::new(),
            again: SAFE,
            names: ItemNames::ID,
        }
    }

    /// Says what the items belong to, such as "in org_…".
    pub(crate) fn of(mut self, whole: impl Display) -> Self {
        self.of = format!(" {whole}");
        self
    }

    /// Says what to know before running it again.
    pub(crate) fn again(mut self, advice: &'static str) -> Self {
        self.again = advice;
        self
    }

    /// Names the API's object in the JSON of an item.
    pub(crate) fn object(mut self, name: &'static str) -> Self {
        self.names.object = Some(name);
        self
    }

    /// Names what identifies an item in its JSON, if it is not an id.
    pub(crate) fn items_are(mut self, name: &'static str) -> Self {
        self.names.item = name;
        self
    }
}

/// Carries out calls that all have the same result: [`Job::new`] names it.
pub(crate) fn all<T, R>(
    job: &Job,
    items: Vec<T>,
    connection: Connection,
    context: &Context,
    call: impl Fn(&Client, &T) -> Result<R, Error> + Send + Sync + 'static,
) -> Result<Exit, Failure>
where
    T: Display + Clone + Send + Sync + 'static,
    R: Record + Send + 'static,
{
    let done = job.done;
    run(job, items, connection, context, call, |_| {
        Achieved::Done(done)
    })
}

/// Carries out the calls, writes the results, and reports errors, what was not done, and a summary.
pub(crate) fn run<T, R>(
    job: &Job,
    items: Vec<T>,
    connection: Connection,
    context: &Context,
    call: impl Fn(&Client, &T) -> Result<R, Error> + Send + Sync + 'static,
    achieved: impl Fn(&R) -> Achieved,
) -> Result<Exit, Failure>
where
    T: Display + Clone + Send + Sync + 'static,
    R: Record + Send + 'static,
{
    let console = &context.console;
    let mut output = context.output(Document::List).of::<R>();
    let mut explained = HashSet::new();
    let mut tally = Tally::default();
    let ended = |item: &T, result: Result<R, Error>| {
        let achieved = result.as_ref().map(&achieved);
        tally.count(achieved);
        let text = item.to_string();
        let live = output.is_live();
        let mut write = || {
            write_item(job.names, &text, result.as_ref(), achieved, &mut output);
            output.flush();
        };
        if live {
            console.suspend(write);
        } else {
            write();
        }
        match &result {
            Ok(_) => {}
            // The full text only once for each kind.
            Err(error) if !explained.insert((error.kind(), error.status())) => {
                console.error(&Failure::brief(item, error));
            }
            Err(error) => {
                let known = certainty(error);
                let asked = format_args!("{item}{}: {known} {}", job.of, job.done);
                console.error(&Failure::call(asked, error));
            }
        }
    };
    let ending = bulk::run(
        items,
        job.doing,
        console,
        &context.queue,
        &context.interrupts,
        move |item, turn| call(&connection.client_at(turn), item),
        ended,
    )?;
    tally.end(&ending);
    if output.format().is_json() {
        let left = [
            (&ending.left_behind, Outcome::Unknown.as_str()),
            (&ending.not_begun, "not_begun"),
        ];
        for (item, result) in left
            .iter()
            .flat_map(|(items, result)| items.iter().zip(iter::repeat(*result)))
        {
            output.record(&Unfinished {
                names: job.names,
                item: &item.to_string(),
                result,
                error: None,
            });
        }
    }
    let (told, summary) = (Arc::clone(console), tally.summary(job.again));
    // Until the results are written; an output that nobody reads may block.
    let last_word = move || interrupt::end_with(&told, summary.clone());
    context.interrupts.on(last_word);
    let written = output.finish(&Pagination::new());
    // A lost output must not hide what was done.
    if let Err(failure) = written {
        console.error(&failure);
        tally.unwritten();
    }
    tally.tell(&ending, job.again, console);
    Ok(tally.exit())
}

/// Writes what an item achieved. Errors are part of the results only in JSON.
fn write_item<R: Record>(
    names: ItemNames,
    item: &str,
    result: Result<&R, &Error>,
    achieved: Result<Achieved, &Error>,
    output: &mut Output,
) {
    match (result, achieved) {
        (Ok(record), Ok(achieved)) => output.record(&Finished {
            names,
            item,
            result: achieved.word(),
            record,
        }),
        (Err(error), _) | (_, Err(error)) if output.format().is_json() => {
            output.record(&Unfinished {
                names,
                item,
                result: error.outcome().as_str(),
                error: Some(error.into()),
            });
        }
        _ => {}
    }
}
