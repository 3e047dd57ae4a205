//! `factify invites`.

mod accept;
mod create;
mod list;
mod resend;
mod revoke;
mod several;
mod tally;

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use factify_core::OrganizationId;

use crate::args::invites::{Command, Invites};
use crate::args::{Global, Item, Word, Words};
use crate::client::{self, Connection};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::interrupt::{self, Interrupts};
use crate::pace::Pace;

/// The API documents 1,000 requests a minute for each key.
const REQUESTS: u32 = 1_000;

/// And 100 requests that create something.
const CREATIONS: u32 = 100;

/// What all commands share.
struct Context {
    global: Global,
    console: Arc<Console>,
    pace: Arc<Pace>,
    interrupts: Arc<Interrupts>,
}

impl Context {
    fn connect(&self) -> Result<Connection, Failure> {
        Connection::new(&self.global, &self.console, &self.pace)
    }

    fn organization(&self, named: Option<OrganizationId>) -> Result<OrganizationId, Failure> {
        client::organization(named, &self.global)
    }

    /// Sets the message of an interruption until another is set. At a question it starts with a
    /// newline.
    fn nothing_changed_yet(&self, line_end: &'static str) {
        let console = Arc::clone(&self.console);
        self.interrupts.on(move || {
            let message = format!("{line_end}{}", interrupt::NOTHING_CHANGED);
            interrupt::end_with(&console, message);
        });
    }

    /// The organization and the items from arguments and standard input, without duplicates.
    fn items<T: Item>(&self, words: Vec<Word<T>>) -> Result<(OrganizationId, Vec<T>), Failure> {
        let mut words = Words::new(words)?;
        let organization = self.organization(words.organization)?;
        if words.standard_input {
            input::items(io::stdin().lock(), &mut words.items)?;
        } else if words.items.is_empty() {
            let what = T::WHAT;
            let message =
                format!("nothing is named: give at least {what}, or - for standard input");
            return Err(Failure::usage(message));
        }
        let mut seen = HashSet::new();
        words.items.retain(|item| seen.insert(item.key()));
        Ok((organization, words.items))
    }
}

pub(crate) fn run(
    Invites { global, command }: Invites,
    console: &Arc<Console>,
) -> Result<Exit, Failure> {
    let rate = match &command {
        Command::List(_) | Command::Accept(_) => REQUESTS,
        Command::Create(create) => create.rate.rate.unwrap_or(CREATIONS),
        Command::Resend(resend) => resend.rate.rate.unwrap_or(REQUESTS),
        Command::Revoke(revoke) => revoke.rate.rate.unwrap_or(REQUESTS),
    };
    let context = Context {
        global,
        console: Arc::clone(console),
        pace: Pace::new(rate),
        interrupts: Interrupts::handle()?,
    };
    context.nothing_changed_yet("");
    let ended = match command {
        Command::List(list) => list::run(&list, &context),
        Command::Create(create) => create::run(create, &context),
        Command::Resend(resend) => resend::run(resend, &context),
        Command::Accept(accept) => accept::run(&accept, &context),
        Command::Revoke(revoke) => revoke::run(revoke, &context),
    };
    if context.pace.has_sent() {
        ended
            .map(Exit::after_sending)
            .map_err(Failure::after_sending)
    } else {
        ended
    }
}
