//! `factify policies`.

use clap::{Args, Subcommand};
use factify_core::policies::{
    AttachDocumentPolicy, DetachDocumentPolicy, DocumentPolicy, ListDocumentPolicies,
};
use factify_core::{DocumentId, Operation, OperationInfo, PolicyId};

use super::context::{Context, items};
use super::list::{self, Paging, Subject};
use super::several::{self, Job, Rate};
use super::{ApiCommand, area, show};
use crate::args::{Word, value};
use crate::client::Client;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::output::Done;

#[derive(Debug, Subcommand)]
pub(crate) enum Policies {
    /// List the policies that are attached to a document
    #[command(after_long_help = exit::help("factify policies list doc_01h2xcejqtf2nbrexx3vqjhp41"))]
    List(Box<List>),
    /// Show policies that are attached to a document
    #[command(after_long_help = exit::help(
        "factify policies show doc_01h2xcejqtf2nbrexx3vqjhp41 pol_01h2xcejqtf2nbrexx3vqjhp41"
    ))]
    Show(Box<Show>),
    /// Attach policies to a document
    #[command(after_long_help = exit::help(
        "factify policies attach doc_01h2xcejqtf2nbrexx3vqjhp41 pol_01h2xcejqtf2nbrexx3vqjhp41"
    ))]
    Attach(Box<Attach>),
    /// Detach policies from a document
    #[command(after_long_help = exit::help(
        "factify policies detach doc_01h2xcejqtf2nbrexx3vqjhp41 pol_01h2xcejqtf2nbrexx3vqjhp41"
    ))]
    Detach(Box<Detach>),
}

area!(Policies {
    List,
    Show,
    Attach,
    Detach
});

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    #[command(flatten)]
    paging: Paging,
}

fn subject(document: DocumentId) -> Subject {
    Subject::of("policy", document)
}

impl ApiCommand for List {
    const OPERATION: OperationInfo = ListDocumentPolicies::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let list = ListDocumentPolicies::new(self.document);
        list::run(list, &self.paging, &subject(self.document), context)
    }
}

/// Policies of a document.
#[derive(Debug, Args)]
struct OfDocument {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    /// The ids of the policies; `-` reads ids from standard input, one per line
    #[arg(required = true, value_name = "POLICY", value_parser = value::item::<PolicyId>)]
    words: Vec<Word<PolicyId>>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    #[command(flatten)]
    policies: OfDocument,
}

impl ApiCommand for Show {
    const OPERATION: OperationInfo = ListDocumentPolicies::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let OfDocument { document, words } = self.policies;
        let policies = items(words)?;
        let list = ListDocumentPolicies::new(document);
        let id = |attached: &DocumentPolicy| attached.policy.id.to_string();
        show::in_list(&policies, list, id, &subject(document), context)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Attach {
    #[command(flatten)]
    policies: OfDocument,
    #[command(flatten)]
    rate: Rate,
}

impl ApiCommand for Attach {
    const OPERATION: OperationInfo = AttachDocumentPolicy::INFO;

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let OfDocument { document, words } = self.policies;
        let connection = context.connect()?;
        let policies = items(words)?;
        let attach = move |client: &Client, policy: &PolicyId| {
            client.document(document).policies().attach(*policy).send()
        };
        let job = Job::new("Attaching", "attached")
            .of(format_args!("to {document}"))
            .object("document_policy");
        several::all(&job, policies, connection, context, attach)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Detach {
    #[command(flatten)]
    policies: OfDocument,
    #[command(flatten)]
    rate: Rate,
}

impl ApiCommand for Detach {
    const OPERATION: OperationInfo = DetachDocumentPolicy::INFO;

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let OfDocument { document, words } = self.policies;
        let connection = context.connect()?;
        let policies = items(words)?;
        let detach = move |client: &Client, policy: &PolicyId| {
            client
                .document(document)
                .policies()
                .detach(*policy)
                .send()?;
            Ok(Done::new(policy, "detached"))
        };
        let job = Job::new("Detaching", "detached").of(format_args!("from {document}"));
        several::run(&job, policies, connection, context, detach, Done::achieved)
    }
}
