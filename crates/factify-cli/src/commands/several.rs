//! Carries out one call for each item, reports it and counts it.

use std::collections::HashSet;
use std::fmt::Display;
use std::sync::Arc;

use clap::Args;
use factify_core::{Error, Pagination};

use super::context::Context;
use super::tally::{Achieved, Tally};
use crate::args::value;
use crate::bulk;
use crate::client::{Client, Connection};
use crate::exit::Exit;
use crate::failure::{Failure, certainty};
use crate::interrupt;
use crate::output::{Document, Record};

/// The rate limit of several calls.
#[derive(Debug, Args)]
pub(crate) struct Rate {
    /// The maximum number of requests per minute [default: the API's limit]
    #[arg(long, value_name = "N", value_parser = value::at_least_one::<u32>)]
    pub(crate) rate: Option<u32>,
}

/// The words of the messages about the items.
pub(crate) struct Job {
    /// For the progress bar: "Revoking".
    pub(crate) doing: &'static str,
    /// For an error: "revoked".
    pub(crate) done: &'static str,
    /// Of what the items are, such as " in org_…". It may be empty.
    pub(crate) of: String,
    /// What to know before running it again.
    pub(crate) again: &'static str,
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
        tally.count(result.as_ref().map(&achieved));
        match result {
            Ok(record) => {
                let live = output.is_live();
                let mut write = || {
                    output.record(&record);
                    output.flush();
                };
                if live {
                    console.suspend(write);
                } else {
                    write();
                }
            }
            // The full text only once for each kind.
            Err(error) if !explained.insert((error.kind(), error.status())) => {
                console.error(format_args!("{item}: {error}"));
            }
            Err(error) => {
                let known = certainty(&error);
                let asked = format_args!("{item}{}: {known} {}", job.of, job.done);
                console.error(Failure::call(asked, &error));
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
    let (told, summary) = (Arc::clone(console), tally.summary(job.again));
    // Until the results are written; an output that nobody reads may block.
    let last_word = move || interrupt::end_with(&told, summary.clone());
    context.interrupts.on(last_word);
    let written = output.finish(&Pagination::new());
    // A lost output must not hide what was done.
    if let Err(failure) = written {
        console.error(failure);
        tally.unwritten();
    }
    tally.tell(&ending, job.again, console);
    Ok(tally.exit())
}
