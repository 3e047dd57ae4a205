//! The `factify` command: organization invitations at a terminal and in scripts.

mod args;
mod bulk;
mod client;
mod console;
mod exit;
mod failure;
mod generate;
mod input;
mod interrupt;
mod invites;
mod output;
mod pace;
mod sandbox;
mod zone;

use std::process::ExitCode;
use std::sync::Arc;

use args::{Cli, Command};
use console::Console;
use exit::Exit;
use failure::Failure;

fn main() -> ExitCode {
    let cli = match args::parse() {
        Ok(cli) => cli,
        Err(exit) => return exit.into(),
    };
    let console = Arc::new(Console::new(cli.global.color, cli.global.verbose));
    let exit = run(cli, &console).unwrap_or_else(|failure| {
        console.error(&failure);
        failure.exit
    });
    exit.into()
}

fn run(cli: Cli, console: &Arc<Console>) -> Result<Exit, Failure> {
    match cli.command {
        Command::Invites(invites) => invites::run(invites, cli.global, console),
        Command::Sandbox(sandbox) => sandbox::run(&sandbox, cli.global.output, console),
        Command::Completions { shell } => generate::completions(shell),
        Command::Man { directory } => generate::man(&directory, console),
    }
}
