//! The `factify` command: the Factify API at a terminal and in scripts.

mod args;
mod bulk;
mod client;
mod commands;
mod console;
mod exit;
mod failure;
mod generate;
mod input;
mod interrupt;
mod output;
mod prompt;
mod queue;
mod sandbox;
mod zone;

use std::process::ExitCode;
use std::sync::Arc;

use args::Command;
use clap::ColorChoice;
use console::Console;
use exit::Exit;
use failure::Failure;

fn main() -> ExitCode {
    if let Err(failure) = output::check() {
        Console::new(ColorChoice::Auto, false).error(&failure);
        return failure.exit.into();
    }
    let cli = match args::parse() {
        Ok(cli) => cli,
        Err(exit) => return exit.into(),
    };
    let verbose = match &cli.command {
        Command::Invites(invites) => invites.global.verbose,
        Command::Documents(documents) => documents.global.verbose,
        _ => false,
    };
    let console = Arc::new(Console::new(cli.color, verbose));
    let exit = run(cli.command, &console).unwrap_or_else(|failure| {
        console.error(&failure);
        failure.exit
    });
    exit.into()
}

fn run(command: Command, console: &Arc<Console>) -> Result<Exit, Failure> {
    match command {
        Command::Invites(invites) => invites.run(console),
        Command::Documents(documents) => documents.run(console),
        Command::Sandbox(sandbox) => sandbox::run(&sandbox, console),
        Command::Completions { shell } => generate::completions(shell),
        Command::Man { directory } => generate::man(&directory, console),
    }
}
