//! Offboards a person, blocking: makes sure that they are not a member, and that nobody can join with the invitations
//! that they sent, or with one to their address.
//!
//! Without `FACTIFY_KEY` it uses a sandbox whose network loses responses. With it: `cargo run --example
//! offboard_person_blocking -- org_… user_… their@email.address`. It is safe to run again.
//!
//! The API does not show who created an API key. If they knew keys, replace these: see `rotate_api_key`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeSet;
use std::process::ExitCode;

use factify::invites::{EnsuredState, OrganizationInvite, OrganizationInviteStatus};
use factify::organizations::OrganizationRole;
use factify::sandbox::{Fault, FaultPlan, Persona, Sandbox};
use factify::{EmailAddress, UserId};
use factify_examples::{Failure, Place, exit, explain};

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Failure> {
    let place = Place::from_env("user_… their@email.address")?;
    eprintln!("{place}");
    let (person, email) = match &place.sandbox {
        Some(sandbox) => lossy(sandbox)?,
        None => match place.arguments() {
            [person, email] => (person.parse()?, email.parse()?),
            _ => return Err("give the arguments org_… user_… their@email.address".into()),
        },
    };
    let client = factify::ureq::client(place.config.clone())?;
    let organization = client.organization(place.organization);

    // Before anything is changed.
    for member in organization.members().list().page_size(100).items() {
        let member = member?;
        if member.user.id.id() == Some(person) && !email.is_same_as(&member.user.email) {
            return Err(format!("{person} has another address: {}", member.user.email).into());
        }
    }

    // First, so that they cannot send invites any longer.
    let removed = organization.members().ensure_removed(person).send()?;
    println!("{person}: {}", removed.state.as_str());

    // Revoking changes the lists, so collect them first.
    let invites = organization.invites();
    let pending = || invites.list().status(OrganizationInviteStatus::Pending);
    let sent = pending().sender_id(person);
    let received = pending().email_contains(email.as_str());
    // The filter finds longer addresses too; accepting an invite ignores the case of its address.
    let is_theirs = |invite: &OrganizationInvite| {
        let is_sender = invite.sender.id.id() == Some(person);
        is_sender || email.is_same_as(&invite.email)
    };
    let mut ids = BTreeSet::new();
    for list in [sent, received] {
        for invite in list.page_size(100).items() {
            let invite = invite?;
            if is_theirs(&invite) {
                ids.insert(invite.id);
            }
        }
    }
    println!("{} invites are pending.", ids.len());

    let (mut revoked, mut expired, mut joined, mut unknown) = (0, 0, 0, 0);
    for id in ids {
        match invites.ensure_revoked(id).send() {
            Ok(ensured) => {
                println!("{id}: {}", ensured.state.as_str());
                match ensured.state {
                    EnsuredState::Revoked | EnsuredState::AlreadyRevoked => revoked += 1,
                    EnsuredState::Expired => expired += 1,
                    EnsuredState::AlreadyAccepted => joined += 1,
                    _ => unknown += 1,
                }
            }
            Err(error) => {
                unknown += 1;
                println!("{id}: {}", explain(&error.into()));
            }
        }
    }
    println!("{revoked} revoked, {expired} expired, {joined} already accepted, {unknown} unknown.");
    if joined + unknown > 0 {
        return Err("Check the accepted and unknown ones, and run this again.".into());
    }
    Ok(())
}

/// An admin who has sent three invites, and has received one. Every fourth response is lost.
fn lossy(sandbox: &Sandbox) -> Result<(UserId, EmailAddress), Failure> {
    let (person, organization) = (
        sandbox.add_user("Andy", "guest1@example.net"),
        sandbox.organization_id(),
    );
    sandbox.add_member(organization, person.id, OrganizationRole::Admin);
    let config = sandbox.config(Persona::Admin).token(person.token());
    let client = factify::blocking::Client::new(sandbox.transport(), config);
    for email in ["ann@example.net", "bob@example.net", "cid@example.net"] {
        client
            .organization(organization)
            .invites()
            .create(email.parse()?)
            .send()?;
    }
    let faults = [Fault::DropBefore, Fault::DropAfter, Fault::Truncate];
    sandbox.inject(FaultPlan::random(7, 4, faults));
    Ok((person.id, "guest1@example.net".parse()?))
}
