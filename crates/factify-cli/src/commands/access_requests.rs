//! `factify access-requests`.

use clap::{Args, Subcommand};
use factify_core::access_requests::{
    AccessRequestPermission, ApproveAccessRequest, CheckAccessRequestStatus, CreateAccessRequest,
    DenyAccessRequest, InspectDocumentAccess, ListAccessRequests, PendingAccessRequests,
};
use factify_core::{AccessRequestId, DocumentId, Operation, OperationInfo};

use super::all::Limit;
use super::context::{Context, items};
use super::list::Subject;
use super::several::{self, Job, Rate};
use super::{ApiCommand, all, area, one, show};
use crate::args::{Word, value};
use crate::client::Client;
use crate::exit::{self, Exit};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum AccessRequests {
    /// List the pending requests for access to a document
    #[command(after_long_help = exit::help("factify access-requests list doc_01h2xcejqtf2nbrexx3vqjhp41"))]
    List(Box<List>),
    /// Show pending requests
    #[command(after_long_help = exit::help(
        "factify access-requests show doc_01h2xcejqtf2nbrexx3vqjhp41 acr_01h2xcejqtf2nbrexx3vqjhp41"
    ))]
    Show(Box<Show>),
    /// Ask for access to a document
    #[command(after_long_help = exit::help(
        "factify access-requests create doc_01h2xcejqtf2nbrexx3vqjhp41 --permission view"
    ))]
    Create(Box<Create>),
    /// Approve requests for access
    #[command(after_long_help = exit::help(
        "factify access-requests approve doc_01h2xcejqtf2nbrexx3vqjhp41 acr_01h2xcejqtf2nbrexx3vqjhp41"
    ))]
    Approve(Box<Approve>),
    /// Deny requests for access
    #[command(after_long_help = exit::help(
        "factify access-requests deny doc_01h2xcejqtf2nbrexx3vqjhp41 acr_01h2xcejqtf2nbrexx3vqjhp41"
    ))]
    Deny(Box<Deny>),
    /// Show whether you have a pending request for access to a document
    #[command(after_long_help = exit::help("factify access-requests status doc_01h2xcejqtf2nbrexx3vqjhp41"))]
    Status(Box<Status>),
    /// Show your permissions for a document
    #[command(after_long_help = exit::help("factify access-requests inspect doc_01h2xcejqtf2nbrexx3vqjhp41"))]
    Inspect(Box<Inspect>),
}

area!(AccessRequests {
    List,
    Show,
    Create,
    Approve,
    Deny,
    Status,
    Inspect
});

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    #[command(flatten)]
    limit: Limit,
}

impl ApiCommand for List {
    const OPERATION: OperationInfo = ListAccessRequests::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let list = ListAccessRequests::new(self.document);
        let subject = Subject::of("pending request", self.document);
        all::run(
            list,
            |pending| &mut pending.items,
            more,
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
    /// The ids of the requests; `-` reads ids from standard input, one per line
    #[arg(required = true, value_name = "REQUEST", value_parser = value::item::<AccessRequestId>)]
    words: Vec<Word<AccessRequestId>>,
}

impl ApiCommand for Show {
    const OPERATION: OperationInfo = ListAccessRequests::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let requests = items(self.words)?;
        let list = ListAccessRequests::new(self.document);
        let subject = Subject::of("pending request", self.document);
        show::in_whole_list(&requests, list, |pending| &pending.items, &subject, context)
    }
}

/// The API has no further page of this list.
fn more(pending: &PendingAccessRequests) -> Option<String> {
    let note = "There are more pending requests, which the API does not list.";
    pending.has_more.then(|| note.to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    /// The permission that you ask for
    #[arg(
        long,
        value_name = "PERMISSION",
        value_parser = value::known(AccessRequestPermission::KNOWN, AccessRequestPermission::as_str)
    )]
    permission: AccessRequestPermission,
    /// A message for the owner, at most 1,024 characters
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
}

impl ApiCommand for Create {
    const OPERATION: OperationInfo = CreateAccessRequest::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let mut create = CreateAccessRequest::new(self.document, self.permission);
        create.message = self.message;
        let requested = format!("the request for access to {}", self.document);
        one::change(create, requested, "created", context)
    }
}

/// Requests for access to a document.
#[derive(Debug, Args)]
struct OfDocument {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    /// The ids of the requests; `-` reads ids from standard input, one per line
    #[arg(required = true, value_name = "REQUEST", value_parser = value::item::<AccessRequestId>)]
    words: Vec<Word<AccessRequestId>>,
    #[command(flatten)]
    rate: Rate,
}

#[derive(Debug, Args)]
pub(crate) struct Approve {
    #[command(flatten)]
    requests: OfDocument,
}

impl ApiCommand for Approve {
    const OPERATION: OperationInfo = ApproveAccessRequest::INFO;

    fn rate(&self) -> Option<u32> {
        self.requests.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let document = self.requests.document;
        let connection = context.connect()?;
        let requests = items(self.requests.words)?;
        let approve = move |client: &Client, request: &AccessRequestId| {
            client
                .document(document)
                .access_requests()
                .approve(*request)
                .send()
        };
        let job = Job::new("Approving", "approved")
            .of(format_args!("for {document}"))
            .object("access_request");
        several::all(&job, requests, connection, context, approve)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Deny {
    #[command(flatten)]
    requests: OfDocument,
}

impl ApiCommand for Deny {
    const OPERATION: OperationInfo = DenyAccessRequest::INFO;

    fn rate(&self) -> Option<u32> {
        self.requests.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let document = self.requests.document;
        let connection = context.connect()?;
        let requests = items(self.requests.words)?;
        let deny = move |client: &Client, request: &AccessRequestId| {
            client
                .document(document)
                .access_requests()
                .deny(*request)
                .send()
        };
        let job = Job::new("Denying", "denied")
            .of(format_args!("for {document}"))
            .object("access_request");
        several::all(&job, requests, connection, context, deny)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
}

impl ApiCommand for Status {
    const OPERATION: OperationInfo = CheckAccessRequestStatus::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let check = CheckAccessRequestStatus::new(self.document);
        let requested = format!("the status of your request for {}", self.document);
        one::read(check, requested, context)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
}

impl ApiCommand for Inspect {
    const OPERATION: OperationInfo = InspectDocumentAccess::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let inspect = InspectDocumentAccess::new(self.document);
        one::read(
            inspect,
            format_args!("what you may do with {}", self.document),
            context,
        )
    }
}
