//! `factify documents`.

mod change;
mod list;
mod read;

use clap::Subcommand;

use super::area;
use super::transfers::{self, Download, ExportUrl, Upload, Wait};
use crate::exit;
use change::{Process, Restore, Transfer, Trash, Update};
use list::List;
use read::{Duplicates, EntryPage, Quota, Show, Timeline};

#[derive(Debug, Subcommand)]
pub(crate) enum Documents {
    /// List documents
    #[command(after_long_help = exit::help("\
factify documents list --title-contains report --source-format pdf
factify documents list --trash-state trashed --output ids"))]
    List(Box<List>),
    /// Show documents
    #[command(after_long_help = exit::help("factify documents show doc_01h2xcejqtf2nbrexx3vqjhp41"))]
    Show(Box<Show>),
    /// Upload files as new documents
    ///
    /// The title of a document is the name of its file without the extension. All files are checked before the first
    /// is sent. If a response is lost, the command looks for the document and compares its content.
    ///
    /// With --journal you can interrupt it and run it again: it uploads no file twice. The journal has a line for each
    /// file that was begun or uploaded. Use one journal for one organization.
    #[command(after_long_help = exit::help(transfers::upload::EXAMPLES))]
    Upload(Box<Upload>),
    /// Download the files of documents
    ///
    /// The name of a file is the title of its document. A file gets this name when it is complete. If the connection
    /// breaks, the download continues where it stopped.
    #[command(after_long_help = exit::help(transfers::download::EXAMPLES))]
    Download(Box<Download>),
    /// Change the title or the description of a document
    #[command(after_long_help = exit::help(
        "factify documents update doc_01h2xcejqtf2nbrexx3vqjhp41 --title 'Report of the year'"
    ))]
    Update(Box<Update>),
    /// Move documents to the trash
    ///
    /// Only the owner keeps access.
    #[command(after_long_help = exit::help("factify documents trash doc_01h2xcejqtf2nbrexx3vqjhp41"))]
    Trash(Box<Trash>),
    /// Restore documents from the trash
    ///
    /// People who had access before do not get it back.
    #[command(after_long_help = exit::help("factify documents restore doc_01h2xcejqtf2nbrexx3vqjhp41"))]
    Restore(Box<Restore>),
    /// Process documents again: the API reads their files
    #[command(after_long_help = exit::help(
        "factify documents process doc_01h2xcejqtf2nbrexx3vqjhp41 --async"
    ))]
    Process(Box<Process>),
    /// Wait until the API has read the files of documents
    #[command(after_long_help = exit::help(transfers::wait::EXAMPLES))]
    Wait(Box<Wait>),
    /// Print a URL that downloads the file of a document
    ///
    /// The URL works for some minutes without a key: everybody who knows it can read the file.
    #[command(after_long_help = exit::help(transfers::export_url::EXAMPLES))]
    ExportUrl(Box<ExportUrl>),
    /// Transfer documents to a new owner, a member of your organization
    #[command(after_long_help = exit::help(
        "factify documents transfer doc_01h2xcejqtf2nbrexx3vqjhp41 --new-owner user_01h2xcejqtf2nbrexx3vqjhp41"
    ))]
    Transfer(Box<Transfer>),
    /// List documents that look the same as a document
    #[command(after_long_help = exit::help("factify documents duplicates doc_01h2xcejqtf2nbrexx3vqjhp41"))]
    Duplicates(Box<Duplicates>),
    /// List the events of a document
    #[command(after_long_help = exit::help(
        "factify documents timeline doc_01h2xcejqtf2nbrexx3vqjhp41 --output jsonl"
    ))]
    Timeline(Box<Timeline>),
    /// Print the URL of the entry page of a document
    ///
    /// The entry page is a PDF that leads to the document. Everybody who has the URL can download the page while it is valid.
    #[command(after_long_help = exit::help("factify documents entry-page doc_01h2xcejqtf2nbrexx3vqjhp41"))]
    EntryPage(Box<EntryPage>),
    /// Show how many documents your organization has, and may have
    #[command(after_long_help = exit::help("factify documents quota --output json"))]
    Quota(Box<Quota>),
}

area!(Documents {
    List,
    Show,
    Upload,
    Download,
    Update,
    Trash,
    Restore,
    Process,
    Wait,
    ExportUrl,
    Transfer,
    Duplicates,
    Timeline,
    EntryPage,
    Quota,
});
