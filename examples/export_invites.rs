//! Prints all invites as lines of JSON, in the API's format.
//!
//! Without `FACTIFY_KEY` it uses a sandbox. With it, you can add filters with their API names: `cargo
//! run --example export_invites -- org_… status=pending email.contains=@example.com`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::io::Write;
use std::process::ExitCode;

use factify_examples::{Failure, Place, exit, filter};

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Failure> {
    let place = Place::from_env("[filter=value]…")?;
    eprintln!("{place}");
    let client = factify::hyper::client(place.config.clone())?;
    let invites = client.organization(place.organization).invites();
    let mut list = invites.list().page_size(100);
    for argument in place.arguments() {
        list = filter(list, argument)?;
    }
    let mut out = std::io::stdout().lock();
    let mut items = list.items();
    while let Some(invite) = items.try_next().await? {
        serde_json::to_writer(&mut out, &invite)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
