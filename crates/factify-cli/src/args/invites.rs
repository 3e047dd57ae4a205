//! The arguments of `factify invites`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use factify_core::invites::OrganizationInviteStatus;
use factify_core::{EmailAddress, InviteId, OrganizationId, Timestamp, UserId};

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

#[derive(Debug, Subcommand)]
pub(crate) enum Invites {
    /// List invitations
    #[command(after_long_help = exit::help(LIST))]
    List(List),
    /// Invite addresses: each gets an email
    ///
    /// An address that has a pending invite gets another email, and the token of the one before is void.
    #[command(after_long_help = exit::help(CREATE))]
    Create(Create),
    /// Send the emails of invitations again
    ///
    /// The token of the email before is void.
    #[command(after_long_help = exit::help(RESEND))]
    Resend(Resend),
    /// Join an organization with the token of an invitation's email
    #[command(after_long_help = exit::help(ACCEPT))]
    Accept(Accept),
    /// Make sure that nobody joins with invitations
    ///
    /// Each is revoked, and where the response leaves a doubt, looked up until a server has said what
    /// became of it. That somebody had joined with one already is told by exit code 7. It is safe to
    /// run again.
    ///
    /// Filters find pending invites alone; what they find is shown, and revoked when you say yes.
    #[command(after_long_help = exit::help(REVOKE))]
    Revoke(Revoke),
}

/// Which invitations, as the API filters them.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct Filter {
    /// Those whose address contains this, upper and lower case being the same
    #[arg(long, value_name = "TEXT", conflicts_with = "email_exact")]
    pub(crate) email_contains: Option<String>,
    /// Those of exactly this address, upper and lower case being different
    #[arg(long, value_name = "EMAIL")]
    pub(crate) email_exact: Option<String>,
    /// Those that this user sent: the id of a user, sender.id in the JSON of list
    #[arg(long, value_name = "USER", value_parser = value::user)]
    pub(crate) sender: Option<UserId>,
    /// Those created at this time or later: 2026-01-15T09:00:00Z, a date (its
    /// midnight, local time), or an age such as 12h, 30d, 2w, 6mo
    #[arg(long, value_name = "TIME", value_parser = value::time)]
    pub(crate) created_after: Option<Timestamp>,
    /// Those created at this time or earlier
    #[arg(long, value_name = "TIME", value_parser = value::time)]
    pub(crate) created_before: Option<Timestamp>,
}

impl Filter {
    pub(crate) fn is_empty(&self) -> bool {
        let texts = [&self.email_contains, &self.email_exact];
        texts.iter().all(|text| text.is_none())
            && self.sender.is_none()
            && self.created_after.is_none()
            && self.created_before.is_none()
    }
}

/// How fast several calls are sent.
#[derive(Debug, Args)]
pub(crate) struct Rate {
    /// At most so many requests in a minute [default: 1000, to create 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rate: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The organization
    #[arg(value_name = "ORG")]
    pub(crate) organization: Option<OrganizationId>,
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// Those of this status; several are separated by commas, or given one by one
    #[arg(
        long,
        help_heading = "Filters",
        value_name = "STATUS",
        value_delimiter = ',',
        value_parser = value::status()
    )]
    pub(crate) status: Vec<OrganizationInviteStatus>,
    /// No more than so many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,
    /// Go on where a list that --limit ended has stopped, under the same filters: the
    /// pagination.next_page_token of its JSON
    #[arg(long, value_name = "TOKEN", allow_hyphen_values = true)]
    pub(crate) page_token: Option<String>,
}

#[derive(Debug, Args)]
#[command(override_usage = "factify invites create [OPTIONS] [ORG] <EMAIL>...")]
pub(crate) struct Create {
    /// The organization, and the addresses; - reads addresses from standard input, one a line
    #[arg(required = true, value_name = "EMAIL", value_parser = value::word::<EmailAddress>)]
    pub(crate) words: Vec<Word<EmailAddress>>,
    /// A text for the emails, at most 2,000 bytes
    #[arg(long, value_name = "TEXT", conflicts_with = "message_file")]
    pub(crate) message: Option<String>,
    /// A file that has the text in it
    #[arg(long, value_name = "FILE")]
    pub(crate) message_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) rate: Rate,
}

#[derive(Debug, Args)]
#[command(override_usage = "factify invites resend [OPTIONS] [ORG] <INVITE>...")]
pub(crate) struct Resend {
    /// The organization, and the invites; - reads ids from standard input, one a line
    #[arg(required = true, value_name = "INVITE", value_parser = value::word::<InviteId>)]
    pub(crate) words: Vec<Word<InviteId>>,
    #[command(flatten)]
    pub(crate) rate: Rate,
}

#[derive(Debug, Args)]
#[command(override_usage = "factify invites accept [OPTIONS] [ORG]")]
pub(crate) struct Accept {
    /// The organization
    // Read later: what is no organization may be the token, which must not be repeated.
    #[arg(value_name = "ORG")]
    pub(crate) words: Vec<String>,
    /// A file that has the token in it; without it the token is read from standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "factify invites revoke [OPTIONS] [ORG] <INVITE>...\n       \
    factify invites revoke [OPTIONS] [ORG] --status pending [FILTERS]"
)]
pub(crate) struct Revoke {
    /// The organization, and the invites; - reads ids from standard input, one a line
    #[arg(value_name = "INVITE", value_parser = value::word::<InviteId>)]
    pub(crate) words: Vec<Word<InviteId>>,
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// All that are pending, or those of them that the other filters leave
    #[arg(long, help_heading = "Filters", value_name = "STATUS", value_parser = ["pending"])]
    pub(crate) status: Option<String>,
    /// Do not ask before the invites that a filter found are revoked
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Show what would be revoked, and change nothing
    #[arg(long, conflicts_with = "yes")]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) rate: Rate,
}
