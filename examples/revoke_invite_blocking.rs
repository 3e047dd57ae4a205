//! Revokes an invitation, blocking.
//!
//! Without `FACTIFY_KEY` it shows the whole story on a sandbox. With it, it revokes one invite for
//! real: `cargo run --example revoke_invite_blocking -- org_… inv_…`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use factify_core::{InviteId, OrganizationId, blocking::Client};
use factify_examples::{Failure, Task, describe, explain};
use factify_ureq::UreqTransport;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", explain(&failure));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    match Task::from_env()? {
        Task::Revoke(config, organization, invite) => {
            let client = factify_ureq::client(config)?;
            revoke(&client, organization, invite)
        }
        Task::Demonstrate(server, config, organization) => {
            println!(
                "FACTIFY_KEY is not set, so this is a sandbox at {}",
                server.base_url()
            );
            let client = factify_ureq::client(config)?;
            demonstrate(&client, organization)
        }
    }
}

fn revoke(
    client: &Client<UreqTransport>,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<(), Failure> {
    let call = client.organization(organization).invites().revoke(invite);
    let revoked = call.send()?;
    println!("{}", describe(&revoked));
    println!("Nobody can join with it any more.");
    Ok(())
}

fn demonstrate(
    client: &Client<UreqTransport>,
    organization: OrganizationId,
) -> Result<(), Failure> {
    let invites = client.organization(organization).invites();

    println!("\n1. Invite somebody:");
    let invite = invites.create("dwight@example.com".parse()?).send()?;
    println!("   {}", describe(&invite));

    println!("2. Revoke the invitation:");
    let revoked = invites.revoke(invite.id).send()?;
    println!("   {}", describe(&revoked));

    println!("3. Look at the list:");
    for invite in invites.list().send()?.items {
        println!("   {}", describe(&invite));
    }

    println!("4. Revoke it once more, which is refused:");
    match invites.revoke(invite.id).send() {
        Ok(_) => return Err("an invite was revoked twice".into()),
        Err(error) => println!("   {}", error.report().to_string().replace('\n', "\n   ")),
    }

    println!("\nNobody can join with it any more.");
    Ok(())
}
