//! What all commands that call the API share.

use std::collections::HashSet;
use std::fmt::Display;
use std::io;
use std::sync::Arc;

use factify_core::{LocalPace, OperationInfo, OrganizationId};

use super::ApiCommand;
use crate::args::{Global, Item, Word, Words};
use crate::client::Connection;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::interrupt::{self, Interrupts};
use crate::output::{Document, Output};
use crate::queue::Queue;
use crate::settings::Settings;

pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) settings: Settings,
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
    let settings = Settings::load(&global)?;
    let rate = command.rate();
    start(
        C::OPERATION,
        rate,
        C::IN_FLIGHT,
        global,
        settings,
        console,
        |context| command.run(context),
    )
}

/// Runs something that sends requests of this operation.
pub(crate) fn start(
    operation: OperationInfo,
    rate: Option<u32>,
    in_flight: usize,
    global: Global,
    settings: Settings,
    console: &Arc<Console>,
    run: impl FnOnce(&Context) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    if global.verbose {
        console.set_verbose();
    }
    let rate = rate.unwrap_or(documented_limit(&operation));
    let context = Context {
        global,
        settings,
        console: Arc::clone(console),
        queue: Queue::new(operation, rate, in_flight),
        interrupts: Interrupts::handle()?,
    };
    context.nothing_changed_yet("");
    let ended = run(&context);
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
        let (_, base_url) = self.settings.checked()?;
        let key = self.settings.key(&self.console, &self.interrupts)?;
        Connection::new(&self.global, base_url, key, &self.console, &self.queue)
    }

    pub(crate) fn output(&self, document: Document) -> Output {
        Output::new(self.global.output, document, &self.console)
    }

    pub(crate) fn organization(
        &self,
        named: Option<OrganizationId>,
    ) -> Result<OrganizationId, Failure> {
        self.settings.organization_or(named)
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

    /// Sends a change. An interruption says that it is unknown whether it was done, and what may exist then.
    pub(crate) fn while_in_doubt<R>(
        &self,
        requested: impl Display,
        done: &str,
        in_doubt: Option<String>,
        send: impl FnOnce() -> R,
    ) -> R {
        let interrupted = self.interruption_in_doubt(requested, done, in_doubt);
        self.interrupts.during(interrupted, send)
    }

    /// Ends the process, and says that it is unknown whether the change was done.
    pub(crate) fn interruption_in_doubt(
        &self,
        requested: impl Display,
        done: &str,
        in_doubt: Option<String>,
    ) -> impl Fn() + Send + 'static {
        let console = Arc::clone(&self.console);
        let advice = in_doubt.unwrap_or_else(|| "Check before you run it again.".to_owned());
        let message = format!("Interrupted: {requested}: possibly {done}. {advice}");
        move || interrupt::end_with(&console, message.clone())
    }

    /// The organization and the items from arguments and standard input, without duplicates.
    pub(crate) fn items<T: Item>(
        &self,
        words: Vec<Word<T>>,
    ) -> Result<(OrganizationId, Vec<T>), Failure> {
        let words = Words::new(words)?;
        let organization = self.organization(words.organization)?;
        Ok((organization, complete(words)?))
    }
}

/// The items from arguments and standard input, without duplicates, where no organization is expected.
pub(crate) fn items<T: Item>(words: Vec<Word<T>>) -> Result<Vec<T>, Failure> {
    complete(Words::new(words)?)
}

/// Adds the items of standard input, and removes duplicates.
fn complete<T: Item>(mut words: Words<T>) -> Result<Vec<T>, Failure> {
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
