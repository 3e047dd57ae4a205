use std::path::PathBuf;

use clap::Args;
use factify_core::invites::CreateOrganizationInvite;
use factify_core::{EmailAddress, Operation, OperationInfo};

use crate::args::{Word, value};
use crate::client::Client;
use crate::commands::ApiCommand;
use crate::commands::context::Context;
use crate::commands::several::{self, Job, Rate};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;

const DONE: &str = "invited";

pub(super) const EXAMPLES: &str = "\
factify invites create dwight@example.com jim@example.com --message 'See you on Monday.'
factify invites create - <addresses.txt";

#[derive(Debug, Args)]
#[command(override_usage = "factify invites create [OPTIONS] [ORG] <EMAIL>...")]
pub(crate) struct Create {
    /// The email addresses, after the organization if you name it; `-` reads addresses from standard
    /// input, one per line
    #[arg(required = true, value_name = "EMAIL", value_parser = value::word::<EmailAddress>)]
    words: Vec<Word<EmailAddress>>,
    /// The message to put into each email, at most 2,000 bytes
    #[arg(long, value_name = "TEXT", conflicts_with = "message_file")]
    message: Option<String>,
    /// A file that contains the message
    #[arg(long, value_name = "FILE")]
    message_file: Option<PathBuf>,
    #[command(flatten)]
    rate: Rate,
}

impl ApiCommand for Create {
    const OPERATION: OperationInfo = CreateOrganizationInvite::INFO;

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        // First, so that nobody types a list in vain.
        let connection = context.connect()?;
        let message = match &self.message_file {
            Some(path) => Some(input::file(path, "--message-file")?.to_string()),
            None => self.message,
        };
        let (organization, emails) = context.items(self.words)?;
        // Checked once, because it does not depend on the address.
        if let (Some(email), Some(message)) = (emails.first(), &message) {
            let mut create = CreateOrganizationInvite::new(organization, email.clone());
            create.message = Some(message.clone());
            create
                .validate()
                .map_err(|invalid| Failure::parameter(&invalid))?;
        }
        let create = move |client: &Client, email: &EmailAddress| {
            let invites = client.organization(organization).invites();
            let call = invites.create(email.clone());
            match &message {
                Some(message) => call.message(message).send(),
                None => call.send(),
            }
        };
        let job = Job::new("Inviting", DONE)
            .of(format_args!("in {organization}"))
            .again("If you run this again, those already invited get another email.")
            .items_are("email")
            .object("invite");
        several::all(&job, emails, connection, context, create)
    }
}
