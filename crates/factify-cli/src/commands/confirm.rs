//! Questions before a change.

use std::fmt::Display;
use std::io::{self, IsTerminal};

use super::context::Context;
use crate::failure::Failure;

/// Refuses a command that would have to ask, if nobody can see the question and answer it.
pub(crate) fn must_be_possible() -> Result<(), Failure> {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        return Ok(());
    }
    Err(Failure::usage(
        "cannot ask for confirmation without a terminal: give --yes, or --dry-run to look first",
    ))
}

/// Asks. Until the user answers, an interruption says that nothing was changed.
pub(crate) fn agreed(question: impl Display, context: &Context) -> Result<bool, Failure> {
    context.nothing_changed_yet("\n");
    let asked = context.console.confirm(question);
    let agreed =
        asked.map_err(|error| Failure::local(format!("your answer cannot be read: {error}")))?;
    if !agreed {
        context.console.say("Nothing was changed.");
    }
    Ok(agreed)
}
