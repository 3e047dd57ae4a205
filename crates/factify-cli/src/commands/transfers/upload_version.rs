use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use factify_core::versions::CreateDocumentVersion;
use factify_core::{DocumentId, Operation, OperationInfo};

use super::files::{self, Kind, LocalFile};
use crate::client::Client;
use crate::commands::ApiCommand;
use crate::commands::context::Context;
use crate::commands::several::{self, Job};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{UploadedVersion, shown};

const DONE: &str = "uploaded";

pub(crate) const EXAMPLES: &str = "\
factify versions upload doc_01h2xcejqtf2nbrexx3vqjhp41 report.pdf --title 'After the review'";

#[derive(Debug, Args)]
pub(crate) struct UploadVersion {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    /// The file; `-` uploads standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// The title of the version, at most 255 characters
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The description of the version
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    #[command(flatten)]
    kind: Kind,
}

impl ApiCommand for UploadVersion {
    const OPERATION: OperationInfo = CreateDocumentVersion::INFO;
    const IN_FLIGHT: usize = super::IN_FLIGHT;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let files = files::check(vec![self.file], &self.kind)?;
        let (document, title, description) = (self.document, self.title, self.description);
        let create = move |file: &LocalFile| {
            let mut create = CreateDocumentVersion::new(document, file.upload().clone());
            create.title.clone_from(&title);
            create.description.clone_from(&description);
            create
        };
        for file in &files {
            create(file)
                .validate()
                .map_err(|invalid| Failure::parameter(&invalid))?;
        }
        let console = Arc::clone(&context.console);
        let upload = move |client: &Client, file: &LocalFile| {
            let bytes = file.upload().len();
            let shown_as = console.transfer(&file.upload().file_name(), Some(bytes));
            let call = client.call(create(file)).on_progress(shown_as.report());
            call.send().map(|version| UploadedVersion {
                version,
                file: shown(file.name()),
                bytes,
            })
        };
        let job = Job::new("Uploading", DONE).of(format_args!("as a version of {document}")).again("Look first with factify versions list: if you run this again, there may be two new versions.").items_are("file").object("version");
        several::all(&job, files, connection, context, upload)
    }
}
