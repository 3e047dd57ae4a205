//! The command line. The doc comments are the help texts.

#![allow(clippy::doc_markdown)]

pub(crate) mod conceal;
mod items;
pub(crate) mod sandbox;
#[cfg(test)]
mod tests;
mod time;
mod usage_error;
pub(crate) mod value;

use std::path::PathBuf;
use std::time::Duration;

use clap::{ColorChoice, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::commands::access_requests::AccessRequests;
use crate::commands::api::{self, Request};
use crate::commands::auth::Auth;
use crate::commands::documents::Documents;
use crate::commands::invites::Invites;
use crate::commands::keys::Keys;
use crate::commands::me::Me;
use crate::commands::members::Members;
use crate::commands::offboard::Offboard;
use crate::commands::orgs::Orgs;
use crate::commands::policies::Policies;
use crate::commands::quota::Quota;
use crate::commands::sharing::Sharing;
use crate::commands::versions::Versions;
use crate::commands::{Api, Single};
use crate::completions;
use crate::console::ErrorFormat;
use crate::exit::{self, Exit};
use crate::output::Format;
pub(crate) use items::{Item, Word, Words};

/// The title of the man pages.
pub(crate) const TITLE: &str = concat!("factify ", env!("CARGO_PKG_VERSION"));

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (Factify API v1beta)");

/// The variables of the commands that call the API, one per line.
pub(crate) const API_ENVIRONMENT: &str =
    "  FACTIFY_KEY       the API key, if --key-file is not given
  FACTIFY_ORG       the organization, if neither an argument nor --org names one
  FACTIFY_BASE_URL  the API, if --base-url is not given
  FACTIFY_PROFILE   the profile, if --profile is not given
  FACTIFY_CONFIG    the configuration file
  HTTPS_PROXY       the proxy for the API, or else ALL_PROXY; NO_PROXY lists hosts that use no proxy
  TZ                the time zone of dates and of -o wide [default: that of this machine]
  COLUMNS           the width of tables at a terminal [default: that of the terminal]
";

/// The variable of all commands.
pub(crate) const ENVIRONMENT: &str = "  NO_COLOR          no colors, if set and not empty";

pub(crate) const FILES: &str = "\
Files:
  factify/config.toml  the profiles, in $XDG_CONFIG_HOME or ~/.config, on Windows in %APPDATA%";

/// The heading of the options that all commands have.
const EVERYWHERE: &str = "Options of all commands";

/// Use the Factify API in a terminal or in a script: organizations, people and documents.
///
/// Results go to standard output and messages to standard error. If standard output is closed (>&-), the
/// results are lost without an error. Secrets are never arguments. The API key comes from FACTIFY_KEY, a file
/// or a profile. The token of an invite comes from standard input or a file.
///
/// "factify AREA --help" lists the commands of an area, such as "factify invites --help". "factify auth status" shows
/// the settings and checks the key.
#[derive(Debug, Parser)]
#[command(name = "factify", version = VERSION, after_help = after_help(), max_term_width = 100)]
pub(crate) struct Cli {
    /// When to use colors
    #[arg(
        long,
        global = true,
        help_heading = EVERYWHERE,
        overrides_with = "color",
        value_name = "WHEN",
        default_value_t,
        display_order = 100
    )]
    pub(crate) color: ColorChoice,
    /// The format of errors and other messages on standard error
    #[arg(
        long,
        global = true,
        help_heading = EVERYWHERE,
        overrides_with = "error_format",
        value_enum,
        value_name = "FORMAT",
        default_value_t,
        display_order = 101
    )]
    pub(crate) error_format: ErrorFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

fn after_help() -> String {
    format!(
        "Environment:\n{API_ENVIRONMENT}{ENVIRONMENT}\n\n{FILES}\n\n{}",
        exit::HELP
    )
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List, show, create and update organizations
    Orgs(Box<Api<Orgs>>),
    /// List, show, add, update and remove members of an organization
    Members(Box<Api<Members>>),
    /// Invite people to an organization: create, resend, revoke, …
    Invites(Box<Api<Invites>>),
    /// List, show, create and revoke API keys
    Keys(Box<Api<Keys>>),
    /// Upload, download, list and change documents
    Documents(Box<Api<Documents>>),
    /// List, upload and read versions of documents
    Versions(Box<Api<Versions>>),
    /// See and change who has access to documents
    Sharing(Box<Api<Sharing>>),
    /// Ask for access to documents, and approve or deny requests
    AccessRequests(Box<Api<AccessRequests>>),
    /// List, attach and detach policies of documents
    Policies(Box<Api<Policies>>),
    /// See how many requests are used, and limit API keys
    Quota(Box<Api<Quota>>),
    /// Show who you are, and your preferences
    Me(Box<Api<Me>>),
    /// Remove a person from an organization and its documents
    ///
    /// It removes the membership, revokes pending invites that the person sent and those to the person, transfers the
    /// person's documents to --new-owner, and removes the person's access to all other documents. It does not revoke API
    /// keys: see factify keys list and factify keys revoke. First it shows what it would do, and asks.
    /// Then it reads everything again, so it also does what has become necessary since. It is safe to run this again: it
    /// continues where it stopped. Exit code 7 means that the person still has access, or may have.
    #[command(after_long_help = exit::help(
        "factify offboard user_01h2xcejqtf2nbrexx3vqjhp41 --new-owner user_01h2xcejqtf2nbrexx3vqjhp42"
    ))]
    Offboard(Box<Single<Offboard>>),
    /// Send a request to any path of the API, and print the response
    ///
    /// The response is printed as it arrives. If it is an error, the error is printed too, and the exit code is the
    /// same as for other commands. The exit code depends only on the status: if a response has a result for each item,
    /// read its body. After an error the request is sent again only if that is safe: for a known path, as its operation
    /// says; for other paths, only with GET, PUT and DELETE.
    ///
    /// The key goes only to the API of --base-url, FACTIFY_BASE_URL or the profile. No redirect is followed.
    ///
    /// At a terminal, control characters are escaped, and a request whose response has a secret, such as a new API
    /// key, is refused before anything is sent: redirect the output. To upload documents, use factify documents upload
    /// and factify versions upload.
    #[command(after_long_help = exit::help(api::EXAMPLES))]
    Api(Box<Request>),
    /// Show which profile, API, organization and key are used
    Auth(Box<Api<Auth>>),
    /// Serve an in-memory API for development and tests
    ///
    /// It has one organization with an owner, an admin and a member, and an outsider, who is not a member.
    /// Each has a key that works only here. --print-env sets FACTIFY_KEY to the admin's key, and the variables
    /// FACTIFY_SANDBOX_OWNER_KEY, _ADMIN_KEY, _MEMBER_KEY and _OUTSIDER_KEY; with _USER_TOKEN in place of _KEY,
    /// their user tokens. FACTIFY_SANDBOX_EXPIRED_KEY and _REVOKED_KEY are two more keys of the admin. It serves all
    /// operations, with the API's rate limits, until you interrupt it.
    ///
    /// Open /_sandbox/ at its address in a browser to see its state, emails and requests, to move the clock and
    /// to switch on faults. Programs do the same with control requests; `GET /_sandbox` lists them. For example,
    /// `GET /_sandbox/outbox` shows the emails that would have been sent, with their tokens, and
    /// `POST /_sandbox/advance` with `{"seconds":60}` and the content type application/json moves the clock.
    ///
    /// In a shell: eval "$(factify sandbox --print-env)"; factify invites list; kill $FACTIFY_SANDBOX_PID
    Sandbox(sandbox::Sandbox),
    /// Print a script that lets a shell complete commands and ids
    ///
    /// The script calls factify for each completion. Ids come from the API with one request, of at most 100 results and
    /// two seconds; errors are silent. Nothing is sent if there is no key. A key_command of a profile does not run,
    /// because it may ask for a password: with such a profile, set FACTIFY_KEY to complete ids.
    #[command(after_long_help = completions::INSTALLATION)]
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
    /// Write the man pages of all commands
    #[command(after_long_help = "Examples:\n  factify man ~/.local/share/man/man1")]
    Man {
        /// The directory to write to; it is created if it does not exist
        #[arg(value_name = "DIRECTORY")]
        directory: PathBuf,
    },
}

// The options of all commands that call the API. A doc comment would become a help text.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options of all API commands")]
pub(crate) struct Global {
    /// Use this profile of the configuration file [env: FACTIFY_PROFILE]
    ///
    /// A profile has a base URL, an organization and the place of a key. An option takes precedence over an
    /// environment variable, and a variable over a profile. But a profile that this option names takes precedence
    /// over FACTIFY_KEY, FACTIFY_BASE_URL and FACTIFY_ORG.
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
    /// A file whose first line is the API key; without it, FACTIFY_KEY or the profile has the key
    #[arg(long, global = true, overrides_with = "key_file", value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// The base URL of the API [env: FACTIFY_BASE_URL] [default: https://api.factify.com]
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
        ignore_case = true,
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
    Cli::try_parse().map_err(usage_error::report)
}

/// The description of the command line. The areas have no commands until it is built.
pub(crate) fn description() -> clap::Command {
    Cli::command()
}

/// The whole description, which takes some milliseconds.
pub(crate) fn built() -> clap::Command {
    let mut command = description().disable_help_subcommand(true);
    command.build();
    command
}
