use clap::Args;
use factify_core::invites::{ListOrganizationInvites, OrganizationInvite};
use factify_core::{InviteId, Operation, OperationInfo};

use super::list::subject;
use crate::args::{Word, value};
use crate::commands::context::Context;
use crate::commands::{ApiCommand, show};
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) const EXAMPLES: &str = "factify invites show inv_01h2xcejqtf2nbrexx3vqjhp41";

#[derive(Debug, Args)]
#[command(override_usage = "factify invites show [OPTIONS] [ORG] <INVITE>...")]
pub(crate) struct Show {
    /// The ids of the invites, after the organization if you name it; `-` reads ids from standard input,
    /// one per line
    #[arg(required = true, value_name = "INVITE", value_parser = value::word::<InviteId>)]
    words: Vec<Word<InviteId>>,
}

impl ApiCommand for Show {
    const OPERATION: OperationInfo = ListOrganizationInvites::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let (organization, invites) = context.items(self.words)?;
        let list = ListOrganizationInvites::new(organization);
        let id = |invite: &OrganizationInvite| invite.id.to_string();
        show::in_list(&invites, list, id, &subject(organization), context)
    }
}
