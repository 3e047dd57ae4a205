use clap::Args;
use factify_core::documents::GetDocument;
use factify_core::members::ListOrganizationMembers;
use factify_core::policies::ListDocumentPolicies;
use factify_core::sharing::{EnsuredState, ListDocumentAccess, RevokeDocumentAccess};
use factify_core::{Operation, OperationInfo, PrincipalId};

use super::update::OfDocument;
use crate::client::Client;
use crate::commands::ApiCommand;
use crate::commands::context::{Context, items};
use crate::commands::several::{self, Job};
use crate::commands::tally::Achieved;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{AccessRevocation, count};

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    #[command(flatten)]
    people: OfDocument,
}

impl ApiCommand for Revoke {
    const OPERATION: OperationInfo = RevokeDocumentAccess::INFO;
    const OTHERS: &'static [OperationInfo] = &[
        GetDocument::INFO,
        ListDocumentAccess::INFO,
        ListOrganizationMembers::INFO,
        ListDocumentPolicies::INFO,
    ];

    fn rate(&self) -> Option<u32> {
        self.people.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let document = self.people.document;
        let connection = context.connect()?;
        let people = items(self.people.words)?;
        let ensure = move |client: &Client, person: &PrincipalId| {
            let handle = client.document(document);
            let ensured = handle.sharing().ensure_no_access(*person).send()?;
            Ok(AccessRevocation::new(*person, ensured))
        };
        let job = Job::new("Revoking", "revoked")
            .of(format_args!("of {document}"))
            .object("access");
        several::run(&job, people, connection, context, ensure, |revocation| {
            match revocation.state() {
                EnsuredState::Removed => Achieved::Done("removed"),
                EnsuredState::HadNone => Achieved::Done("had no access"),
                // A result that only a later version knows: somebody must look at it too.
                _ => Achieved::HasAccess("still has access", warning),
            }
        })
    }
}

fn warning(number: usize) -> String {
    let has = if number == 1 { "has" } else { "have" };
    let people = count(number, "user");
    format!("{people} still {has} access, or may have: see the results for how")
}
