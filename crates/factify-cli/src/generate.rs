//! Completions and man pages, made of the description of the command line.

use std::io::{self, Write};
use std::path::Path;

use clap_complete::Shell;

use crate::args;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) fn completions(shell: Shell) -> Result<Exit, Failure> {
    // The generator panics when it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::description(), "factify", &mut script);
    match io::stdout().write_all(&script) {
        Err(fault) if fault.kind() != io::ErrorKind::BrokenPipe => Err(Failure::local(format!(
            "standard output cannot be written: {fault}"
        ))),
        _ => Ok(Exit::Done),
    }
}

pub(crate) fn man(directory: &Path, console: &Console) -> Result<Exit, Failure> {
    clap_mangen::generate_to(args::description(), directory).map_err(|fault| {
        Failure::local(format!("the man pages cannot be written there: {fault}"))
    })?;
    let place = directory.display();
    console.say(format_args!(
        "The man pages are in {place}: begin with factify.1."
    ));
    Ok(Exit::Done)
}
