//! Makes sure that nobody can join with the invitations of a user who has left, blocking.
//!
//! Without `FACTIFY_KEY` it uses a sandbox whose network loses responses. With it: `cargo run --example
//! offboard_sender_blocking -- org_… user_…`. It is safe to run again.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use factify::UserId;
use factify::invites::{EnsuredState, OrganizationInviteStatus};
use factify::sandbox::{Fault, FaultPlan, Persona, Sandbox};
use factify_examples::{Failure, Place, exit, explain};

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Failure> {
    let place = Place::from_env("user_…")?;
    eprintln!("{place}");
    let sender = match &place.sandbox {
        Some(sandbox) => lossy(sandbox),
        None => place.argument()?.parse()?,
    };
    let client = factify::ureq::client(place.config.clone())?;
    let invites = client.organization(place.organization).invites();

    // Revoking changes the list, so collect it first.
    let pending = OrganizationInviteStatus::Pending;
    let list = invites.list().sender_id(sender).status(pending);
    let mut ids = Vec::new();
    for invite in list.page_size(100).items() {
        ids.push(invite?.id);
    }
    println!("{sender} has {} pending invites.", ids.len());

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

/// Loses every fourth response, and returns the sender of the invites.
fn lossy(sandbox: &Sandbox) -> UserId {
    let faults = [Fault::DropBefore, Fault::DropAfter, Fault::Truncate];
    sandbox.inject(FaultPlan::random(7, 4, faults));
    sandbox.user_id(Persona::Admin)
}
