//! Commands with one call and one result.

use std::fmt::Display;

use factify_core::{Operation, Pagination, ServeOperation};
use serde::Serialize;
use serde_json::value::RawValue;

use super::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, certainty};
use crate::output::{Cell, Column, Document, Record};
use crate::words;

/// Sends a call that changes something. An error starts with what was requested, such as "key \"ci\"", and
/// with whether it was done, such as "created".
pub(crate) fn send<O: Operation>(
    operation: O,
    requested: impl Display,
    done: &str,
    context: &Context,
) -> Result<O::Output, Failure> {
    operation
        .validate()
        .map_err(|invalid| Failure::parameter(&invalid))?;
    let client = context.connect()?.client();
    let in_doubt = operation
        .in_doubt()
        .map(|text| words::in_commands(text, ""));
    let call = || client.call(operation).send();
    let sent = context.while_in_doubt(&requested, done, in_doubt, call);
    sent.map_err(|error| {
        let known = certainty(&error);
        Failure::call(format_args!("{requested}: {known} {done}"), &error)
    })
}

/// Sends a call that changes something, and writes its result. JSON is the whole response.
pub(crate) fn change<O>(
    operation: O,
    requested: impl Display,
    done: &str,
    context: &Context,
) -> Result<Exit, Failure>
where
    O: ServeOperation<Output: Record>,
{
    let changed = send(operation, &requested, done, context)?;
    // What was created must not get lost with the output.
    let id = changed.id().map(|id| format!(" ({id})"));
    let id = id.unwrap_or_default();
    let response = Response::<O>::new(changed)?;
    let mut output = context.output(Document::Whole);
    output.record(&response);
    output.close(&Pagination::new()).map_err(|error| {
        Failure::unwritten(&error).after_change(format_args!("{requested}{id}: {done}"))
    })?;
    Ok(Exit::Done)
}

/// Sends a call that reads something, and writes its result. JSON is the whole response.
pub(crate) fn read<O>(
    operation: O,
    requested: impl Display,
    context: &Context,
) -> Result<Exit, Failure>
where
    O: ServeOperation<Output: Record>,
{
    let found = fetch(operation, requested, context)?;
    write::<O>(found, context)
}

/// Sends a call that reads something.
pub(crate) fn fetch<O: Operation>(
    operation: O,
    requested: impl Display,
    context: &Context,
) -> Result<O::Output, Failure> {
    operation
        .validate()
        .map_err(|invalid| Failure::parameter(&invalid))?;
    let client = context.connect()?.client();
    client
        .call(operation)
        .send()
        .map_err(|error| Failure::call(format_args!("{requested} could not be read"), &error))
}

/// Writes the result of a call.
pub(crate) fn write<O>(output: O::Output, context: &Context) -> Result<Exit, Failure>
where
    O: ServeOperation<Output: Record>,
{
    let response = Response::<O>::new(output)?;
    let mut written = context.output(Document::Whole);
    written.record(&response);
    written.finish(&Pagination::new())?;
    Ok(Exit::Done)
}

/// A record whose JSON is the whole response of an operation.
struct Response<O: Operation> {
    record: O::Output,
    json: Box<RawValue>,
}

impl<O: ServeOperation> Response<O> {
    fn new(record: O::Output) -> Result<Self, Failure> {
        let json = json::<O>(&record)?;
        Ok(Self { record, json })
    }
}

/// The JSON of the whole response.
pub(crate) fn json<O: ServeOperation>(output: &O::Output) -> Result<Box<RawValue>, Failure> {
    let unwritten =
        |error: serde_json::Error| Failure::local(format!("the result cannot be written: {error}"));
    let json = O::encode_output(output).map_err(unwritten)?;
    serde_json::from_slice(&json).map_err(unwritten)
}

impl<O: ServeOperation<Output: Record>> Record for Response<O> {
    const COLUMNS: &'static [Column] = O::Output::COLUMNS;

    fn json(&self) -> impl Serialize + '_ {
        &self.json
    }

    fn id(&self) -> Option<&str> {
        self.record.id()
    }

    fn cells(&self) -> Vec<Cell> {
        self.record.cells()
    }
}
