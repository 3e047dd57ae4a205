//! Completions: the scripts for the shells, and the words that a script asks for.
//!
//! A script calls `factify` with [`VARIABLE`] set and the words of the line. So a completion knows the same commands
//! as the command that is installed, and can ask the API.

mod line;
mod values;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::ValueEnum;
use clap_complete::Shell;
use clap_complete::env::Shells;

use crate::args;
use crate::exit::Exit;
use crate::failure::Failure;

/// The environment variable that asks for completions. Its value is the name of the shell.
const VARIABLE: &str = "FACTIFY_COMPLETE";

/// How to install a script, for the help.
pub(crate) const INSTALLATION: &str = "\
Installation:
  bash        in ~/.bashrc:  source <(factify completions bash)
  zsh         in ~/.zshrc, after compinit:  source <(factify completions zsh)
  fish        in ~/.config/fish/config.fish:  factify completions fish | source
  elvish      in ~/.config/elvish/rc.elv:  eval (factify completions elvish | slurp)
  powershell  in $PROFILE:  factify completions powershell | Out-String | Invoke-Expression";

/// Prints the script for a shell.
pub(crate) fn script(shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    let value = shell.to_possible_value();
    let name = value.as_ref().map_or("", |value| value.get_name());
    let generated = match Shells::builtins().completer(name) {
        Some(shell) => {
            shell.write_registration(VARIABLE, "factify", "factify", "factify", &mut script)
        }
        None => Err(io::Error::other("there is no script for this shell")),
    };
    generated.map_err(|error| Failure::local(error.to_string()))?;
    let written = io::stdout().write_all(&script);
    match written.err().as_ref().and_then(Failure::output) {
        Some(failure) => Err(failure),
        None => Ok(Exit::Done),
    }
}

/// Prints the completions, if a script asks for them. Errors are not shown, because they would appear in the line that
/// somebody types.
pub(crate) fn requested() -> Option<Exit> {
    let asked = std::env::var_os(VARIABLE).is_some_and(|shell| !shell.is_empty());
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if !asked || arguments.is_empty() {
        return None;
    }
    let line = line::Line::new(&arguments);
    let described = || values::added(args::description(), &line);
    let directory = std::env::current_dir().ok();
    let done = clap_complete::CompleteEnv::with_factory(described)
        .var(VARIABLE)
        .bin("factify")
        .completer("factify")
        .try_complete(arguments.clone(), directory.as_deref());
    Some(if done.is_ok() {
        Exit::Done
    } else {
        Exit::Local
    })
}
