//! The arguments of `factify sandbox`.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use factify_core::types::EmailAddress;
use factify_sandbox::FaultPlan;

#[derive(Debug, Args)]
#[command(override_usage = "factify sandbox [OPTIONS]")]
pub(crate) struct Sandbox {
    /// The address to listen on; port 0 selects a free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) addr: SocketAddr,
    /// The seed for the keys, the tokens and the random part of the ids
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// The number of pending invites at the start
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) invites: u32,
    /// The speed of the clock: N times real time
    #[arg(
        long,
        value_name = "N",
        value_parser = super::value::at_least_one::<u32>,
        default_value_t = 1
    )]
    pub(crate) clock_speed: u32,
    /// Remove the rate limits: for each key and minute 1,000 requests, and 100 that create
    #[arg(long)]
    pub(crate) no_rate_limit: bool,
    /// Add a user, as a member of the organization if a role is given: dwight@example.com=admin
    #[arg(long = "user", value_name = "EMAIL[=ROLE]")]
    pub(crate) users: Vec<User>,
    /// Inject faults by a plan, such as always:drop_after
    #[arg(long, value_name = "PLAN", default_value_t, hide_default_value = true)]
    #[arg(long_help = fault_help())]
    pub(crate) fault: FaultPlan,
    /// Print the address, users and keys as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Serve in the background, and print environment variables for a shell to evaluate
    #[arg(long, conflicts_with = "json")]
    pub(crate) print_env: bool,
}

fn fault_help() -> String {
    let plan = FaultPlan::help();
    format!("Inject faults by a plan, such as always:drop_after\n\n{plan}")
}

/// A user to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) email: EmailAddress,
    pub(crate) role: Option<Role>,
}

/// A role of a user who is added. The organization has an owner already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    Admin,
    Member,
}

impl Role {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }
}

impl FromStr for User {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // An address can contain `=` before its `@`.
        let (email, role) = match text.rsplit_once('=') {
            Some((email, role)) if !role.contains('@') => (email, Some(role)),
            _ => (text, None),
        };
        let roles = Role::value_variants();
        let role = role.map(|role| {
            let found = roles.iter().find(|known| known.name() == role);
            let names: Vec<_> = roles.iter().map(|role| role.name()).collect();
            let names = names.join(" or ");
            found
                .copied()
                .ok_or_else(|| format!("{role:?} is not a role; use {names}"))
        });
        Ok(Self {
            email: email.parse().map_err(|error| format!("{error}"))?,
            role: role.transpose()?,
        })
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.email.as_str())?;
        match self.role {
            Some(role) => write!(f, "={}", role.name()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::User;

    #[test]
    fn a_user_is_an_address_and_maybe_a_role() {
        for (text, expected) in [
            ("a@b.co", Ok(("a@b.co", None))),
            ("a@b.co=admin", Ok(("a@b.co", Some("admin")))),
            ("a@b.co=member", Ok(("a@b.co", Some("member")))),
            ("a=b@c.co", Ok(("a=b@c.co", None))),
            ("a=b@c.co=admin", Ok(("a=b@c.co", Some("admin")))),
            (
                "a@b.co=owner",
                Err("\"owner\" is not a role; use admin or member"),
            ),
            ("a@b.co=", Err("\"\" is not a role; use admin or member")),
        ] {
            let user = text.parse::<User>();
            let found = user
                .as_ref()
                .map(|user| (user.email.as_str(), user.role.map(super::Role::name)))
                .map_err(String::as_str);
            assert_eq!(found, expected, "{text}");
            if let Ok(user) = user {
                assert_eq!(user.to_string(), text);
            }
        }
        assert!("nobody".parse::<User>().is_err());
        assert!("=admin".parse::<User>().is_err());
    }
}
