//! The blocking client leaves no thread behind. Alone in its process, whose threads are counted.

#![allow(clippy::unwrap_used)]

use factify_core::blocking::Client;
use factify_core::{ApiKey, ClientConfig};
use factify_sandbox::{Persona, Sandbox, SandboxServer};
use factify_ureq::UreqTransport;

fn start() -> (Sandbox, SandboxServer, Client<UreqTransport>) {
    let sandbox = Sandbox::builder().seed(4).no_rate_limit().build();
    let server = SandboxServer::start(sandbox.clone()).unwrap();
    let config = ClientConfig::new(ApiKey::new(sandbox.key(Persona::Admin)).unwrap());
    let client = factify_ureq::client(config.base_url(server.base_url())).unwrap();
    (sandbox, server, client)
}

fn create(client: &Client<UreqTransport>, sandbox: &Sandbox, email: &str) {
    let invites = client.organization(sandbox.organization_id()).invites();
    invites.create(email.parse().unwrap()).send().unwrap();
}

#[test]
fn it_leaves_no_thread_behind() {
    let threads = || std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    let (sandbox, _server, client) = start();
    let before = threads();
    for n in 0..10 {
        create(&client, &sandbox, &format!("p{n}@example.com"));
    }
    assert!(threads() <= before, "{} threads were {before}", threads());
}
