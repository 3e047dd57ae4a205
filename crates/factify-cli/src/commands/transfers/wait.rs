use std::time::Duration;

use clap::Args;
use factify_core::documents::GetDocument;
use factify_core::{DocumentId, Operation, OperationInfo};

use crate::args::{Word, value};
use crate::client::Client;
use crate::commands::ApiCommand;
use crate::commands::context::{Context, items};
use crate::commands::several::{self, Job, Rate};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Processed;

pub(crate) const EXAMPLES: &str = "\
factify documents wait doc_01h2xcejqtf2nbrexx3vqjhp41 --within 10m
factify documents list --processing-status processing --output ids | factify documents wait -";

#[derive(Debug, Args)]
pub(crate) struct Wait {
    /// The ids of the documents; `-` reads ids from standard input, one per line
    #[arg(required = true, value_name = "DOC", value_parser = value::item::<DocumentId>)]
    words: Vec<Word<DocumentId>>,
    /// How long to wait for each document, such as 10m
    #[arg(long, value_name = "TIME", value_parser = value::duration, default_value = "5m")]
    within: Duration,
    #[command(flatten)]
    rate: Rate,
}

impl ApiCommand for Wait {
    const OPERATION: OperationInfo = GetDocument::INFO;

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let documents = items(self.words)?;
        let within = self.within;
        let wait = move |client: &Client, document: &DocumentId| {
            let wait = client.document(*document).wait_until_processed();
            wait.deadline(within).send().map(Processed)
        };
        let job = Job::new("Waiting", "ready")
            .again("Run this again to wait longer.")
            .object("document");
        several::all(&job, documents, connection, context, wait)
    }
}
