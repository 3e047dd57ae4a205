//! Prints the usage of a month by day, and what is left of the quotas.
//!
//! Without `FACTIFY_KEY` it uses a sandbox. With it: `cargo run --example usage_report -- org_… 2026-01`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use factify_examples::{Failure, Place, exit, month};

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Failure> {
    let place = Place::from_env("YYYY-MM")?;
    eprintln!("{place}");
    let client = factify::hyper::client(place.config.clone())?;
    let (usage, organization) = (client.usage(), place.organization);
    let text = match &place.sandbox {
        Some(sandbox) => {
            let key = sandbox.key_id(factify::sandbox::Persona::Admin);
            usage.set_key_quota(key, 1_000).send().await?;
            sandbox.now().to_string().chars().take(7).collect()
        }
        None => place.argument()?.to_owned(),
    };
    let (first, last) = month(&text)?;

    let history = usage.get_history().organization_id(organization);
    let history = history.date_after(first).date_before(last).send().await?;
    for day in history.daily_usage {
        println!("{} {:>10}", day.date.unwrap_or_default(), day.request_count);
    }
    println!("{text}    {:>10} requests", history.total_requests);
    println!("The requests of this report count too.");

    let quota = usage.get().organization_id(organization).send().await?;
    println!(
        "The organization has used {} of {}.",
        quota.current_usage, quota.effective_limit
    );
    for key in usage
        .list_key_quotas()
        .organization_id(organization)
        .send()
        .await?
    {
        let id = key.api_key_id.map(|id| id.to_string()).unwrap_or_default();
        let limit = key
            .limit
            .map_or("no limit".to_owned(), |limit| limit.to_string());
        println!("{id} has used {} of {limit}.", key.current_usage);
    }
    Ok(())
}
