//! The arguments of `factify invites`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use factify_core::invites::OrganizationInviteStatus;
use factify_core::{EmailAddress, InviteId, OrganizationId, Timestamp, UserId};

use super::Global;
use super::value::{self, Word};
use crate::exit;

const LIST: &str = "\
factify invites list --status pending --created-before 30d
factify invites list --output jsonl | jq --raw-output .email";

const CREATE: &str = "\
factify invites create dwight@example.com jim@example.com --message 'See you on Monday.'
factify invites create - <addresses.txt";

const RESEND: &str = "\
factify invites resend inv_01h2xcejqtf2nbrexx3vqjhp41";

const ACCEPT: &str = "\
factify invites accept org_01h2xcejqtf2nbrexx3vqjhp41 <token.txt";

const REVOKE: &str = "\
factify invites revoke inv_01h2xcejqtf2nbrexx3vqjhp41
factify invites revoke --sender user_01h2xcejqtf2nbrexx3vqjhp41 --dry-run
factify invites list --status pending --output ids | factify invites revoke -";

#[derive(Debug, Args)]
pub(crate) struct Invites {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List invites
    #[command(after_long_help = exit::help(LIST))]
    List(List),
    /// Invite people: send an email to each address
    ///
    /// An address that already has a pending invite gets another email; the earlier token becomes
    /// invalid.
    #[command(after_long_help = exit::help(CREATE))]
    Create(Create),
    /// Send the emails of invites again
    ///
    /// The token of the earlier email becomes invalid.
    #[command(after_long_help = exit::help(RESEND))]
    Resend(Resend),
    /// Join an organization with the token from an invite's email
    #[command(after_long_help = exit::help(ACCEPT))]
    Accept(Accept),
    /// Revoke invites, and make sure that nobody can join with them
    ///
    /// If an outcome is unknown, the command looks up the invite until its state is certain. Exit code 7
    /// means that somebody had already joined. It is safe to run this again.
    ///
    /// Filters find only pending invites. The command shows what they find, and asks before it revokes.
    #[command(after_long_help = exit::help(REVOKE))]
    Revoke(Revoke),
}

/// Which invites, as the API filters them.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct Filter {
    /// Only addresses that contain this text (case-insensitive)
    #[arg(
        long,
        value_name = "TEXT",
        value_parser = value::text,
        conflicts_with = "email_exact"
    )]
    pub(crate) email_contains: Option<String>,
    /// Only this exact address (case-sensitive)
    #[arg(long, value_name = "EMAIL")]
    pub(crate) email_exact: Option<EmailAddress>,
    /// Only invites from this sender, by user id: see sender.id in the output of `invites list -o json`
    #[arg(long, value_name = "USER", value_parser = value::user)]
    pub(crate) sender: Option<UserId>,
    /// Only invites created at this time or later: 2026-01-15T09:00:00Z, a date (midnight, local time),
    /// or an age such as 12h, 30d, 2w, 6mo
    // Hyphens, so that the parser can say what is wrong with -5d.
    #[arg(long, value_name = "TIME", value_parser = value::time, allow_hyphen_values = true)]
    pub(crate) created_after: Option<Timestamp>,
    /// Only invites created at this time or earlier
    #[arg(long, value_name = "TIME", value_parser = value::time, allow_hyphen_values = true)]
    pub(crate) created_before: Option<Timestamp>,
}

impl Filter {
    pub(crate) fn is_empty(&self) -> bool {
        self.email_contains.is_none()
            && self.email_exact.is_none()
            && self.sender.is_none()
            && self.created_after.is_none()
            && self.created_before.is_none()
    }
}

/// The rate limit of several calls.
#[derive(Debug, Args)]
pub(crate) struct Rate {
    /// The maximum number of requests per minute [default: 100 for create and resend, 1000 for revoke]
    #[arg(long, value_name = "N", value_parser = value::at_least_one::<u32>)]
    pub(crate) rate: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The organization
    #[arg(value_name = "ORG")]
    pub(crate) organization: Option<OrganizationId>,
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// Only invites with this status; separate several with commas or repeat the option
    #[arg(
        long,
        help_heading = "Filters",
        value_name = "STATUS",
        value_delimiter = ',',
        value_parser = value::status()
    )]
    pub(crate) status: Vec<OrganizationInviteStatus>,
    /// The maximum number of invites
    #[arg(long, value_name = "N", value_parser = value::at_least_one::<u64>)]
    pub(crate) limit: Option<u64>,
    /// Continue a list that --limit ended early, with the same filters
    ///
    /// The token is pagination.next_page_token in the JSON output of that list.
    #[arg(long, value_name = "TOKEN", value_parser = value::text, allow_hyphen_values = true)]
    pub(crate) page_token: Option<String>,
}

#[derive(Debug, Args)]
#[command(override_usage = "factify invites create [OPTIONS] [ORG] <EMAIL>...")]
pub(crate) struct Create {
    /// The email addresses, after the organization if you name it; `-` reads addresses from standard
    /// input, one per line
    #[arg(required = true, value_name = "EMAIL", value_parser = value::word::<EmailAddress>)]
    pub(crate) words: Vec<Word<EmailAddress>>,
    /// The message to put into each email, at most 2,000 bytes
    #[arg(long, value_name = "TEXT", conflicts_with = "message_file")]
    pub(crate) message: Option<String>,
    /// A file that contains the message
    #[arg(long, value_name = "FILE")]
    pub(crate) message_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) rate: Rate,
}

#[derive(Debug, Args)]
#[command(override_usage = "factify invites resend [OPTIONS] [ORG] <INVITE>...")]
pub(crate) struct Resend {
    /// The ids of the invites, after the organization if you name it; `-` reads ids from standard input,
    /// one per line
    #[arg(required = true, value_name = "INVITE", value_parser = value::word::<InviteId>)]
    pub(crate) words: Vec<Word<InviteId>>,
    #[command(flatten)]
    pub(crate) rate: Rate,
}

#[derive(Debug, Args)]
#[command(override_usage = "factify invites accept [OPTIONS] [ORG]")]
pub(crate) struct Accept {
    /// The organization
    // Parsed later: an argument that is not an organization may be the token, which must not be
    // repeated.
    #[arg(value_name = "ORG")]
    pub(crate) words: Vec<String>,
    /// A file that contains the token [default: read it from standard input]
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "factify invites revoke [OPTIONS] [ORG] <INVITE>...\n       \
    factify invites revoke [OPTIONS] [ORG] <FILTERS>"
)]
pub(crate) struct Revoke {
    /// The ids of the invites, after the organization if you name it; `-` reads ids from standard input,
    /// one per line
    #[arg(value_name = "INVITE", value_parser = value::word::<InviteId>)]
    pub(crate) words: Vec<Word<InviteId>>,
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// Select all pending invites; with another filter, it changes nothing
    #[arg(long, help_heading = "Filters", value_name = "STATUS", value_parser = ["pending"])]
    pub(crate) status: Option<String>,
    /// Do not ask before revoking the invites that the filters find
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Show what would be revoked, and change nothing
    #[arg(long, conflicts_with = "yes")]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) rate: Rate,
}
