//! Offboards a person, as far as the API can reach it: ends the membership, revokes the invites that they sent or that
//! were sent to them, gives their documents to somebody else, and revokes their access to other documents.
//!
//! Without `FACTIFY_KEY` it uses a sandbox whose network loses responses. With it: `cargo run --example offboard_person_blocking
//! -- org_… user_… their@email.address user_… --yes`; the last user gets the documents. Without `--yes` it only prints
//! the plan. It is safe to run again.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::sync::Arc;

use factify::LocalPace;
use factify::organizations::OffboardReport;
use factify_examples::{Failure, Place, exit, offboarding};

const ARGUMENTS: &str = "user_… their@email.address user_… [--yes]";

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Failure> {
    let place = Place::from_env(ARGUMENTS)?;
    eprintln!("{place}");
    let (is_agreed, (person, email, new_owner)) = match (&place.sandbox, place.arguments()) {
        (Some(sandbox), _) => (true, offboarding::person(sandbox)?),
        (None, [person, email, new_owner, rest @ ..]) if rest.is_empty() || rest == ["--yes"] => {
            let person = (person.parse()?, email.parse()?, new_owner.parse()?);
            (!rest.is_empty(), person)
        }
        _ => return Err(format!("give the arguments org_… {ARGUMENTS}").into()),
    };
    let config = place.config.clone().pace(Arc::new(LocalPace::new()));
    let client = factify::ureq::client(config)?;
    let organization = client.organization(place.organization);
    let offboard = || {
        let offboard = organization.offboard(person).email(email.clone());
        offboard.transfer_documents_to(new_owner)
    };

    println!("{}", offboard().dry_run().send()?);
    if !is_agreed {
        return Err("Nothing was changed. Add --yes to carry out this plan.".into());
    }
    let report = offboard().send()?;
    println!("{report}");
    println!("Check yourself:");
    for line in OffboardReport::NOT_COVERED {
        println!("- {line}");
    }
    if !report.is_complete() {
        return Err("Not all is done: see above. You can run this again.".into());
    }
    Ok(())
}
