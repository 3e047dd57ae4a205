//! `factify auth`.

mod profiles;
mod status;

use std::sync::Arc;

use clap::Subcommand;

use super::{Area, context};
use crate::args::Global;
use crate::console::Console;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use status::Status;

#[derive(Debug, Subcommand)]
pub(crate) enum Auth {
    /// Show the settings and check the key with a request
    ///
    /// It shows where each setting comes from. It never shows the key. The exit code is 2 if there is no key, and 3 if the API refuses it.
    #[command(after_long_help = exit::help(status::EXAMPLES))]
    Status(Box<Status>),
    /// List the profiles of the configuration file
    #[command(after_long_help = exit::help(profiles::EXAMPLES))]
    Profiles,
}

impl Area for Auth {
    fn run(self, global: Global, console: &Arc<Console>) -> Result<Exit, Failure> {
        match self {
            Self::Status(status) => context::run(*status, global, console),
            Self::Profiles => profiles::run(&global, console),
        }
    }

    #[cfg(test)]
    fn operations() -> Vec<Vec<factify_core::OperationInfo>> {
        vec![super::operations_of::<Status>(), Vec::new()]
    }
}
