//! The commands that call the API: a file or folder for each area. The doc comments are the help texts.

#![allow(clippy::doc_markdown)]

pub(crate) mod access_requests;
mod all;
pub(crate) mod api;
pub(crate) mod auth;
mod confirm;
pub(crate) mod context;
#[cfg(test)]
pub(crate) mod coverage;
pub(crate) mod documents;
pub(crate) mod invites;
pub(crate) mod keys;
mod list;
pub(crate) mod me;
pub(crate) mod members;
pub(crate) mod offboard;
mod one;
pub(crate) mod orgs;
pub(crate) mod policies;
pub(crate) mod quota;
mod several;
pub(crate) mod sharing;
mod show;
pub(crate) mod tally;
pub(crate) mod transfers;
pub(crate) mod versions;

use std::sync::Arc;

use clap::builder::Resettable;
use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand};
use factify_core::OperationInfo;

use crate::args::Global;
use crate::bulk;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use context::Context;

/// A command that calls the API.
pub(crate) trait ApiCommand {
    /// The operation that does what the command is for. Its documented limit sets the pace.
    const OPERATION: OperationInfo;

    /// Other operations that it calls.
    #[cfg_attr(not(test), allow(dead_code))]
    const OTHERS: &'static [OperationInfo] = &[];

    /// How many calls are in flight at once.
    const IN_FLIGHT: usize = bulk::IN_FLIGHT;

    /// The limit from its options.
    fn rate(&self) -> Option<u32> {
        None
    }

    fn run(self, context: &Context) -> Result<Exit, Failure>;
}

/// The commands of an area.
pub(crate) trait Area: Subcommand {
    fn run(self, global: Global, console: &Arc<Console>) -> Result<Exit, Failure>;

    /// The operations of each command, in the order of the commands.
    #[cfg(test)]
    fn operations() -> Vec<Vec<OperationInfo>>;
}

/// The options of all API commands, and the commands of an area. Their description is made when the command line names the
/// area, because all of them together would make the start slower.
#[derive(Debug)]
pub(crate) struct Api<A: Area>(Described<A>);

// A doc comment would become a help text.
#[derive(Debug, Args)]
struct Described<A: Area> {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: A,
}

impl<A: Area> Api<A> {
    pub(crate) fn run(self, console: &Arc<Console>) -> Result<Exit, Failure> {
        self.0.command.run(self.0.global, console)
    }
}

/// Keeps the help of the area. A description that is made later would replace it.
fn with_help(command: Command, describe: fn(Command) -> Command) -> Command {
    let (about, long) = (
        command.get_about().cloned(),
        command.get_long_about().cloned(),
    );
    let described = describe(command);
    described
        .about(Resettable::from(about))
        .long_about(Resettable::from(long))
}

impl<A: Area> Args for Api<A> {
    fn augment_args(command: Command) -> Command {
        command.defer(|command| with_help(command, Described::<A>::augment_args))
    }

    fn augment_args_for_update(command: Command) -> Command {
        command.defer(|command| with_help(command, Described::<A>::augment_args_for_update))
    }
}

impl<A: Area> FromArgMatches for Api<A> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Described::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

// The options of all API commands, and an area of one command. A doc comment would become a help text.
#[derive(Debug, Args)]
pub(crate) struct Single<C: ApiCommand + Args> {
    // First, because the heading of the others is also that of the options after them.
    #[command(flatten)]
    command: C,
    #[command(flatten)]
    global: Global,
}

impl<C: ApiCommand + Args> Single<C> {
    pub(crate) fn run(self, console: &Arc<Console>) -> Result<Exit, Failure> {
        context::run(self.command, self.global, console)
    }
}

#[cfg(test)]
fn operations_of<C: ApiCommand>() -> Vec<OperationInfo> {
    let mut operations = vec![C::OPERATION];
    operations.extend_from_slice(C::OTHERS);
    operations
}

/// Implements [`Area`] for an enum of commands.
macro_rules! area {
    ($Area:ident { $($Name:ident),+ $(,)? }) => {
        impl $crate::commands::Area for $Area {
            fn run(
                self,
                global: $crate::args::Global,
                console: &std::sync::Arc<$crate::console::Console>,
            ) -> Result<$crate::exit::Exit, $crate::failure::Failure> {
                match self {
                    $(Self::$Name(command) => {
                        $crate::commands::context::run(*command, global, console)
                    })+
                }
            }

            #[cfg(test)]
            fn operations() -> Vec<Vec<factify_core::OperationInfo>> {
                vec![$($crate::commands::operations_of::<$Name>()),+]
            }
        }
    };
}
use area;
