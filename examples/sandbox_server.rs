//! Serves a sandbox until standard input closes, for programs in any language.
//!
//! Prints one line of JSON: the base URL, the id of the organization, and a key and a user for each
//! persona. `cargo run --example sandbox_server -- 1000` begins with so many invites; `-- 0 limited`
//! has the API's rate limits.

#![allow(clippy::print_stdout)]

use std::io::{Read, Write};

use factify_examples::Failure;
use factify_sandbox::{Persona, Sandbox, SandboxServer};
use serde_json::{Map, json};

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let invites = arguments.next().unwrap_or_else(|| "0".into());
    let mut builder = Sandbox::builder().seed(2026).running_clock();
    if arguments.next().is_none() {
        builder = builder.no_rate_limit();
    }
    let sandbox = builder.invites(invites.parse()?).build();
    let server = SandboxServer::start(sandbox.clone())?;
    let of_each = |value: &dyn Fn(Persona) -> serde_json::Value| {
        let of = |persona: Persona| (persona.name().to_owned(), value(persona));
        Persona::ALL.into_iter().map(of).collect::<Map<_, _>>()
    };
    let line = json!({
        "base_url": server.base_url().to_string(),
        "organization_id": sandbox.organization_id(),
        "keys": of_each(&|persona| sandbox.key(persona).into()),
        "users": of_each(&|persona| json!(sandbox.user(persona))),
    });
    println!("{line}");
    std::io::stdout().flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
