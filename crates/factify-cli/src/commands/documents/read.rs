//! The commands that read.

use clap::Args;
use factify_core::documents::{GetDocument, GetDocumentQuota, ListDocumentDuplicates};
use factify_core::entry_pages::GenerateDocumentEntryPage;
use factify_core::timelines::GetDocumentTimeline;
use factify_core::{DocumentId, Operation, OperationInfo};

use crate::args::{Word, value};
use crate::commands::all::Limit;
use crate::commands::context::{Context, items};
use crate::commands::list::{self, Paging, Subject};
use crate::commands::{ApiCommand, all, one, show};
use crate::exit::Exit;
use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The ids of the documents; `-` reads ids from standard input, one per line
    #[arg(required = true, value_name = "DOC", value_parser = value::item::<DocumentId>)]
    words: Vec<Word<DocumentId>>,
}

impl ApiCommand for Show {
    const OPERATION: OperationInfo = GetDocument::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let ids = items(self.words)?;
        show::by_id(&ids, |id| GetDocument::new(*id), "document", context)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Duplicates {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    /// Compare with the file that has this hash of 64 characters, not with the file of the document
    #[arg(long, value_name = "HASH")]
    file_contents_hash: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

impl ApiCommand for Duplicates {
    const OPERATION: OperationInfo = ListDocumentDuplicates::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let mut list = ListDocumentDuplicates::new(self.document);
        list.file_contents_hash = self.file_contents_hash;
        let subject = Subject::of("duplicate", self.document);
        all::run(
            list,
            |items| items,
            |_| None,
            &self.limit,
            &subject,
            context,
        )
    }
}

#[derive(Debug, Args)]
pub(crate) struct Timeline {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    #[command(flatten)]
    paging: Paging,
}

impl ApiCommand for Timeline {
    const OPERATION: OperationInfo = GetDocumentTimeline::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let list = GetDocumentTimeline::new(self.document);
        let subject = Subject::of("event", self.document);
        list::run(list, &self.paging, &subject, context)
    }
}

#[derive(Debug, Args)]
pub(crate) struct EntryPage {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
}

impl ApiCommand for EntryPage {
    const OPERATION: OperationInfo = GenerateDocumentEntryPage::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let generate = GenerateDocumentEntryPage::new(self.document);
        one::read(
            generate,
            format_args!("the entry page of {}", self.document),
            context,
        )
    }
}

#[derive(Debug, Args)]
pub(crate) struct Quota {}

impl ApiCommand for Quota {
    const OPERATION: OperationInfo = GetDocumentQuota::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        one::read(GetDocumentQuota::new(), "the quota of documents", context)
    }
}
