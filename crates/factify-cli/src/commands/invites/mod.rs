//! `factify invites`.

mod accept;
mod args;
mod create;
mod list;
mod resend;
mod revoke;
mod show;

use clap::Subcommand;

use super::area;
use crate::exit;
use accept::Accept;
use create::Create;
use list::List;
use resend::Resend;
use revoke::Revoke;
use show::Show;

#[derive(Debug, Subcommand)]
pub(crate) enum Invites {
    /// List the invites of an organization
    #[command(after_long_help = exit::help(list::EXAMPLES))]
    List(Box<List>),
    /// Show invites
    #[command(after_long_help = exit::help(show::EXAMPLES))]
    Show(Box<Show>),
    /// Invite people: send an email to each address
    ///
    /// An address that already has a pending invite gets another email; the earlier token becomes
    /// invalid.
    #[command(after_long_help = exit::help(create::EXAMPLES))]
    Create(Box<Create>),
    /// Send the emails of invites again
    ///
    /// The token of the earlier email becomes invalid.
    #[command(after_long_help = exit::help(resend::EXAMPLES))]
    Resend(Box<Resend>),
    /// Join an organization with the token from an invite's email
    #[command(after_long_help = exit::help(accept::EXAMPLES))]
    Accept(Box<Accept>),
    /// Revoke invites, and make sure that nobody can join with them
    ///
    /// If an outcome is unknown, the command looks up the invite until its state is certain. Exit code 7
    /// means that somebody had already joined. It is safe to run this again.
    ///
    /// Filters find only pending invites. The command shows what they find, and asks before it revokes.
    #[command(after_long_help = exit::help(revoke::EXAMPLES))]
    Revoke(Box<Revoke>),
}

area!(Invites {
    List,
    Show,
    Create,
    Resend,
    Accept,
    Revoke
});
