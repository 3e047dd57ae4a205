//! The `factify` command: the Factify API at a terminal and in scripts.

mod args;
mod bulk;
mod client;
mod commands;
mod completions;
mod console;
mod error_object;
mod exit;
mod failure;
mod input;
mod interrupt;
mod man;
mod output;
mod prompt;
mod queue;
mod recorder;
mod sandbox;
mod secret_file;
mod settings;
mod words;
mod zone;

use std::process::ExitCode;
use std::sync::Arc;

use args::Command;
use clap::ColorChoice;
use console::{Console, ErrorFormat};
use exit::Exit;
use failure::Failure;

fn main() -> ExitCode {
    if let Some(exit) = completions::requested() {
        return exit.into();
    }
    if let Err(failure) = output::check() {
        Console::new(ColorChoice::Auto, ErrorFormat::Text).error(&failure);
        return failure.exit.into();
    }
    let cli = match args::parse() {
        Ok(cli) => cli,
        Err(exit) => return exit.into(),
    };
    let console = Arc::new(Console::new(cli.color, cli.error_format));
    let exit = run(cli.command, &console).unwrap_or_else(|failure| {
        console.error(&failure);
        failure.exit
    });
    exit.into()
}

fn run(command: Command, console: &Arc<Console>) -> Result<Exit, Failure> {
    match command {
        Command::Orgs(orgs) => orgs.run(console),
        Command::Members(members) => members.run(console),
        Command::Invites(invites) => invites.run(console),
        Command::Keys(keys) => keys.run(console),
        Command::Documents(documents) => documents.run(console),
        Command::Versions(versions) => versions.run(console),
        Command::Sharing(sharing) => sharing.run(console),
        Command::AccessRequests(requests) => requests.run(console),
        Command::Policies(policies) => policies.run(console),
        Command::Quota(quota) => quota.run(console),
        Command::Me(me) => me.run(console),
        Command::Offboard(offboard) => offboard.run(console),
        Command::Api(request) => request.run(console),
        Command::Auth(auth) => auth.run(console),
        Command::Sandbox(sandbox) => sandbox::run(&sandbox, console),
        Command::Completions { shell } => completions::script(shell),
        Command::Man { directory } => man::write(&directory, console),
    }
}
