//! Serves a sandbox until standard input closes, for programs in any language.
//!
//! Prints one line of JSON: the base URL, the id of the organization and a key for each persona.

#![allow(clippy::print_stdout)]

use std::io::{Read, Write};

use factify_examples::Failure;
use factify_sandbox::{Persona, Sandbox, SandboxServer};

fn main() -> Result<(), Failure> {
    let sandbox = Sandbox::builder()
        .seed(2026)
        .running_clock()
        .no_rate_limit()
        .build();
    let server = SandboxServer::start(sandbox.clone())?;
    println!(
        r#"{{"base_url":"{}","organization_id":"{}","keys":{{"owner":"{}","admin":"{}","member":"{}","outsider":"{}"}}}}"#,
        server.base_url(),
        sandbox.organization_id(),
        sandbox.key(Persona::Owner),
        sandbox.key(Persona::Admin),
        sandbox.key(Persona::Member),
        sandbox.key(Persona::Outsider),
    );
    std::io::stdout().flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
