//! `factify versions`.

use clap::{Args, Subcommand};
use factify_core::versions::{GetVersion, ListDocumentVersions, UpdateVersion};
use factify_core::{DocumentId, Operation, OperationInfo, VersionId};

use super::context::{Context, items};
use super::list::{self, Paging, Subject};
use super::transfers::{self, Record, Text, UploadVersion};
use super::{ApiCommand, area, one, show};
use crate::args::{Word, value};
use crate::exit::{self, Exit};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Versions {
    /// List the versions of a document
    #[command(after_long_help = exit::help("factify versions list doc_01h2xcejqtf2nbrexx3vqjhp41"))]
    List(Box<List>),
    /// Show versions
    #[command(after_long_help = exit::help("factify versions show ver_01h2xcejqtf2nbrexx3vqjhp41"))]
    Show(Box<Show>),
    /// Upload a file as the new current version of a document
    #[command(name = "upload", after_long_help = exit::help(transfers::upload_version::EXAMPLES))]
    UploadVersion(Box<UploadVersion>),
    /// Change the title or the description of a version
    #[command(after_long_help = exit::help(
        "factify versions update ver_01h2xcejqtf2nbrexx3vqjhp41 --title 'Second draft'"
    ))]
    Update(Box<Update>),
    /// Print the text of a version
    ///
    /// For a spreadsheet, it prints the rows, with tabs between the cells.
    #[command(after_long_help = exit::help(transfers::text::EXAMPLES))]
    Text(Box<Text>),
    /// Print what the API read from a version
    ///
    /// It prints an outline; with -o json it prints everything.
    #[command(after_long_help = exit::help(transfers::record::EXAMPLES))]
    Record(Box<Record>),
}

area!(Versions {
    List,
    Show,
    UploadVersion,
    Update,
    Text,
    Record
});

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    #[command(flatten)]
    paging: Paging,
}

impl ApiCommand for List {
    const OPERATION: OperationInfo = ListDocumentVersions::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let list = ListDocumentVersions::new(self.document);
        let subject = Subject::of("version", self.document);
        list::run(list, &self.paging, &subject, context)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The ids of the versions; `-` reads ids from standard input, one per line
    #[arg(required = true, value_name = "VERSION", value_parser = value::item::<VersionId>)]
    words: Vec<Word<VersionId>>,
}

impl ApiCommand for Show {
    const OPERATION: OperationInfo = GetVersion::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let ids = items(self.words)?;
        show::by_id(&ids, |id| GetVersion::new(*id), "version", context)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Update {
    /// The id of the version
    #[arg(value_name = "VERSION")]
    version: VersionId,
    #[command(flatten)]
    changes: Changes,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Changes {
    /// The new title, at most 255 characters
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The new description
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

impl ApiCommand for Update {
    const OPERATION: OperationInfo = UpdateVersion::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let mut update = UpdateVersion::new(self.version);
        update.title = self.changes.title;
        update.description = self.changes.description;
        one::change(update, self.version, "updated", context)
    }
}
