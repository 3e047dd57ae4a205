//! The command line. The doc comments are the help texts.

#![allow(clippy::doc_markdown)]

pub(crate) mod conceal;
pub(crate) mod sandbox;
pub(crate) mod value;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ColorChoice, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::commands::Api;
use crate::commands::api::{self, Request};
use crate::commands::auth::Auth;
use crate::commands::invites::Invites;
use crate::console::Console;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::output::Format;
pub(crate) use value::{Item, Word, Words};

/// The title of the man pages.
pub(crate) const TITLE: &str = concat!("factify ", env!("CARGO_PKG_VERSION"));

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (Factify API v1beta)");

const ENVIRONMENT: &str = "\
Environment:
  FACTIFY_KEY       the API key, if --key-file is not given
  FACTIFY_ORG       the organization, if neither an argument nor --org names one
  FACTIFY_BASE_URL  the API, if --base-url is not given
  FACTIFY_PROFILE   the profile, if --profile is not given
  FACTIFY_CONFIG    the configuration file [default: ~/.config/factify/config.toml]
  HTTPS_PROXY       the proxy for the API, or else ALL_PROXY; NO_PROXY lists hosts that use no proxy
  TZ                the time zone of tables and dates [default: that of this machine]
  NO_COLOR          no colors, if set and not empty";

/// Manage the invites of a Factify organization, in a terminal or in a script.
///
/// Results go to standard output and messages to standard error. If standard output is closed (>&-), the
/// results are lost without an error. Secrets are never arguments. The API key comes from FACTIFY_KEY, a
/// file or a profile. The token of an invite comes from standard input or a file.
#[derive(Debug, Parser)]
#[command(name = "factify", version = VERSION, after_help = after_help(), max_term_width = 100)]
pub(crate) struct Cli {
    /// When to use colors
    #[arg(
        long,
        global = true,
        overrides_with = "color",
        value_name = "WHEN",
        default_value_t,
        display_order = 100
    )]
    pub(crate) color: ColorChoice,
    #[command(subcommand)]
    pub(crate) command: Command,
}

fn after_help() -> String {
    format!("{ENVIRONMENT}\n\n{}", exit::HELP)
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List, create, resend, accept and revoke invites to an organization
    Invites(Box<Api<Invites>>),
    /// Send a request to any path of the API, and print the response
    ///
    /// The response is printed as it arrives, also that of an error; the error is printed too, and the exit code is
    /// the same as of other commands. Only the status counts: read the body of a response that has a result for each
    /// item. It is sent again after an error only if that is safe, as for the operation with this path. A path that
    /// is not known is sent again with GET, PUT and DELETE.
    ///
    /// The key goes only to the API of --base-url, FACTIFY_BASE_URL or the profile. No redirect is followed.
    ///
    /// At a terminal, control characters are escaped. A response with a secret, such as that of a new API key, is
    /// refused there before anything is sent: redirect the output. Files are uploaded by other commands.
    #[command(after_long_help = exit::help(api::EXAMPLES))]
    Api(Box<Request>),
    /// Show which profile, API, organization and key are used
    Auth(Box<Api<Auth>>),
    /// Serve an in-memory API for development and tests
    ///
    /// It has one organization with an owner, an admin and a member, and an outsider, who is not a member.
    /// Each has a key that works only here. --print-env sets FACTIFY_KEY to the admin's key, and the variables
    /// FACTIFY_SANDBOX_OWNER_KEY, _ADMIN_KEY, _MEMBER_KEY and _OUTSIDER_KEY; with _USER_TOKEN in place of _KEY,
    /// their user tokens. It serves all operations of the SDK, with the API's rate limits, until you interrupt it. `GET /_sandbox/outbox` shows the emails that would have been sent, with
    /// their tokens; `POST /_sandbox/advance` with `{"seconds":60}` moves the clock.
    ///
    /// In a shell: eval "$(factify sandbox --print-env)"; factify invites list; kill $FACTIFY_SANDBOX_PID
    Sandbox(sandbox::Sandbox),
    /// Print a shell completion script
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the man pages
    Man {
        /// The directory to write to; it is created if it does not exist
        #[arg(value_name = "DIRECTORY")]
        directory: PathBuf,
    },
}

/// The options of all commands that call the API.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options of all API commands")]
pub(crate) struct Global {
    /// Use this profile of the configuration file [env: FACTIFY_PROFILE]
    ///
    /// A profile has a base URL, an organization and the place of a key. An option is stronger than an
    /// environment variable, and a variable is stronger than a profile. But a profile that this option names is
    /// stronger than FACTIFY_KEY, FACTIFY_BASE_URL and FACTIFY_ORG.
    #[arg(
        long,
        global = true,
        overrides_with = "profile",
        value_name = "NAME",
        value_parser = value::text
    )]
    pub(crate) profile: Option<String>,
    /// The organization, if no argument names it [env: FACTIFY_ORG]
    #[arg(long, global = true, overrides_with = "org", value_name = "ORG")]
    pub(crate) org: Option<String>,
    /// Read the API key from the first line of this file, not from FACTIFY_KEY
    #[arg(long, global = true, overrides_with = "key_file", value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// The URL of the API [env: FACTIFY_BASE_URL] [default: https://api.factify.com]
    #[arg(long, global = true, overrides_with = "base_url", value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// The time limit of one attempt, such as 10s or 1m
    #[arg(
        long,
        global = true,
        overrides_with = "timeout",
        value_name = "TIME",
        value_parser = value::duration,
        default_value = "30s"
    )]
    pub(crate) timeout: Duration,
    /// The maximum number of retries of one call
    ///
    /// It retries only when this is safe, for at most two minutes, or twice the --timeout if that is
    /// longer. A low --rate adds time.
    #[arg(
        long,
        global = true,
        overrides_with = "retries",
        value_name = "N",
        default_value_t = 3
    )]
    pub(crate) retries: u32,
    /// The format of the results
    #[arg(
        long,
        short,
        global = true,
        overrides_with = "output",
        value_enum,
        value_name = "FORMAT",
        default_value_t
    )]
    pub(crate) output: Format,
    /// Report each attempt, and each wait before a retry
    #[arg(long, short, global = true, overrides_with = "verbose")]
    pub(crate) verbose: bool,
}

/// Parses the command line, or prints the usage error or the requested help.
pub(crate) fn parse() -> Result<Cli, Exit> {
    let error = match Cli::try_parse() {
        Ok(cli) => return Ok(cli),
        Err(error) => with_tip(conceal::concealed(error)),
    };
    let error = error.with_cmd(&description().color(color()));
    let printed = error.print();
    Err(if error.use_stderr() {
        if error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && may_send() {
            Console::new(color(), false).say("Nothing was sent.");
        }
        if std::env::args_os().any(|argument| argument == "--print-env") {
            crate::sandbox::fail_in_shell();
        }
        Exit::Usage
    } else if let Some(failure) = printed.err().as_ref().and_then(Failure::output) {
        Console::new(color(), false).error(&failure);
        failure.exit
    } else {
        Exit::Done
    })
}

/// For `factify revoke` it suggests `factify invites revoke`.
fn with_tip(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    let command = description();
    let invites = command.find_subcommand("invites");
    if invites.is_some_and(|invites| invites.find_subcommand(name).is_some()) {
        let tip = StyledStr::from(format!("you may mean 'factify invites {name}'"));
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

/// Whether the command, if its arguments were valid, could send something.
fn may_send() -> bool {
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--color") => drop(arguments.next()),
            Some(option) if option.starts_with('-') => {}
            Some(command) => return !NEVER_SEND.contains(&command),
            None => return true,
        }
    }
    true
}

/// The commands that do not call the API.
const NEVER_SEND: [&str; 4] = ["sandbox", "completions", "man", "help"];

/// The color of messages about a command line that cannot be parsed.
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
    use super::*;

    #[test]
    fn the_description_is_consistent() {
        description().debug_assert();
    }

    fn each_command(command: &clap::Command, visit: &mut impl FnMut(&clap::Command)) {
        visit(command);
        for subcommand in command.get_subcommands() {
            each_command(subcommand, visit);
        }
    }

    #[test]
    fn the_lines_below_a_heading_are_indented() {
        let mut examples = 0;
        each_command(&description(), &mut |command| {
            let help = command.get_after_long_help().or(command.get_after_help());
            let help = help.map(ToString::to_string).unwrap_or_default();
            let blocks = help.split("\n\n").filter(|block| !block.is_empty());
            for block in blocks {
                let (heading, lines) = block.split_once(":\n").unwrap();
                examples += usize::from(heading == "Examples");
                for line in lines.lines() {
                    assert!(line.starts_with("  "), "{}: {line}", command.get_name());
                }
            }
        });
        assert_eq!(examples, 8);
    }

    /// The other options have a meaning in each command that accepts them.
    #[test]
    fn only_commands_that_call_the_api_have_its_options() {
        let mut described = description();
        described.build();
        let options = [
            "--org",
            "--key-file",
            "--base-url",
            "--timeout",
            "--retries",
            "--output",
        ];
        for (path, expected) in [
            (&["completions"][..], false),
            (&["man"], false),
            (&["sandbox"], false),
            (&["invites"], true),
            (&["invites", "list"], true),
            (&["invites", "revoke"], true),
        ] {
            let mut command = &mut described;
            for name in path {
                command = command.find_subcommand_mut(name).unwrap();
            }
            let help = command.render_long_help().to_string();
            for option in options {
                assert_eq!(help.contains(option), expected, "{path:?}: {option}");
            }
            assert!(help.contains("--color"), "{path:?}");
        }
    }
}
