//! `factify offboard`.

use clap::Args;
use factify_core::documents::{GetDocument, ListDocuments, TransferDocumentOwnership};
use factify_core::invites::{ListOrganizationInvites, RevokeOrganizationInvite};
use factify_core::members::{ListOrganizationMembers, RemoveOrganizationMember};
use factify_core::organizations::{OffboardItem, OffboardReport, OffboardState};
use factify_core::policies::ListDocumentPolicies;
use factify_core::sharing::{ListDocumentAccess, RevokeDocumentAccess};
use factify_core::{
    EmailAddress, Operation, OperationInfo, OrganizationId, Outcome, Pagination, UserId,
};

use super::context::Context;
use super::{ApiCommand, confirm};
use crate::args::{Word, Words, value};
use crate::client::Client;
use crate::exit::Exit;
use crate::failure::{Failure, certainty};
use crate::interrupt;
use crate::output::{Document, Format, Offboarding, OffboardingOf, count};

#[derive(Debug, Args)]
#[command(override_usage = "factify offboard [OPTIONS] [ORG] <USER>")]
pub(crate) struct Offboard {
    /// The id of the user, after the organization if you name it
    #[arg(required = true, value_name = "USER", value_parser = value::word::<UserId>)]
    words: Vec<Word<UserId>>,
    /// The new owner of the documents, by user id
    #[arg(long, value_name = "USER")]
    new_owner: Option<UserId>,
    /// The email address of the person, if the person is no longer a member: its invites are revoked
    #[arg(long, value_name = "EMAIL")]
    email: Option<EmailAddress>,
    /// Do not ask before the changes
    #[arg(long, short)]
    yes: bool,
    /// Show what would be done, and change nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

impl ApiCommand for Offboard {
    const OPERATION: OperationInfo = RemoveOrganizationMember::INFO;
    const OTHERS: &'static [OperationInfo] = &[
        ListOrganizationMembers::INFO,
        ListOrganizationInvites::INFO,
        RevokeOrganizationInvite::INFO,
        ListDocuments::INFO,
        GetDocument::INFO,
        ListDocumentAccess::INFO,
        ListDocumentPolicies::INFO,
        RevokeDocumentAccess::INFO,
        TransferDocumentOwnership::INFO,
    ];

    fn run(mut self, context: &Context) -> Result<Exit, Failure> {
        let words = Words::new(std::mem::take(&mut self.words))?;
        let organization = context.organization(words.organization)?;
        let [user] = *words.items else {
            return Err(Failure::usage("name one user"));
        };
        if !self.yes && !self.dry_run {
            confirm::must_be_possible()?;
        }
        let client = context.connect()?.client();
        if !self.yes {
            let plan = self.report(&client, organization, user, true)?;
            if self.dry_run {
                return Ok(self.write(&plan, organization, user, context));
            }
            context.console.say(&plan);
            let left = count(plan.left().count(), "item");
            let question = format_args!("Remove {user} from {organization}, with {left}?");
            if !confirm::agreed(question, context)? {
                return Ok(Exit::Local);
            }
        }
        let console = context.console.clone();
        context.interrupts.on(move || {
            let message = "Interrupted: a part may be done. Run it again to do the rest.";
            interrupt::end_with(&console, message);
        });
        let report = self.report(&client, organization, user, false)?;
        Ok(self.write(&report, organization, user, context))
    }
}

impl Offboard {
    fn report(
        &self,
        client: &Client,
        organization: OrganizationId,
        user: UserId,
        dry_run: bool,
    ) -> Result<OffboardReport, Failure> {
        let handle = client.organization(organization);
        let mut call = handle.offboard(user);
        if let Some(owner) = self.new_owner {
            call = call.transfer_documents_to(owner);
        }
        if let Some(email) = &self.email {
            call = call.email(email.clone());
        }
        if dry_run {
            call = call.dry_run();
        }
        call.send().map_err(|error| {
            let known = certainty(&error);
            let asked = format_args!("{user} in {organization}: {known} offboarded");
            Failure::call(asked, &error)
        })
    }

    fn write(
        &self,
        report: &OffboardReport,
        organization: OrganizationId,
        user: UserId,
        context: &Context,
    ) -> Exit {
        let format = context.global.output;
        let written = if format == Format::Json {
            let mut output = context.output(Document::Whole);
            let about = OffboardingOf {
                organization_id: organization,
                user_id: user,
                email: self.email.as_ref(),
                new_owner: self.new_owner,
                dry_run: self.dry_run,
            };
            output.record(&Offboarding::new(report, about));
            output.finish(&Pagination::new())
        } else {
            let mut output = context.output(Document::List).of::<OffboardItem>();
            for item in &report.items {
                output.record(item);
            }
            output.finish(&Pagination::new())
        };
        // A lost output must not hide what was done.
        let lost = written.inspect_err(|failure| context.console.error(failure));
        if format != Format::Json || lost.is_err() {
            tell(report, self.dry_run, context);
        } else {
            check_person(report, context);
        }
        let exit = if self.dry_run && report.unread.is_empty() {
            Exit::Done
        } else {
            exit(report)
        };
        match lost {
            Err(_) if exit == Exit::Done => Exit::Local,
            _ => exit,
        }
    }
}

/// A wrong id is not a member either. A second run finds the person removed.
fn check_person(report: &OffboardReport, context: &Context) {
    if !report.was_member && report.items.len() == report.left().count() {
        let warning = "The person was not a member. Check the id.";
        context.console.warn(warning);
    }
}

/// Says what the rows do not say.
fn tell(report: &OffboardReport, dry_run: bool, context: &Context) {
    let console = &context.console;
    for error in &report.unread {
        console.error(&Failure::call("a part could not be read", error));
    }
    for document in &report.hidden {
        console.warn(format_args!(
            "{document}: the API does not tell you who has access"
        ));
    }
    for document in &report.open_to_anyone {
        console.warn(format_args!(
            "{document}: everybody with the link can open it"
        ));
    }
    let left = report.left().count();
    let done = report.items.len() - left;
    check_person(report, context);
    let is_owned = |item: &&OffboardItem| matches!(item.state, OffboardState::NeedsNewOwner);
    let owned = report.items.iter().filter(is_owned).count();
    if owned > 0 {
        let documents = count(owned, "document");
        console.warn(format_args!(
            "{documents} of the person: name a new owner with --new-owner USER"
        ));
    }
    if dry_run {
        let planned = count(left - owned, "item");
        console.say(format_args!(
            "{planned} would be done; nothing was changed."
        ));
    } else {
        console.say(format_args!("{done} done, {left} left."));
    }
    for not_covered in OffboardReport::NOT_COVERED {
        console.say(format_args!("Not covered: {not_covered}."));
    }
}

/// Work that is left takes precedence over access.
fn exit(report: &OffboardReport) -> Exit {
    let failed = report.left().filter_map(|item| match &item.state {
        OffboardState::Failed(error) => Some(error.outcome()),
        _ => None,
    });
    let failed: Vec<_> = failed.collect();
    let is_applied = |outcome: &Outcome| *outcome == Outcome::Applied;
    let any_done = report.left().count() < report.items.len() || failed.iter().any(is_applied);
    let all_read = report.unread.is_empty();
    if failed.is_empty() && all_read {
        return if report.is_complete() {
            Exit::Done
        } else {
            Exit::HasAccess
        };
    }
    if any_done {
        Exit::Partial
    } else if failed.contains(&Outcome::Unknown) {
        Exit::Unknown
    } else {
        Exit::NotApplied
    }
}
