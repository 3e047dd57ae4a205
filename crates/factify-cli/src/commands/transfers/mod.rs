//! The commands of documents and versions that move files, or wait for their processing.

mod content;
mod download;
mod export_url;
mod files;
mod journal;
mod lost;
mod names;
mod part;
mod record;
mod text;
mod upload;
mod upload_version;
mod uploading;
mod wait;

use clap::Subcommand;
use factify_core::DocumentId;

use super::area;
use super::context;
use crate::args::{Word, Words};
use crate::exit;
use crate::failure::Failure;
pub(crate) use download::Download;
pub(crate) use export_url::ExportUrl;
pub(crate) use record::Record;
pub(crate) use text::Text;
pub(crate) use upload::Upload;
pub(crate) use upload_version::UploadVersion;
pub(crate) use wait::Wait;

/// How many transfers are in flight.
const IN_FLIGHT: usize = 3;

#[derive(Debug, Subcommand)]
pub(crate) enum Transfers {
    /// Upload files as new documents
    ///
    /// The title of a document is the name of its file without the extension. All files are checked before the first
    /// is sent. If a response is lost, the command looks for the document and compares its content.
    ///
    /// With --journal you can interrupt it and run it again: it uploads no file twice. The journal has a line for each
    /// file that was begun or uploaded. Use one journal for one organization.
    #[command(after_long_help = exit::help(upload::EXAMPLES))]
    Upload(Box<Upload>),
    /// Download the files of documents
    ///
    /// The name of a file is the title of its document. A file gets this name when it is complete. If the connection
    /// breaks, the download goes on where it stopped.
    #[command(after_long_help = exit::help(download::EXAMPLES))]
    Download(Box<Download>),
    /// Wait until the API has read the files of documents
    #[command(after_long_help = exit::help(wait::EXAMPLES))]
    Wait(Box<Wait>),
    /// Print a URL that downloads the file of a document
    ///
    /// The URL works for some minutes without a key: everybody who knows it can read the file.
    #[command(after_long_help = exit::help(export_url::EXAMPLES))]
    ExportUrl(Box<ExportUrl>),
    /// Upload a file as the new current version of a document
    #[command(name = "upload-version", after_long_help = exit::help(upload_version::EXAMPLES))]
    UploadVersion(Box<UploadVersion>),
    /// Print what the API read from a version: an outline, or with -o json all of it
    #[command(after_long_help = exit::help(record::EXAMPLES))]
    Record(Box<Record>),
    /// Print the text of a version, or the rows of a spreadsheet with tabs between the cells
    #[command(after_long_help = exit::help(text::EXAMPLES))]
    Text(Box<Text>),
}

area!(Transfers {
    Upload,
    Download,
    Wait,
    ExportUrl,
    UploadVersion,
    Record,
    Text
});

/// The documents from arguments and standard input, without duplicates.
fn documents(words: Vec<Word<DocumentId>>) -> Result<Vec<DocumentId>, Failure> {
    let words = Words::new(words)?;
    if let Some(organization) = words.organization {
        let message =
            format!("a document is named without its organization: leave {organization} out");
        return Err(Failure::usage(message));
    }
    context::named(words)
}
