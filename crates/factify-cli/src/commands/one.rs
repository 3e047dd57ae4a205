//! Commands with one call and one result.

use factify_core::{Error, Operation};
use std::fmt::Display;

use super::context::Context;
use crate::failure::{Failure, certainty};

/// Sends one call. An error starts with what was requested, such as "the key \"ci\"", and with whether
/// it was done, such as "created".
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
    client
        .call(operation)
        .send()
        .map_err(|error| failed(&requested, done, &error))
}

pub(crate) fn failed(requested: &dyn Display, done: &str, error: &Error) -> Failure {
    let known = certainty(error);
    Failure::call(format_args!("{requested}: {known} {done}"), error)
}
