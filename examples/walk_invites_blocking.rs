//! Walks all pending invites, page after page, blocking.
//!
//! Without `FACTIFY_KEY` it uses a sandbox. With it: `cargo run --example walk_invites_blocking --
//! org_…`, or with a page token to continue from there.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use factify::invites::OrganizationInviteStatus;
use factify_examples::{Failure, Place, describe, exit};

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Failure> {
    let place = Place::from_env("[page-token]")?;
    eprintln!("{place}");
    let client = factify::ureq::client(place.config.clone())?;
    let invites = client.organization(place.organization).invites();

    let pending = OrganizationInviteStatus::Pending;
    let mut list = invites.list().status(pending).page_size(5);
    if let Ok(token) = place.argument() {
        list = list.page_token(token);
    }
    let mut items = list.items();
    let mut count = 0;
    while let Some(item) = items.next() {
        match item {
            Ok(invite) => {
                println!("{}", describe(&invite));
                count += 1;
            }
            // The next invite follows.
            Err(error) if error.unreadable_item().is_some() => eprintln!("{}", error.report()),
            Err(error) => {
                let page = items.page_token().unwrap_or_default();
                eprintln!("To continue, use the page token '{page}'.");
                return Err(error.into());
            }
        }
    }
    println!("{count} invites are pending.");
    Ok(())
}
