//! Prints all invites as lines of JSON, in the API's format, blocking.
//!
//! Without `FACTIFY_KEY` it uses a sandbox. With it, you can add filters with their API names: `cargo
//! run --example export_invites_blocking -- org_… status=pending email.contains=@example.com`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::io::Write;
use std::process::ExitCode;

use factify_examples::{Failure, Place, exit, filter};

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Failure> {
    let place = Place::from_env("[filter=value]…")?;
    eprintln!("{place}");
    let client = factify::ureq::client(place.config.clone())?;
    let invites = client.organization(place.organization).invites();
    let mut list = invites.list().page_size(100);
    for argument in place.arguments() {
        list = filter(list, argument)?;
    }
    let mut out = std::io::stdout().lock();
    for invite in list.items() {
        serde_json::to_writer(&mut out, &invite?)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
