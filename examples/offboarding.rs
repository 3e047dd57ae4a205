//! A person in the sandbox who leaves.

use factify::organizations::OrganizationRole;
use factify::sandbox::{Fault, FaultPlan, Persona, Sandbox};
use factify::sharing::{DocumentRole, RecipientGrant};
use factify::{EmailAddress, Upload, UserId, blocking};

use crate::Failure;

/// An admin who has sent three invites and received one, owns a document, and has access to another one. Every eighth
/// response is lost. The member gets the document.
///
/// # Errors
/// If the sandbox refuses a request.
pub fn person(sandbox: &Sandbox) -> Result<(UserId, EmailAddress, UserId), Failure> {
    let (person, organization) = (
        sandbox.add_user("Andy", "guest1@example.net"),
        sandbox.organization_id(),
    );
    sandbox.add_member(organization, person.id, OrganizationRole::Admin);
    let config = sandbox.config(Persona::Admin).token(person.token());
    let client = blocking::Client::new(sandbox.transport(), config);
    let invites = client.organization(organization).invites();
    for email in ["ann@example.net", "bob@example.net", "cid@example.net"] {
        invites.create(email.parse()?).send()?;
    }
    let file = || Upload::bytes("notes.md", "# Notes");
    client.documents().create(file(), "Andy's notes").send()?;
    let admin = sandbox.blocking_client(Persona::Admin);
    let shared = admin.documents().create(file(), "Notes of all").send()?;
    let grant = RecipientGrant::new(person.id, DocumentRole::Collaborator);
    let sharing = admin.document(shared.id).sharing();
    sharing.grant(vec![grant]).send()?.into_result()?;
    let faults = [Fault::DropBefore, Fault::DropAfter, Fault::Truncate];
    sandbox.inject(FaultPlan::random(7, 8, faults));
    let new_owner = sandbox.user_id(Persona::Member);
    Ok((person.id, "guest1@example.net".parse()?, new_owner))
}
