//! A sandbox on a port.

use factify_core::blocking::{Client, HttpTransport};
use factify_core::{BearerToken, ClientConfig};
use factify_sandbox::{Persona, Sandbox, SandboxServer};

/// Starts a sandbox, and returns client settings for it.
pub fn start() -> (Sandbox, SandboxServer, ClientConfig) {
    let sandbox = Sandbox::builder().seed(4).no_rate_limit().build();
    let server = SandboxServer::start(sandbox.clone()).unwrap();
    let config = ClientConfig::new(BearerToken::new(sandbox.key(Persona::Admin)).unwrap());
    let config = config.base_url(server.base_url());
    (sandbox, server, config)
}

/// Creates an invite.
pub fn invite(client: &Client<impl HttpTransport>, sandbox: &Sandbox, email: &str) {
    let invites = client.organization(sandbox.organization_id()).invites();
    invites.create(email.parse().unwrap()).send().unwrap();
}
