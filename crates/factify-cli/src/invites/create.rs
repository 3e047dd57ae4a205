use factify_core::invites::CreateOrganizationInvite;
use factify_core::{EmailAddress, Operation};

use super::Context;
use super::several::{self, Job};
use super::tally::Achieved;
use crate::args::invites::Create;
use crate::client::Client;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;

const DONE: &str = "invited";

pub(super) fn run(arguments: Create, context: &Context) -> Result<Exit, Failure> {
    // First, so that nobody types a list in vain.
    let connection = context.connect()?;
    let message = match &arguments.message_file {
        Some(path) => Some(input::file(path, "--message-file")?.to_string()),
        None => arguments.message,
    };
    let (organization, emails) = context.items(arguments.words)?;
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
    let job = Job {
        doing: "Inviting",
        done: DONE,
        organization,
        again: "If you run this again, those already invited get another email.",
    };
    several::run(&job, emails, connection, context, create, |_| {
        Achieved::Done(DONE)
    })
}
