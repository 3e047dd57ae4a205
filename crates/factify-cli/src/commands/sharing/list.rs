use clap::Args;
use factify_core::sharing::ListDocumentAccess;
use factify_core::{DocumentId, Operation, OperationInfo};

use crate::commands::all::Limit;
use crate::commands::context::Context;
use crate::commands::list::Subject;
use crate::commands::{ApiCommand, all};
use crate::exit::Exit;
use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    #[command(flatten)]
    limit: Limit,
}

impl ApiCommand for List {
    const OPERATION: OperationInfo = ListDocumentAccess::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let list = ListDocumentAccess::new(self.document);
        let subject = Subject::of("recipient", self.document);
        all::run(
            list,
            |access| &mut access.recipients,
            |_| false,
            &self.limit,
            &subject,
            context,
        )
    }
}
