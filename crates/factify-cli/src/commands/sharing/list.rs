use clap::Args;
use factify_core::sharing::{DocumentAccess, GeneralAccessLevel, ListDocumentAccess};
use factify_core::{DocumentId, Operation, OperationInfo, PrincipalId};

use crate::args::{Word, value};
use crate::commands::all::Limit;
use crate::commands::context::{Context, items};
use crate::commands::list::Subject;
use crate::commands::{ApiCommand, all, show};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::printable;

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
            others,
            &self.limit,
            &subject,
            context,
        )
    }
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    /// The ids of the users or bots; `-` reads ids from standard input, one per line
    #[arg(required = true, value_name = "USER", value_parser = value::item::<PrincipalId>)]
    words: Vec<Word<PrincipalId>>,
}

impl ApiCommand for Show {
    const OPERATION: OperationInfo = ListDocumentAccess::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let people = items(self.words)?;
        let list = ListDocumentAccess::new(self.document);
        let subject = Subject::of("recipient", self.document);
        show::in_whole_list(
            &people,
            list,
            |access| &access.recipients,
            &subject,
            context,
        )
    }
}

/// Who has access without a grant. The rows alone would look like everybody.
fn others(access: &DocumentAccess) -> Option<String> {
    let who = match access.general_access_level.as_ref()? {
        GeneralAccessLevel::Restricted => return None,
        GeneralAccessLevel::Organization => "all members of the organization",
        GeneralAccessLevel::AnyoneWithLink => "everybody with the link",
        other => return Some(format!("General access: {}.", printable(other.as_str()))),
    };
    Some(format!("General access: {who} can open it too."))
}
