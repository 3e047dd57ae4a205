//! `factify me`.

use clap::{Args, Subcommand};
use factify_core::users::{GetMe, GetUserPreferences};
use factify_core::{Operation, OperationInfo};

use super::context::Context;
use super::{ApiCommand, area, one};
use crate::exit::{self, Exit};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Me {
    /// Show who you are, and your organizations
    ///
    /// It needs the token of a user who has signed in. With an API key, see `factify auth status`.
    #[command(after_long_help = exit::help("factify me show --output json"))]
    Show(Box<Show>),
    /// Show your preferences
    ///
    /// It needs the token of a user who has signed in.
    #[command(after_long_help = exit::help("factify me preferences"))]
    Preferences(Box<Preferences>),
}

area!(Me { Show, Preferences });

#[derive(Debug, Args)]
pub(crate) struct Show {}

impl ApiCommand for Show {
    const OPERATION: OperationInfo = GetMe::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        one::read(GetMe::new(), "your user", context)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Preferences {}

impl ApiCommand for Preferences {
    const OPERATION: OperationInfo = GetUserPreferences::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        one::read(GetUserPreferences::new(), "your preferences", context)
    }
}
