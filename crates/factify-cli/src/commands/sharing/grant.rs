use clap::Args;
use factify_core::sharing::{
    DocumentRole, GrantDocumentAccess, GrantRecipient, GrantReport, GrantState, RecipientGrant,
    ReportedGrant,
};
use factify_core::{DocumentId, Error, Operation, OperationInfo, Outcome, Pagination};

use crate::args::{Word, value};
use crate::bulk::Ending;
use crate::commands::ApiCommand;
use crate::commands::context::{Context, items};
use crate::commands::tally::{Achieved, Tally};
use crate::exit::Exit;
use crate::failure::{Failure, certainty};
use crate::output::{Document, Done, Finished, ItemNames, Unfinished};

const NAMES: ItemNames = ItemNames {
    item: "recipient",
    object: Some("role"),
};

const AGAIN: &str = "If you run this again, those who were notified may be notified again.";

#[derive(Debug, Args)]
pub(crate) struct Grant {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    /// Email addresses, or ids of users or bots; `-` reads them from standard input, one per line
    #[arg(required = true, value_name = "RECIPIENT", value_parser = value::item::<GrantRecipient>)]
    words: Vec<Word<GrantRecipient>>,
    /// Their role
    #[arg(long, value_name = "ROLE", value_parser = super::update::role())]
    role: DocumentRole,
    /// Do not notify them
    #[arg(long)]
    no_notification: bool,
    /// A message for the notification
    #[arg(long, value_name = "TEXT", conflicts_with = "no_notification")]
    message: Option<String>,
}

impl ApiCommand for Grant {
    const OPERATION: OperationInfo = GrantDocumentAccess::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let document = self.document;
        let client = context.connect()?.client();
        let recipients = items(self.words)?;
        let role = self.role;
        let grants = recipients.into_iter();
        let grants = grants.map(|recipient| RecipientGrant::new(recipient, role.clone()));
        let handle = client.document(document);
        let sharing = handle.sharing();
        let mut call = sharing.grant_many(grants);
        if self.no_notification {
            call = call.should_send_notification(false);
        }
        if let Some(message) = self.message {
            call = call.custom_message(message);
        }
        let requested = format_args!("access to {document}");
        let advice = format!("To see who has access: factify sharing list {document}");
        let sent = context.while_in_doubt(requested, "granted", Some(advice), || call.send());
        let report = sent.map_err(|error| {
            let known = certainty(&error);
            Failure::call(
                format_args!("access to {document}: {known} granted"),
                &error,
            )
        })?;
        Ok(write(&report, document, context))
    }
}

fn write(report: &GrantReport, document: DocumentId, context: &Context) -> Exit {
    let mut output = context.output(Document::List).of::<Done>();
    let mut tally = Tally::default();
    for ReportedGrant { grant, state, .. } in &report.grants {
        let item = grant.recipient.as_str();
        let left = match state {
            GrantState::Granted => {
                tally.count(Ok(Achieved::Done("granted")));
                output.record(&Finished {
                    names: NAMES,
                    item,
                    result: "granted",
                    record: &Done::with_detail(item, "granted", grant.role.to_string()),
                });
                continue;
            }
            GrantState::Unknown => Outcome::Unknown,
            _ => Outcome::NotApplied,
        };
        tally.count_left(left);
        let failure = Failure::refused(&format_args!("{item}: {state}"), left);
        context.console.error(&failure);
        if output.format().is_json() {
            output.record(&Unfinished {
                names: NAMES,
                item,
                result: left.as_str(),
                error: Some(failure.object()),
            });
        }
    }
    let written = output.finish(&Pagination::new());
    if let Some(error) = &report.error {
        explain(error, document, context);
    }
    if let Err(failure) = written {
        context.console.error(&failure);
        tally.unwritten();
    }
    tally.tell(&Ending::<String>::default(), AGAIN, &context.console);
    tally.exit()
}

/// The error of the request after which no others were sent.
fn explain(error: &Error, document: DocumentId, context: &Context) {
    let known = certainty(error);
    let asked = format_args!("access to {document}: {known} granted to all");
    context.console.error(&Failure::call(asked, error));
}
