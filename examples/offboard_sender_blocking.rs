//! Makes sure that nobody joins with an invitation that a user sent who has left, blocking.
//!
//! Without `FACTIFY_KEY` it does so on a sandbox whose network loses answers. With it:
//! `cargo run --example offboard_sender_blocking -- org_… user_…`. It is safe to run again.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use factify_core::{Ensured, OrganizationInviteStatus, PageSize, UserId};
use factify_examples::{Failure, Place, exit, explain};
use factify_sandbox::{Fault, FaultPlan, Persona};

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Failure> {
    let place = Place::from_env("user_…")?;
    eprintln!("{place}");
    let sender = sender(&place)?;
    let client = factify_ureq::client(place.config.clone())?;
    let invites = client.organization(place.organization).invites();

    // The list changes while invites are revoked, so it is read to its end first.
    let pending = OrganizationInviteStatus::Pending;
    let list = invites.list().sender_id(sender).status(pending);
    let mut ids = Vec::new();
    for invite in list.page_size(PageSize::MAX).items() {
        ids.push(invite?.id);
    }
    println!("{sender} has {} pending invites.", ids.len());

    let (mut void, mut joined, mut unknown) = (0, 0, 0);
    for id in ids {
        match invites.ensure_revoked(id).send() {
            Ok(Ensured::AlreadyAccepted(invite)) => {
                joined += 1;
                println!("{id} {}: SOMEBODY HAS JOINED", invite.email);
            }
            Ok(ensured) => {
                void += 1;
                println!(
                    "{id} {}: {}",
                    ensured.invite().email,
                    ensured.invite().status
                );
            }
            Err(error) => {
                unknown += 1;
                println!("{id}: {}", explain(&error.into()));
            }
        }
    }
    println!("{void} are void, {joined} were accepted before, {unknown} are not known.");
    if joined + unknown > 0 {
        return Err("Look at those, and run this again.".into());
    }
    Ok(())
}

fn sender(place: &Place) -> Result<UserId, Failure> {
    let Some(sandbox) = &place.sandbox else {
        return Ok(place.argument()?.parse()?);
    };
    let lossy = [Fault::DropBefore, Fault::DropAfter, Fault::Truncate];
    sandbox.inject(FaultPlan::random(7, 4, lossy));
    let admin = sandbox.user(Persona::Admin).and_then(|user| user.id.id());
    Ok(admin.ok_or("there is no admin")?)
}
