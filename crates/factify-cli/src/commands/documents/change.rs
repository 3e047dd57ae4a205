//! The commands that change documents.

use clap::Args;
use factify_core::documents::{
    ProcessDocument, ProcessingOutcome, TransferDocumentOwnership, TrashDocument, UntrashDocument,
    UpdateDocument,
};
use factify_core::{DocumentId, Operation, OperationInfo, UserId, VersionId};

use crate::args::{Word, value};
use crate::client::Client;
use crate::commands::context::{Context, items};
use crate::commands::several::{self, Job, Rate};
use crate::commands::{ApiCommand, one};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Done, ItemNames};

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
        let job = Job {
            doing: "Trashing",
            done: "trashed",
            of: String::new(),
            again: several::SAFE,
            names: ItemNames::ID,
        };
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
        let job = Job {
            doing: "Restoring",
            done: "restored",
            of: String::new(),
            again: several::SAFE,
            names: ItemNames::ID,
        };
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
            Ok(Done::new(document, word(processed.status.as_ref())))
        };
        let job = Job {
            doing: "Processing",
            done: "processed",
            of: String::new(),
            again: several::SAFE,
            names: ItemNames::ID,
        };
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
        Some(ProcessingOutcome::Failed) => "failed",
        _ => "accepted",
    }
}

#[derive(Debug, Args)]
pub(crate) struct Transfer {
    #[command(flatten)]
    documents: Documents,
    /// The new owner, by user id
    #[arg(long, value_name = "USER")]
    to: UserId,
}

impl ApiCommand for Transfer {
    const OPERATION: OperationInfo = TransferDocumentOwnership::INFO;

    fn rate(&self) -> Option<u32> {
        self.documents.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let documents = items(self.documents.words)?;
        let owner = self.to;
        let transfer = move |client: &Client, document: &DocumentId| {
            client
                .document(*document)
                .transfer_ownership(owner)
                .send()?;
            Ok(Done::new(document, "transferred"))
        };
        let job = Job {
            doing: "Transferring",
            done: "transferred",
            of: format!(" to {owner}"),
            again: "It is safe to run this again; the API refuses documents that you no longer own.",
            names: ItemNames::ID,
        };
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
