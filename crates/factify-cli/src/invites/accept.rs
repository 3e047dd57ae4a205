use std::fmt::Display;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::thread;

use factify_core::Pagination;
use factify_core::invites::InvitationToken;
use zeroize::Zeroizing;

use super::Context;
use crate::args::invites::Accept;
use crate::exit::Exit;
use crate::failure::{Failure, certainty};
use crate::input;
use crate::interrupt::{self, NOTHING_CHANGED};
use crate::output::{Document, Output};

pub(super) fn run(arguments: &Accept, context: &Context) -> Result<Exit, Failure> {
    let organization = match arguments.words.as_slice() {
        [] => None,
        [word] => Some(word.parse().map_err(|fault| misplaced(&fault))?),
        _ => return Err(misplaced(&"there is more than one argument")),
    };
    let organization = context.organization(organization)?;
    let client = context.connect()?;
    let text = match &arguments.token_file {
        Some(path) => input::file(path, "--token-file")?,
        None => match read_token(context) {
            Ok(text) => text,
            // The prompt sends the signal as well, which has the last word.
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {
                thread::sleep(interrupt::PATIENCE);
                return Ok(Exit::Interrupted);
            }
            Err(fault) => {
                return Err(Failure::usage(format!(
                    "the token cannot be read from standard input: {fault}"
                )));
            }
        },
    };
    let token =
        InvitationToken::new(text.trim()).map_err(|fault| Failure::usage(fault.to_string()))?;
    let console = Arc::clone(&context.console);
    context.interrupts.on(move || {
        let message = format!(
            "Interrupted: it is not known whether the invitation to {organization} is accepted. Look \
             whether it is among your organizations."
        );
        interrupt::end_with(&console, message);
    });
    let call = client.organization(organization).invites().accept(token);
    let joined = call.send().map_err(|error| {
        let known = certainty(&error);
        Failure::call(
            format_args!("the invitation to {organization}: {known} accepted"),
            &error,
        )
    })?;
    // Also for who loses the output.
    context.console.say("The invitation is accepted.");
    context.interrupts.reset();
    let document = Document::One("organization");
    let mut output = Output::new(context.global.output, document, &context.console);
    output.record(&joined);
    output.finish(&Pagination::new())?;
    Ok(Exit::Done)
}

/// An argument that is perhaps the token, and so is not repeated.
fn misplaced(fault: &dyn Display) -> Failure {
    Failure::usage(format!(
        "{fault}\n  The token is no argument, since every process of this machine could read it \
         there: give it on standard input, or by --token-file."
    ))
}

/// On a terminal it is asked for, and not shown.
fn read_token(context: &Context) -> io::Result<Zeroizing<String>> {
    if !io::stdin().is_terminal() {
        return input::text(io::stdin().lock());
    }
    restore_echo_on_interrupt(context)?;
    // At the terminal itself, wherever standard error goes.
    rpassword::prompt_password("Token of the invitation: ").map(Zeroizing::new)
}

/// An interruption would leave a terminal that does not show what is typed.
#[cfg(unix)]
fn restore_echo_on_interrupt(context: &Context) -> io::Result<()> {
    use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
    let terminal = std::fs::File::open("/dev/tty")?;
    let attributes = tcgetattr(&terminal)?;
    let console = Arc::clone(&context.console);
    context.interrupts.on(move || {
        // It ends in any case.
        let _ = tcsetattr(&terminal, OptionalActions::Now, &attributes);
        interrupt::end_with(&console, NOTHING_CHANGED);
    });
    Ok(())
}

#[cfg(not(unix))]
fn restore_echo_on_interrupt(_: &Context) -> io::Result<()> {
    Ok(())
}
