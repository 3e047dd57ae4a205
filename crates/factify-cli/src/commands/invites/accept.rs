use std::fmt::Display;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use factify_core::invites::{AcceptOrganizationInvite, InvitationToken};
use factify_core::{Operation, OperationInfo, Pagination};
use zeroize::Zeroizing;

use crate::commands::ApiCommand;
use crate::commands::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, certainty};
use crate::input;
use crate::interrupt;
use crate::output::Document;
use crate::prompt;

pub(super) const EXAMPLES: &str = "\
factify invites accept org_01h2xcejqtf2nbrexx3vqjhp41 <token.txt";

#[derive(Debug, Args)]
#[command(override_usage = "factify invites accept [OPTIONS] [ORG]")]
pub(crate) struct Accept {
    /// The organization
    // Parsed later: an argument that is not an organization may be the token, which must not be
    // repeated.
    #[arg(value_name = "ORG")]
    words: Vec<String>,
    /// A file that contains the token [default: read it from standard input]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl ApiCommand for Accept {
    const OPERATION: OperationInfo = AcceptOrganizationInvite::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let organization = match self.words.as_slice() {
            [] => None,
            [word] => Some(word.parse().map_err(|error| misplaced(&error))?),
            _ => return Err(misplaced(&"there is more than one argument")),
        };
        let organization = context.organization(organization)?;
        let client = context.connect()?.client();
        let text = match &self.token_file {
            Some(path) => input::file(path, "--token-file")?,
            None => read_token(context).map_err(|error| {
                Failure::usage(format!(
                    "the token cannot be read from standard input: {error}"
                ))
            })?,
        };
        if text.trim().is_empty() {
            let place = match self.token_file {
                Some(_) => "the file of --token-file",
                None => "standard input",
            };
            return Err(Failure::usage(format!("{place} has no token")));
        }
        let token =
            InvitationToken::new(text.trim()).map_err(|error| Failure::usage(error.to_string()))?;
        let console = Arc::clone(&context.console);
        context.interrupts.on(move || {
            let message = format!(
                "Interrupted: it is unknown whether the invitation to {organization} is accepted. To check: \
                 factify orgs list"
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
        // Printed first, in case the output cannot be written.
        context.console.say("The invitation is accepted.");
        context.interrupts.reset();
        let document = Document::One("organization");
        let mut output = context.output(document);
        output.record(&joined);
        let written = output.finish(&Pagination::new());
        written.map_err(|failure| {
            failure.after_change(format_args!("the invitation to {organization}: accepted"))
        })?;
        Ok(Exit::Done)
    }
}

/// The error for an argument that may be the token. It does not repeat the argument.
fn misplaced(error: &dyn Display) -> Failure {
    Failure::usage(format!(
        "{error}\n  The token must not be an argument, because every process on this machine could \
         read it: give it on standard input or with --token-file."
    ))
}

/// At a terminal, the command asks for it.
fn read_token(context: &Context) -> io::Result<Zeroizing<String>> {
    if io::stdin().is_terminal() {
        let question = "Token of the invitation: ";
        prompt::secret(question, &context.console, &context.interrupts)
    } else {
        input::text(io::stdin().lock())
    }
}
