use std::io::{self, Write};

use clap::Args;
use factify_core::documents::ExportDocument;
use factify_core::{DocumentId, Operation, OperationInfo, Pagination, VersionId};

use crate::commands::context::Context;
use crate::commands::{ApiCommand, one};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Document, ExportedUrl};

pub(crate) const EXAMPLES: &str = "\
factify documents export-url doc_01h2xcejqtf2nbrexx3vqjhp41
factify documents export-url doc_01h2xcejqtf2nbrexx3vqjhp41 --curl | curl --config - --output report.pdf";

#[derive(Debug, Args)]
pub(crate) struct ExportUrl {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    /// The id of the version [default: the current one]
    #[arg(long, value_name = "VERSION")]
    version: Option<VersionId>,
    /// Print a configuration for `curl --config -`, because others can read the URL if it is an argument
    #[arg(long)]
    curl: bool,
}

impl ApiCommand for ExportUrl {
    const OPERATION: OperationInfo = ExportDocument::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let mut export = ExportDocument::new(self.document);
        export.version_id = self.version;
        let exported = one::send(export, self.document, "exported", context)?;
        let exported = ExportedUrl::new(&exported);
        if self.curl {
            let mut out = io::stdout().lock();
            let written = out.write_all(exported.curl().as_bytes());
            return match written.and_then(|()| out.flush()) {
                Ok(()) => Ok(Exit::Done),
                Err(error) => Err(Failure::unwritten(&error)),
            };
        }
        let mut output = context.output(Document::Whole);
        output.record(&exported);
        output.finish(&Pagination::new())?;
        Ok(Exit::Done)
    }
}
