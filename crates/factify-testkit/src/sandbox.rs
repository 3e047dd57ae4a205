//! A sandbox on a port.

use factify_core::ClientConfig;
use factify_core::blocking::{Client, HttpTransport};
use factify_sandbox::{Persona, Sandbox, SandboxServer};

/// Starts a sandbox, and returns client settings for it.
pub fn start() -> (Sandbox, SandboxServer, ClientConfig) {
    let sandbox = Sandbox::builder().seed(4).no_rate_limit().build();
    let server = SandboxServer::start(sandbox.clone()).unwrap();
    let config = server.config(Persona::Admin);
    (sandbox, server, config)
}

/// Creates an invite.
pub fn invite(client: &Client<impl HttpTransport>, sandbox: &Sandbox, email: &str) {
    let invites = client.organization(sandbox.organization_id()).invites();
    invites.create(email.parse().unwrap()).send().unwrap();
}
