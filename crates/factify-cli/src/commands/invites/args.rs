//! The arguments that several commands share.

use clap::Args;
use factify_core::{EmailAddress, Timestamp, UserId};

use crate::args::value;

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
