use std::collections::HashSet;
use std::ops::ControlFlow;

use clap::Args;
use factify_core::invites::{
    EnsuredState, ListOrganizationInvites, OrganizationInvite, OrganizationInviteStatus,
    RevokeOrganizationInvite,
};
use factify_core::{InviteId, Operation, OperationInfo, OrganizationId, Pagination};

use super::args::Filter;
use super::list::{filtered, subject};
use crate::args::{Word, Words, value};
use crate::client::{Client, Connection};
use crate::commands::context::Context;
use crate::commands::several::{self, Job, Rate};
use crate::commands::tally::Achieved;
use crate::commands::{ApiCommand, confirm, list};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Document, Format, Revocation, count, printable};

/// How many invites are shown before the question.
const SHOWN: usize = 10;

const NO_MATCH: &str = "No pending invite matches the filters.";

pub(super) const EXAMPLES: &str = "\
factify invites revoke inv_01h2xcejqtf2nbrexx3vqjhp41
factify invites revoke --sender user_01h2xcejqtf2nbrexx3vqjhp41 --dry-run
factify invites list --status pending --output ids | factify invites revoke -";

#[derive(Debug, Args)]
#[command(
    override_usage = "factify invites revoke [OPTIONS] [ORG] <INVITE>...\n       \
    factify invites revoke [OPTIONS] [ORG] <FILTERS>"
)]
pub(crate) struct Revoke {
    /// The ids of the invites, after the organization if you name it; `-` reads ids from standard input,
    /// one per line
    #[arg(value_name = "INVITE", value_parser = value::word::<InviteId>)]
    words: Vec<Word<InviteId>>,
    /// Do not ask before revoking the invites that the filters find
    #[arg(long, short)]
    yes: bool,
    /// Show what would be revoked, and change nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    #[command(flatten)]
    rate: Rate,
    // Last, because the heading is also that of the options after it.
    #[command(flatten)]
    filter: Filter,
    /// All pending invites. With another filter you can leave it out: filters find only pending invites
    #[arg(
        long,
        help_heading = "Filters",
        value_name = "STATUS",
        value_parser = value::known(&[OrganizationInviteStatus::Pending], OrganizationInviteStatus::as_str)
    )]
    status: Option<OrganizationInviteStatus>,
}

impl ApiCommand for Revoke {
    const OPERATION: OperationInfo = RevokeOrganizationInvite::INFO;
    const OTHERS: &'static [OperationInfo] = &[ListOrganizationInvites::INFO];

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let Self { words, filter, .. } = self;
        let by_filter = self.status.is_some() || !filter.is_empty();
        let only_organization = words
            .iter()
            .all(|word| matches!(word, Word::Organization(_)));
        if by_filter && !only_organization {
            return Err(Failure::usage("give invites or filters, not both"));
        }
        if by_filter {
            let organization = context.organization(Words::new(words)?.organization)?;
            if !self.yes && !self.dry_run {
                confirm::must_be_possible()?;
            }
            let mut list = filtered(organization, &filter);
            list.status.push(OrganizationInviteStatus::Pending);
            let connection = context.connect()?;
            if self.dry_run {
                return show(&list, &connection, context);
            }
            let (ids, first) = read(&list, &connection, context)?;
            if ids.is_empty() {
                let output = context.output(Document::List).of::<Revocation>();
                output.finish(&Pagination::new())?;
                context.console.say(NO_MATCH);
                return Ok(Exit::Done);
            }
            if !self.yes && !agreed(organization, ids.len(), &first, context)? {
                return Ok(Exit::Local);
            }
            return revoke(connection, organization, ids, context);
        }
        if only_organization {
            return Err(Failure::usage(
                "which invites? Name them, give - for standard input, or filters such as \
                 --status pending",
            ));
        }
        let connection = context.connect()?;
        let (organization, ids) = context.items(words)?;
        if self.dry_run {
            return look_up(&connection, organization, &ids, context);
        }
        revoke(connection, organization, ids, context)
    }
}

fn revoke(
    connection: Connection,
    organization: OrganizationId,
    ids: Vec<InviteId>,
    context: &Context,
) -> Result<Exit, Failure> {
    let ensure = move |client: &Client, invite: &InviteId| {
        let invites = client.organization(organization).invites();
        let ensured = invites.ensure_revoked(*invite).send()?;
        Ok(Revocation::new(*invite, ensured))
    };
    let job = Job::new("Revoking", "revoked")
        .of(format_args!("in {organization}"))
        .object("invite");
    several::run(&job, ids, connection, context, ensure, result)
}

fn warning(accepted: usize) -> String {
    let invites = count(accepted, "invite");
    format!(
        "{invites} had already been accepted: somebody has joined. Remove the member if necessary."
    )
}

fn result(revocation: &Revocation) -> Achieved {
    match revocation.ensured.state {
        EnsuredState::Revoked => Achieved::Done("revoked"),
        EnsuredState::AlreadyRevoked => Achieved::Done("already revoked"),
        EnsuredState::Expired => Achieved::Done("expired"),
        // A result that only a later version knows: somebody must look at it too.
        _ => Achieved::HasAccess("already accepted", warning),
    }
}

fn show(
    list: &ListOrganizationInvites,
    connection: &Connection,
    context: &Context,
) -> Result<Exit, Failure> {
    let console = &context.console;
    let mut output = context.output(Document::List).of::<OrganizationInvite>();
    let mut number = 0;
    each_match(list, connection, console, |invite| {
        output.record(&invite);
        number += 1;
    })?;
    output.finish(&Pagination::new())?;
    if number == 0 {
        context.console.say(NO_MATCH);
    } else {
        would_be_revoked(number, context);
    }
    Ok(Exit::Done)
}

fn would_be_revoked(number: usize, context: &Context) {
    let invites = count(number, "pending invite");
    context.console.say(format_args!(
        "{invites} would be revoked; nothing was changed."
    ));
}

/// The ids of all invites, and the first invites to show. It reads the whole list first, because
/// revoking changes the list.
fn read(
    list: &ListOrganizationInvites,
    connection: &Connection,
    context: &Context,
) -> Result<(Vec<InviteId>, Vec<OrganizationInvite>), Failure> {
    let (mut ids, mut first) = (Vec::new(), Vec::new());
    each_match(list, connection, &context.console, |invite| {
        ids.push(invite.id);
        if first.len() < SHOWN {
            first.push(invite);
        }
    })?;
    Ok((ids, first))
}

/// Visits each invite that matches the filters once, even if the server repeats it or lists others.
fn each_match(
    list: &ListOrganizationInvites,
    connection: &Connection,
    console: &Console,
    mut visit: impl FnMut(OrganizationInvite),
) -> Result<(), Failure> {
    let (mut seen, mut others) = (HashSet::new(), 0);
    let listed = subject(list.organization_id);
    list::each(list.clone(), &listed, &connection.client(), |invite| {
        if !list.matches(&invite) {
            others += 1;
        } else if seen.insert(invite.id) {
            visit(invite);
        }
        ControlFlow::Continue(())
    })?;
    if others > 0 {
        let others = count(others, "invite");
        console.warn(format_args!(
            "the server listed {others} that the filters do not match; they were left alone"
        ));
    }
    Ok(())
}

/// Shows what is about to be revoked, and asks.
fn agreed(
    organization: OrganizationId,
    number: usize,
    first: &[OrganizationInvite],
    context: &Context,
) -> Result<bool, Failure> {
    let console = &context.console;
    for invite in first {
        console.say(asked_about(invite));
    }
    if let Some(more) = number.checked_sub(first.len()).filter(|more| *more > 0) {
        console.say(format_args!("  and {more} more"));
    }
    let invites = count(number, "pending invite");
    let question = format_args!("Revoke {invites} of {organization}?");
    confirm::agreed(question, context)
}

/// The line of an invite before the question. It is one line, whatever the address contains.
fn asked_about(invite: &OrganizationInvite) -> String {
    let (email, sender) = (printable(&invite.email), printable(&invite.sender.email));
    format!("  {}  {email}, from {sender}", invite.id)
}

/// Shows the current invites, and returns the exit code that revoking them would return.
fn look_up(
    connection: &Connection,
    organization: OrganizationId,
    ids: &[InviteId],
    context: &Context,
) -> Result<Exit, Failure> {
    let console = &context.console;
    let mut output = context.output(Document::List).of::<OrganizationInvite>();
    let mut wanted: HashSet<_> = ids.iter().copied().collect();
    let everything = filtered(organization, &Filter::default());
    let (mut pending, mut accepted) = (0, 0);
    let listed = subject(organization);
    list::each(everything, &listed, &connection.client(), |invite| {
        if wanted.remove(&invite.id) {
            let is_pending = invite.status == OrganizationInviteStatus::Pending;
            pending += usize::from(is_pending);
            accepted += usize::from(invite.status == OrganizationInviteStatus::Accepted);
            // The ids of the invites that would be revoked.
            if is_pending || context.global.output != Format::Ids {
                output.record(&invite);
            }
        }
        if wanted.is_empty() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    output.finish(&Pagination::new())?;
    for id in ids.iter().filter(|id| wanted.contains(*id)) {
        console.error(&Failure::absent(id, "invite", &organization));
    }
    if accepted > 0 {
        console.warn(warning(accepted));
    }
    would_be_revoked(pending, context);
    Ok(match wanted.len() {
        0 if accepted > 0 => Exit::HasAccess,
        0 => Exit::Done,
        missing if missing == ids.len() => Exit::NotApplied,
        _ => Exit::Partial,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_adds_no_lines_to_the_question() {
        let invite = serde_json::from_value(serde_json::json!({
            "id": "inv_01h2xcejqtf2nbrexx3vqjhp41",
            "organization_id": "org_01h2xcejqtf2nbrexx3vqjhp41",
            "email": "a\n  inv_01h2xcejqtf2nbrexx3vqjhp42  b",
            "status": "pending",
            "sender": {
                "id": "user_01h2xcejqtf2nbrexx3vqjhp41", "name": "", "email": "c\u{1b}[2J"
            },
            "created_at": "2026-01-15T01:30:15Z",
            "expires_at": "2026-01-22T01:30:15Z",
        }));
        assert_eq!(
            asked_about(&invite.unwrap()),
            "  inv_01h2xcejqtf2nbrexx3vqjhp41  a\\u{a}  inv_01h2xcejqtf2nbrexx3vqjhp42  b, from \
             c\\u{1b}[2J"
        );
    }
}
