//! A sandbox on a port, and a client for it.

use factify_core::blocking::Client;
use factify_core::{BearerToken, ClientConfig};
use factify_sandbox::{Persona, Sandbox, SandboxServer};
use factify_ureq::UreqTransport;

pub fn start() -> (Sandbox, SandboxServer, Client<UreqTransport>) {
    let sandbox = Sandbox::builder().seed(4).no_rate_limit().build();
    let server = SandboxServer::start(sandbox.clone()).unwrap();
    let config = ClientConfig::new(BearerToken::new(sandbox.key(Persona::Admin)).unwrap());
    let client = factify_ureq::client(config.base_url(server.base_url())).unwrap();
    (sandbox, server, client)
}

pub fn create(client: &Client<UreqTransport>, sandbox: &Sandbox, email: &str) {
    let invites = client.organization(sandbox.organization_id()).invites();
    invites.create(email.parse().unwrap()).send().unwrap();
}
