//! Invites somebody and sends the email again, blocking.
//!
//! Without `FACTIFY_KEY` it uses a sandbox, which shows the emails. With it: `cargo run --example
//! invite_and_resend_blocking -- org_… address@example.com`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use factify_examples::{Failure, Place, describe, exit};

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Failure> {
    let place = Place::from_env("address@example.com")?;
    eprintln!("{place}");
    let address = match place.sandbox {
        Some(_) => "dwight@example.com",
        None => place.argument()?,
    };
    let client = factify::ureq::client(place.config.clone())?;
    let invites = client.organization(place.organization).invites();

    let create = invites.create(address.parse()?).message("Bring both keys.");
    let invite = create.send()?;
    println!("{}, until {}", describe(&invite), invite.expires_at);

    let resent = invites.resend(invite.id).send()?;
    println!("{}, sent again", describe(&resent));

    if let Some(sandbox) = &place.sandbox {
        let outbox = sandbox.outbox();
        let to_them = outbox.iter().filter(|email| email.to == address);
        println!("{} emails went to {address}", to_them.count());
    }
    Ok(())
}
