//! The commands that change documents.

use clap::Args;
use factify_core::documents::{
    ProcessDocument, ProcessingOutcome, TransferDocumentOwnership, TrashDocument, UntrashDocument,
    UpdateDocument,
};
use factify_core::{
    DocumentId, Error, ErrorKind, Operation, OperationInfo, Outcome, UserId, VersionId,
};

use crate::args::{Word, value};
use crate::client::Client;
use crate::commands::context::{Context, items};
use crate::commands::several::{self, Job, Rate};
use crate::commands::{ApiCommand, one};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Done;

#[derive(Debug, Args)]
pub(crate) struct Update {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    #[command(flatten)]
    changes: Changes,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Changes {
    /// The new title, 1 to 255 characters
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The new description, at most 2,000 characters
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

impl ApiCommand for Update {
    const OPERATION: OperationInfo = UpdateDocument::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let mut update = UpdateDocument::new(self.document);
        update.title = self.changes.title;
        update.description = self.changes.description;
        one::change(update, self.document, "updated", context)
    }
}

/// Several documents.
#[derive(Debug, Args)]
struct Documents {
    /// The ids of the documents; `-` reads ids from standard input, one per line
    #[arg(required = true, value_name = "DOC", value_parser = value::item::<DocumentId>)]
    words: Vec<Word<DocumentId>>,
    #[command(flatten)]
    rate: Rate,
}

#[derive(Debug, Args)]
pub(crate) struct Trash {
    #[command(flatten)]
    documents: Documents,
}

impl ApiCommand for Trash {
    const OPERATION: OperationInfo = TrashDocument::INFO;

    fn rate(&self) -> Option<u32> {
        self.documents.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let documents = items(self.documents.words)?;
        let trash = |client: &Client, document: &DocumentId| {
            client.document(*document).trash().send()?;
            Ok(Done::new(document, "trashed"))
        };
        let job = Job::new("Trashing", "trashed");
        several::run(&job, documents, connection, context, trash, Done::achieved)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    documents: Documents,
}

impl ApiCommand for Restore {
    const OPERATION: OperationInfo = UntrashDocument::INFO;

    fn rate(&self) -> Option<u32> {
        self.documents.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let documents = items(self.documents.words)?;
        let restore = |client: &Client, document: &DocumentId| {
            client.document(*document).untrash().send()?;
            Ok(Done::new(document, "restored"))
        };
        let job = Job::new("Restoring", "restored");
        several::run(
            &job,
            documents,
            connection,
            context,
            restore,
            Done::achieved,
        )
    }
}

#[derive(Debug, Args)]
pub(crate) struct Process {
    #[command(flatten)]
    documents: Documents,
    /// Process this version, not the current one
    #[arg(long, value_name = "VERSION")]
    version: Option<VersionId>,
    /// Do not wait for the result
    #[arg(long = "async")]
    asynchronous: bool,
}

impl ApiCommand for Process {
    const OPERATION: OperationInfo = ProcessDocument::INFO;

    fn rate(&self) -> Option<u32> {
        self.documents.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let documents = items(self.documents.words)?;
        if self.version.is_some() && documents.len() > 1 {
            return Err(Failure::usage(
                "--version belongs to one document: name only one",
            ));
        }
        let (version, asynchronous) = (self.version, self.asynchronous);
        let process = move |client: &Client, document: &DocumentId| {
            let mut process = ProcessDocument::new(*document);
            process.version_id = version;
            process.asynchronous = asynchronous.then_some(true);
            let processed = client.call(process).send()?;
            match processed.status {
                Some(ProcessingOutcome::Failed) => {
                    let detail = format!("the API could not read the file of {document}");
                    let error = Error::new(ErrorKind::Processing, Outcome::NotApplied);
                    Err(error.with_detail(detail))
                }
                status => Ok(Done::new(document, word(status.as_ref()))),
            }
        };
        let job = Job::new("Processing", "processed");
        several::run(
            &job,
            documents,
            connection,
            context,
            process,
            Done::achieved,
        )
    }
}

fn word(outcome: Option<&ProcessingOutcome>) -> &'static str {
    match outcome {
        Some(ProcessingOutcome::Started) => "started",
        Some(ProcessingOutcome::AlreadyProcessing) => "already processing",
        Some(ProcessingOutcome::AlreadyCompleted) => "already processed",
        _ => "accepted",
    }
}

#[derive(Debug, Args)]
pub(crate) struct Transfer {
    #[command(flatten)]
    documents: Documents,
    /// The new owner, by user id
    #[arg(long, value_name = "USER")]
    new_owner: UserId,
}

impl ApiCommand for Transfer {
    const OPERATION: OperationInfo = TransferDocumentOwnership::INFO;

    fn rate(&self) -> Option<u32> {
        self.documents.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let documents = items(self.documents.words)?;
        let owner = self.new_owner;
        let transfer = move |client: &Client, document: &DocumentId| {
            client
                .document(*document)
                .transfer_ownership(owner)
                .send()?;
            Ok(Done::new(document, "transferred"))
        };
        let job = Job::new("Transferring", "transferred")
            .of(format_args!("to {owner}"))
            .again(
                "It is safe to run this again; the API refuses documents that you no longer own.",
            );
        several::run(
            &job,
            documents,
            connection,
            context,
            transfer,
            Done::achieved,
        )
    }
}
