use clap::Args;
use factify_core::documents::ExportDocument;
use factify_core::{DocumentId, Operation, OperationInfo, Pagination, VersionId};

use crate::commands::context::Context;
use crate::commands::{ApiCommand, one};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Document, ExportedUrl};

pub(super) const EXAMPLES: &str = "\
factify documents export-url doc_01h2xcejqtf2nbrexx3vqjhp41
curl \"$(factify documents export-url doc_01h2xcejqtf2nbrexx3vqjhp41 --output ids)\" >report.pdf";

#[derive(Debug, Args)]
pub(crate) struct ExportUrl {
    /// The document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    /// The version [default: the current one]
    #[arg(long, value_name = "VER")]
    version: Option<VersionId>,
}

impl ApiCommand for ExportUrl {
    const OPERATION: OperationInfo = ExportDocument::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let mut export = ExportDocument::new(self.document);
        export.version_id = self.version;
        let exported = one::send(export, self.document, "exported", context)?;
        let mut output = context.output(Document::Bare);
        output.record(&ExportedUrl::new(&exported));
        output.finish(&Pagination::new())?;
        Ok(Exit::Done)
    }
}
