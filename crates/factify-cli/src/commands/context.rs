//! What all commands that call the API share.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use factify_core::{LocalPace, OperationInfo, OrganizationId};

use super::ApiCommand;
use crate::args::{Global, Item, Word, Words};
use crate::client::{self, Connection};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::interrupt::{self, Interrupts};
use crate::output::{Document, Output};
use crate::queue::Queue;

pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) console: Arc<Console>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) interrupts: Arc<Interrupts>,
}

/// Runs a command.
pub(crate) fn run<C: ApiCommand>(
    command: C,
    global: Global,
    console: &Arc<Console>,
) -> Result<Exit, Failure> {
    let rate = command.rate().unwrap_or(documented_limit(&C::OPERATION));
    let context = Context {
        global,
        console: Arc::clone(console),
        queue: Queue::new(C::OPERATION, rate, C::IN_FLIGHT),
        interrupts: Interrupts::handle()?,
    };
    context.nothing_changed_yet("");
    let ended = command.run(&context);
    if context.queue.has_sent() {
        ended
            .map(Exit::after_sending)
            .map_err(Failure::after_sending)
    } else {
        ended
    }
}

/// The documented limit of a minute. Operations that are not idempotent count as creations.
const fn documented_limit(operation: &OperationInfo) -> u32 {
    if operation.idempotent {
        LocalPace::REQUESTS
    } else {
        LocalPace::CREATIONS
    }
}

impl Context {
    pub(crate) fn connect(&self) -> Result<Connection, Failure> {
        Connection::new(&self.global, &self.console, &self.queue)
    }

    pub(crate) fn output(&self, document: Document) -> Output {
        Output::new(self.global.output, document, &self.console)
    }

    pub(crate) fn organization(
        &self,
        named: Option<OrganizationId>,
    ) -> Result<OrganizationId, Failure> {
        client::organization(named, &self.global)
    }

    /// Sets the message of an interruption until another is set. At a question it starts with a
    /// newline.
    pub(crate) fn nothing_changed_yet(&self, line_end: &'static str) {
        let console = Arc::clone(&self.console);
        self.interrupts.on(move || {
            let message = format!("{line_end}{}", interrupt::NOTHING_CHANGED);
            interrupt::end_with(&console, message);
        });
    }

    /// The organization and the items from arguments and standard input, without duplicates.
    pub(crate) fn items<T: Item>(
        &self,
        words: Vec<Word<T>>,
    ) -> Result<(OrganizationId, Vec<T>), Failure> {
        let words = Words::new(words)?;
        let organization = self.organization(words.organization)?;
        Ok((organization, named(words)?))
    }
}

/// The items from arguments and standard input, without duplicates.
pub(crate) fn named<T: Item>(mut words: Words<T>) -> Result<Vec<T>, Failure> {
    if words.standard_input {
        input::items(io::stdin().lock(), &mut words.items)?;
    } else if words.items.is_empty() {
        let what = T::WHAT;
        let message = format!("nothing is named: give at least {what}, or - for standard input");
        return Err(Failure::usage(message));
    }
    let mut seen = HashSet::new();
    words.items.retain(|item| seen.insert(item.key()));
    Ok(words.items)
}
