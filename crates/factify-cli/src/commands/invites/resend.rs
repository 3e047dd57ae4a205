use clap::Args;
use factify_core::invites::ResendOrganizationInvite;
use factify_core::{InviteId, Operation, OperationInfo};

use crate::args::{Word, value};
use crate::client::Client;
use crate::commands::ApiCommand;
use crate::commands::context::Context;
use crate::commands::several::{self, Job, Rate};
use crate::exit::Exit;
use crate::failure::Failure;

const DONE: &str = "sent again";

pub(super) const EXAMPLES: &str = "\
factify invites resend inv_01h2xcejqtf2nbrexx3vqjhp41";

#[derive(Debug, Args)]
#[command(override_usage = "factify invites resend [OPTIONS] [ORG] <INVITE>...")]
pub(crate) struct Resend {
    /// The ids of the invites, after the organization if you name it; `-` reads ids from standard input,
    /// one per line
    #[arg(required = true, value_name = "INVITE", value_parser = value::word::<InviteId>)]
    words: Vec<Word<InviteId>>,
    #[command(flatten)]
    rate: Rate,
}

impl ApiCommand for Resend {
    const OPERATION: OperationInfo = ResendOrganizationInvite::INFO;

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let (organization, invites) = context.items(self.words)?;
        let resend = move |client: &Client, invite: &InviteId| {
            let invites = client.organization(organization).invites();
            invites.resend(*invite).send()
        };
        let job = Job::new("Resending", DONE)
            .of(format_args!("in {organization}"))
            .again("If you run this again, each gets another email.")
            .object("invite");
        several::all(&job, invites, connection, context, resend)
    }
}
