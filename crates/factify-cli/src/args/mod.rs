//! The command line. Its comments are its help texts.

#![allow(clippy::doc_markdown)]

mod conceal;
pub(crate) mod invites;
pub(crate) mod sandbox;
mod value;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::console::Console;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::output::Format;
pub(crate) use value::{Item, Word, Words};

/// What man pages are headed by.
pub(crate) const TITLE: &str = concat!("factify ", env!("CARGO_PKG_VERSION"));

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (Factify API v1beta)");

const ENVIRONMENT: &str = "\
Environment:
  FACTIFY_KEY       the API key, where --key-file does not name a file
  FACTIFY_ORG       the organization, where neither an argument nor --org names one
  FACTIFY_BASE_URL  the API, where --base-url does not
  HTTPS_PROXY       a proxy on the way to the API, like ALL_PROXY; not for the hosts of NO_PROXY
  TZ                the zone of the times in tables and of dates, where it is not the machine's
  NO_COLOR          no colors, when it is set and not empty";

/// Organization invitations of Factify, at a terminal and in scripts.
///
/// Results go to standard output and messages to standard error. No secret is ever an argument: the
/// API key comes from FACTIFY_KEY or a file, the token of an invitation from standard input or a file.
#[derive(Debug, Parser)]
#[command(name = "factify", version = VERSION, after_help = after_help(), max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

fn after_help() -> String {
    format!("{ENVIRONMENT}\n\n{}", exit::HELP)
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List, create, resend, accept and revoke invitations to an organization
    #[command(subcommand)]
    Invites(invites::Invites),
    /// Serve the API in a box, to develop and test against
    ///
    /// One organization with an owner, an admin and a member, and somebody outside of it, each with a key
    /// that opens nothing else. It serves the operations on invites, with the API's rate limits, until it
    /// is interrupted. `GET /_sandbox/outbox` shows the emails that would have been sent with their
    /// tokens; `POST /_sandbox/advance` with `{"seconds":60}` moves the clock.
    ///
    /// In a shell: eval "$(factify sandbox --print-env)"; factify invites list; kill $FACTIFY_SANDBOX_PID
    Sandbox(sandbox::Sandbox),
    /// Print a script that completes arguments in a shell
    // Without it an option that the environment sets would stand there as required.
    #[command(override_usage = "factify completions <SHELL>")]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the man pages
    #[command(override_usage = "factify man <DIRECTORY>")]
    Man {
        /// The directory to write them to; it is created where it does not exist
        #[arg(value_name = "DIRECTORY")]
        directory: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options of all commands")]
pub(crate) struct Global {
    /// The organization, where no argument names it [env: FACTIFY_ORG]
    #[arg(long, global = true, overrides_with = "org", value_name = "ORG")]
    pub(crate) org: Option<String>,
    /// A file that has the API key in it, instead of FACTIFY_KEY
    #[arg(long, global = true, overrides_with = "key_file", value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Where the API is
    #[arg(
        long,
        global = true,
        overrides_with = "base_url",
        env = "FACTIFY_BASE_URL",
        hide_env_values = true,
        value_name = "URL",
        default_value = "https://api.factify.com"
    )]
    pub(crate) base_url: String,
    /// The longest time of one attempt, such as 10s or 1m
    #[arg(
        long,
        global = true,
        overrides_with = "timeout",
        value_name = "TIME",
        value_parser = value::duration,
        default_value = "30s"
    )]
    pub(crate) timeout: Duration,
    /// How many more attempts a call may have where repeating it is safe, within two minutes or twice
    /// the --timeout
    #[arg(
        long,
        global = true,
        overrides_with = "retries",
        value_name = "N",
        default_value_t = 3
    )]
    pub(crate) retries: u32,
    /// The form of the results
    #[arg(
        long,
        short,
        global = true,
        overrides_with = "output",
        value_enum,
        value_name = "FORM",
        default_value_t
    )]
    pub(crate) output: Format,
    /// When to use colors
    #[arg(
        long,
        global = true,
        overrides_with = "color",
        value_name = "WHEN",
        default_value_t
    )]
    pub(crate) color: ColorChoice,
    /// Tell of each attempt and wait
    #[arg(long, short, global = true, overrides_with = "verbose")]
    pub(crate) verbose: bool,
}

/// Reads the command line, or prints what is wrong with it, or the help that it asks for.
pub(crate) fn parse() -> Result<Cli, Exit> {
    let error = match Cli::try_parse() {
        Ok(cli) => return Ok(cli),
        Err(error) => conceal::concealed(error),
    };
    let error = error.with_cmd(&description().color(color()));
    let printed = error.print();
    Err(if error.use_stderr() {
        if error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            Console::new(color(), false).say("Nothing was sent.");
        }
        if std::env::args_os().any(|argument| argument == "--print-env") {
            crate::sandbox::fail_in_shell();
        }
        Exit::Usage
    } else if printed.err().as_ref().and_then(Failure::output).is_some() {
        Exit::Local
    } else {
        Exit::Done
    })
}

/// The color of the messages about a command line that is not understood as a whole.
fn color() -> ColorChoice {
    let mut arguments = std::env::args_os();
    let mut color = ColorChoice::default();
    while let Some(argument) = arguments.next() {
        let value = match argument.to_str() {
            Some("--") => break,
            Some("--color") => arguments.next(),
            Some(text) => text.strip_prefix("--color=").map(Into::into),
            None => None,
        };
        let value = value.as_deref().and_then(OsStr::to_str);
        color = value.and_then(|text| text.parse().ok()).unwrap_or(color);
    }
    color
}

/// The description of the command line, for completions and man pages.
pub(crate) fn description() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_description_is_consistent() {
        super::description().debug_assert();
    }
}
