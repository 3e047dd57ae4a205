//! Tests your own code that calls Factify: on the sandbox, with a network that fails.
//!
//! `cargo test --example test_your_code`, or run it to see one such network.

#![allow(clippy::print_stdout)]

use std::process::ExitCode;

use factify::blocking::{Client, HttpTransport};
use factify::invites::OrganizationInviteStatus;
use factify::{EmailAddress, Error, OrganizationId, Outcome};
use factify_examples::{Failure, exit};

/// The code under test: invites a team, with exactly one email for each person, whatever the network
/// does. Returns the addresses for which the outcome is unknown. It is safe to run again.
fn invite_team(
    client: &Client<impl HttpTransport>,
    organization: OrganizationId,
    team: &[EmailAddress],
) -> Result<Vec<EmailAddress>, Error> {
    let mut in_doubt = Vec::new();
    for address in team {
        // Inviting twice would send two emails, so check the list first.
        if is_invited(client, organization, address)? {
            continue;
        }
        let invites = client.organization(organization).invites();
        match invites.create(address.clone()).send() {
            Ok(_) => {}
            // Already a member.
            Err(error) if error.is_failed_precondition() => {}
            Err(error) if error.outcome() == Outcome::NotApplied => return Err(error),
            Err(_) => in_doubt.push(address.clone()),
        }
    }
    Ok(in_doubt)
}

fn is_invited(
    client: &Client<impl HttpTransport>,
    organization: OrganizationId,
    address: &EmailAddress,
) -> Result<bool, Error> {
    let invites = client.organization(organization).invites();
    let pending = OrganizationInviteStatus::Pending;
    let list = invites
        .list()
        .status(pending)
        .email_contains(address.as_str());
    for invite in list.items() {
        if invite?.email.eq_ignore_ascii_case(address.as_str()) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Failure> {
    let team = ["dwight@example.com", "jim@example.com", "pam@example.com"];
    let team = team
        .map(str::parse)
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    let (sandbox, client) = bad_network::start(4);
    for attempt in 1..=4 {
        match invite_team(&client, sandbox.organization_id(), &team) {
            Ok(in_doubt) => println!("Run {attempt}: {} in doubt.", in_doubt.len()),
            Err(error) => println!("Run {attempt}: {error}"),
        }
    }
    println!("{} emails were sent.", sandbox.outbox().len());
    Ok(())
}

mod bad_network {
    use super::Client;
    use factify::RetryPolicy;
    use factify::sandbox::{Fault, FaultPlan, Persona, Sandbox, SandboxTransport};

    /// A sandbox where one request in three fails; the seed decides which.
    pub(super) fn start(seed: u64) -> (Sandbox, Client<SandboxTransport>) {
        let sandbox = Sandbox::new(seed);
        let config = sandbox
            .config(Persona::Admin)
            .retry(RetryPolicy::never())
            .max_response_bytes(64 << 10);
        sandbox.inject(FaultPlan::random(
            seed,
            3,
            [
                Fault::DropBefore,
                Fault::DropAfter,
                Fault::Truncate,
                Fault::Hang,
                Fault::RateLimited {
                    retry_after: Some(30),
                },
                Fault::Unavailable { processed: true },
                Fault::Oversized(65 << 10),
            ],
        ));
        let client = Client::new(sandbox.transport(), config);
        (sandbox, client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_gets_one_email_on_any_network() -> Result<(), Failure> {
        let team = (0..10).map(|n| format!("person{n}@example.com").parse());
        let team = team.collect::<Result<Vec<EmailAddress>, _>>()?;
        for seed in 0..200 {
            let (sandbox, client) = bad_network::start(seed);
            while sandbox.invites().len() < team.len() {
                // Run it again until all are invited, like an operator.
                let _ = invite_team(&client, sandbox.organization_id(), &team);
            }
            let mut addresses: Vec<_> =
                sandbox.outbox().into_iter().map(|email| email.to).collect();
            addresses.sort_unstable();
            let unique = addresses.windows(2).all(|pair| pair.first() != pair.last());
            assert!(
                unique && addresses.len() == team.len(),
                "seed {seed}: {addresses:?}"
            );
        }
        Ok(())
    }
}
