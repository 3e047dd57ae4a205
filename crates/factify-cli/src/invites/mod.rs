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

use factify_core::invites::{
    AcceptOrganizationInvite, CreateOrganizationInvite, ListOrganizationInvites,
    ResendOrganizationInvite, RevokeOrganizationInvite,
};
use factify_core::{LocalPace, Operation, OperationInfo, OrganizationId};

use crate::args::invites::{Command, Invites};
use crate::args::{Global, Item, Word, Words};
use crate::client::{self, Connection};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::interrupt::{self, Interrupts};
use crate::queue::Queue;

/// The documented limit of a minute. Operations that are not idempotent count as creations.
const fn documented_limit(operation: &OperationInfo) -> u32 {
    if operation.idempotent {
        LocalPace::REQUESTS
    } else {
        LocalPace::CREATIONS
    }
}

/// What all commands share.
struct Context {
    global: Global,
    console: Arc<Console>,
    queue: Arc<Queue>,
    interrupts: Arc<Interrupts>,
}

impl Context {
    fn connect(&self) -> Result<Connection, Failure> {
        Connection::new(&self.global, &self.console, &self.queue)
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
    let (operation, rate) = match &command {
        Command::List(_) => (ListOrganizationInvites::INFO, None),
        Command::Accept(_) => (AcceptOrganizationInvite::INFO, None),
        Command::Create(create) => (CreateOrganizationInvite::INFO, create.rate.rate),
        Command::Resend(resend) => (ResendOrganizationInvite::INFO, resend.rate.rate),
        Command::Revoke(revoke) => (RevokeOrganizationInvite::INFO, revoke.rate.rate),
    };
    let rate = rate.unwrap_or(documented_limit(&operation));
    let context = Context {
        global,
        console: Arc::clone(console),
        queue: Queue::new(operation, rate),
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
    if context.queue.has_sent() {
        ended
            .map(Exit::after_sending)
            .map_err(Failure::after_sending)
    } else {
        ended
    }
}
