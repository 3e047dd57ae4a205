//! Revokes an invitation, blocking.
//!
//! Without `FACTIFY_KEY` it shows all steps on a sandbox. With it, it revokes one real invite: `cargo
//! run --example revoke_invite_blocking -- org_… inv_…`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use factify::ureq::UreqTransport;
use factify::{OrganizationId, blocking::Client};
use factify_examples::{Failure, Place, describe, exit};

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Failure> {
    let place = Place::from_env("inv_…")?;
    eprintln!("{place}");
    let client = factify::ureq::client(place.config.clone())?;
    if place.sandbox.is_some() {
        return demonstrate(&client, place.organization);
    }
    let invite = place.argument()?.parse()?;
    let invites = client.organization(place.organization).invites();
    let revoked = invites.revoke(invite).send()?;
    println!("{}", describe(&revoked));
    println!("Nobody can join with it.");
    Ok(())
}

fn demonstrate(
    client: &Client<UreqTransport>,
    organization: OrganizationId,
) -> Result<(), Failure> {
    let invites = client.organization(organization).invites();

    println!("1. Invite somebody:");
    let invite = invites.create("dwight@example.com".parse()?).send()?;
    println!("   {}", describe(&invite));

    println!("2. Revoke the invitation:");
    let revoked = invites.revoke(invite.id).send()?;
    println!("   {}", describe(&revoked));

    println!("3. Look at the list:");
    let list = invites.list().email_exact("dwight@example.com");
    for invite in list.send()?.into_items()? {
        println!("   {}", describe(&invite));
    }

    println!("4. Revoke it again, which is refused:");
    match invites.revoke(invite.id).send() {
        Ok(_) => return Err("an invite was revoked twice".into()),
        Err(error) => println!("   {}", error.report().to_string().replace('\n', "\n   ")),
    }

    println!("Nobody can join with it.");
    Ok(())
}
