use clap::Args;
use factify_core::sharing::{DocumentRole, UpdateDocumentAccess};
use factify_core::{DocumentId, Operation, OperationInfo, PrincipalId};

use crate::args::{Word, value};
use crate::client::Client;
use crate::commands::ApiCommand;
use crate::commands::context::{Context, items};
use crate::commands::several::{self, Job, Rate};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Done;

/// The roles that somebody can be given. Ownership is transferred instead.
pub(super) fn role() -> impl clap::builder::TypedValueParser<Value = DocumentRole> {
    const ROLES: &[DocumentRole] = &[
        DocumentRole::Viewer,
        DocumentRole::Commenter,
        DocumentRole::Collaborator,
        DocumentRole::Admin,
    ];
    value::known(ROLES, DocumentRole::as_str)
}

/// People of a document.
#[derive(Debug, Args)]
pub(super) struct OfDocument {
    /// The id of the document
    #[arg(value_name = "DOC")]
    pub(super) document: DocumentId,
    /// The ids of the users or bots; `-` reads ids from standard input, one per line
    #[arg(required = true, value_name = "USER", value_parser = value::item::<PrincipalId>)]
    pub(super) words: Vec<Word<PrincipalId>>,
    #[command(flatten)]
    pub(super) rate: Rate,
}

#[derive(Debug, Args)]
pub(crate) struct Update {
    #[command(flatten)]
    people: OfDocument,
    /// Their new role
    #[arg(long, value_name = "ROLE", value_parser = role())]
    role: DocumentRole,
}

impl ApiCommand for Update {
    const OPERATION: OperationInfo = UpdateDocumentAccess::INFO;

    fn rate(&self) -> Option<u32> {
        self.people.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let document = self.people.document;
        let connection = context.connect()?;
        let people = items(self.people.words)?;
        let role = self.role;
        let update = move |client: &Client, person: &PrincipalId| {
            let handle = client.document(document);
            handle.sharing().update(*person, role.clone()).send()?;
            Ok(Done::with_detail(person, "updated", role.to_string()))
        };
        let job = Job::new("Updating", "updated")
            .of(format_args!("of {document}"))
            .object("role");
        several::run(&job, people, connection, context, update, Done::achieved)
    }
}
