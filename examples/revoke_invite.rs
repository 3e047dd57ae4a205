//! Revokes an invitation.
//!
//! Without `FACTIFY_KEY` it shows all steps on a sandbox. With it, it revokes one real invite: `cargo
//! run --example revoke_invite -- org_… inv_…`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use factify::hyper::HyperTransport;
use factify::{Client, OrganizationId};
use factify_examples::{Failure, Place, describe, exit};

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Failure> {
    let place = Place::from_env("inv_…")?;
    eprintln!("{place}");
    let client = factify::hyper::client(place.config.clone())?;
    if place.sandbox.is_some() {
        return demonstrate(&client, place.organization).await;
    }
    let invite = place.argument()?.parse()?;
    let invites = client.organization(place.organization).invites();
    let revoked = invites.revoke(invite).send().await?;
    println!("{}", describe(&revoked));
    println!("Nobody can join with it.");
    Ok(())
}

async fn demonstrate(
    client: &Client<HyperTransport>,
    organization: OrganizationId,
) -> Result<(), Failure> {
    let invites = client.organization(organization).invites();

    println!("1. Invite somebody:");
    let invite = invites.create("dwight@example.com".parse()?).send().await?;
    println!("   {}", describe(&invite));

    println!("2. Revoke the invitation:");
    let revoked = invites.revoke(invite.id).send().await?;
    println!("   {}", describe(&revoked));

    println!("3. Look at the list:");
    let list = invites.list().email_exact("dwight@example.com");
    for invite in list.send().await?.into_items()? {
        println!("   {}", describe(&invite));
    }

    println!("4. Revoke it again, which is refused:");
    match invites.revoke(invite.id).send().await {
        Ok(_) => return Err("an invite was revoked twice".into()),
        Err(error) => println!("   {}", error.report().to_string().replace('\n', "\n   ")),
    }

    println!("Nobody can join with it.");
    Ok(())
}
