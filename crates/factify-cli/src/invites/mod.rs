//! `factify invites`.

mod accept;
mod create;
mod list;
mod resend;
mod revoke;
mod several;
mod tally;

use std::collections::HashSet;
use std::io::{self, BufRead};
use std::sync::Arc;

use factify_core::OrganizationId;

use crate::args::invites::Invites;
use crate::args::{Global, Item, Word, Words};
use crate::client::{self, Client};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::pace::Pace;

/// The document promises 1,000 requests a minute for each key.
const REQUESTS: u32 = 1_000;

/// And 100 of those that create something.
const CREATIONS: u32 = 100;

/// What all commands act with.
struct Context {
    global: Global,
    console: Arc<Console>,
    pace: Arc<Pace>,
    interrupts: Arc<Interrupts>,
}

impl Context {
    fn connect(&self) -> Result<Client, Failure> {
        client::connect(&self.global, &self.console, &self.pace)
    }

    fn organization(&self, named: Option<OrganizationId>) -> Result<OrganizationId, Failure> {
        client::organization(named, &self.global)
    }

    /// The organization and the items that arguments and standard input name, each once.
    fn items<T: Item>(&self, words: Vec<Word<T>>) -> Result<(OrganizationId, Vec<T>), Failure> {
        let mut words = Words::new(words)?;
        let organization = self.organization(words.organization)?;
        if words.standard_input {
            read_items(io::stdin().lock(), &mut words.items)?;
        } else if words.items.is_empty() {
            let what = T::WHAT;
            let message =
                format!("nothing is named: give {what}, several, or - for standard input");
            return Err(Failure::usage(message));
        }
        let mut seen = HashSet::new();
        words.items.retain(|item| seen.insert(item.key()));
        Ok((organization, words.items))
    }
}

/// Reads an item a line; empty lines count for nothing.
fn read_items<T: Item>(input: impl BufRead, items: &mut Vec<T>) -> Result<(), Failure> {
    let fail = |number: usize, fault: &dyn std::fmt::Display| {
        Failure::usage(format!("line {number} of standard input: {fault}"))
    };
    for (index, line) in input.lines().enumerate() {
        let line = line.map_err(|fault| fail(index + 1, &fault))?;
        let line = line.trim();
        if !line.is_empty() {
            items.push(
                line.parse()
                    .map_err(|fault: T::Err| fail(index + 1, &fault))?,
            );
        }
    }
    Ok(())
}

pub(crate) fn run(
    command: Invites,
    global: Global,
    console: &Arc<Console>,
) -> Result<Exit, Failure> {
    let rate = match &command {
        Invites::List(_) | Invites::Accept(_) => REQUESTS,
        Invites::Create(create) => create.rate.rate.unwrap_or(CREATIONS),
        Invites::Resend(resend) => resend.rate.rate.unwrap_or(REQUESTS),
        Invites::Revoke(revoke) => revoke.rate.rate.unwrap_or(REQUESTS),
    };
    let context = Context {
        global,
        console: Arc::clone(console),
        pace: Pace::new(rate),
        interrupts: Interrupts::handle()
            .map_err(|fault| Failure::local(format!("signals cannot be handled: {fault}")))?,
    };
    match command {
        Invites::List(list) => list::run(list, &context),
        Invites::Create(create) => create::run(create, &context),
        Invites::Resend(resend) => resend::run(resend, &context),
        Invites::Accept(accept) => accept::run(&accept, &context),
        Invites::Revoke(revoke) => revoke::run(revoke, &context),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use factify_core::InviteId;

    #[test]
    fn lines_are_read_to_the_last_or_none_at_all() {
        let id = "inv_01h2xcejqtf2nbrexx3vqjhp41";
        let mut items = Vec::<InviteId>::new();
        let text = format!("{id}\n\n  {id} \r\n");
        assert!(read_items(text.as_bytes(), &mut items).is_ok());
        assert_eq!(items, [InviteId::literal(id); 2]);
        let text = format!("{id}\nuser_01h2xcejqtf2nbrexx3vqjhp41\n");
        let failure = read_items(text.as_bytes(), &mut items).unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert!(
            failure
                .to_string()
                .starts_with("line 2 of standard input: not an invite id")
        );
    }
}
