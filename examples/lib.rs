//! Shared by the examples: where to act, and how to say what happened.
//!
//! The code of the README is compiled here:
#![doc = include_str!("../README.md")]

use std::error::Error;

use factify_core::{ApiKey, BaseUrl, ClientConfig, InviteId, OrganizationId, OrganizationInvite};
use factify_sandbox::{Persona, Sandbox, SandboxServer};

/// What any step of an example can fail with.
pub type Failure = Box<dyn Error + Send + Sync>;

/// What the program was asked to do.
#[derive(Debug)]
pub enum Task {
    /// There is no key: show it on a sandbox, which serves as long as it is held.
    Demonstrate(SandboxServer, ClientConfig, OrganizationId),
    /// Revoke this invite for real.
    Revoke(ClientConfig, OrganizationId, InviteId),
}

impl Task {
    /// Reads the environment and the arguments: with `FACTIFY_KEY`, the ids of an organization and
    /// of an invite, and perhaps `FACTIFY_BASE_URL`; without it, nothing.
    ///
    /// # Errors
    /// With a sentence that says what to correct.
    pub fn from_env() -> Result<Self, Failure> {
        if std::env::var_os("FACTIFY_KEY").is_none() {
            let sandbox = Sandbox::new(2026);
            let key = ApiKey::new(sandbox.key(Persona::Admin))?;
            let organization = sandbox.organization_id();
            let server = SandboxServer::start(sandbox)?;
            let config = ClientConfig::new(key).base_url(server.base_url().parse()?);
            return Ok(Self::Demonstrate(server, config, organization));
        }
        let mut config = ClientConfig::new(ApiKey::from_env()?);
        if let Ok(url) = std::env::var("FACTIFY_BASE_URL") {
            config = config.base_url(BaseUrl::parse(&url)?);
        }
        let mut arguments = std::env::args().skip(1);
        let (Some(organization), Some(invite)) = (arguments.next(), arguments.next()) else {
            return Err(
                "give two arguments: the id of the organization (org_…) and of the invite \
                        (inv_…); or unset FACTIFY_KEY to see it on a sandbox"
                    .into(),
            );
        };
        Ok(Self::Revoke(config, organization.parse()?, invite.parse()?))
    }
}

/// One line about an invite.
pub fn describe(invite: &OrganizationInvite) -> String {
    format!("{} to {}: {}", invite.id, invite.email, invite.status)
}

/// Everything that is known about a failure, and what to do.
pub fn explain(failure: &Failure) -> String {
    match failure.downcast_ref::<factify_core::Error>() {
        Some(error) => error.report().to_string(),
        None => failure.to_string(),
    }
}
