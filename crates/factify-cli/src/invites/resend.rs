use factify_core::InviteId;

use super::Context;
use super::several::{self, Job};
use super::tally::Achieved;
use crate::args::invites::Resend;
use crate::client::Client;
use crate::exit::Exit;
use crate::failure::Failure;

const DONE: &str = "sent again";

pub(super) fn run(arguments: Resend, context: &Context) -> Result<Exit, Failure> {
    let connection = context.connect()?;
    let (organization, invites) = context.items(arguments.words)?;
    let resend = move |client: &Client, invite: &InviteId| {
        let invites = client.organization(organization).invites();
        invites.resend(*invite).send()
    };
    let job = Job {
        doing: "Resending",
        done: DONE,
        organization,
        again: "If you run this again, each gets another email.",
    };
    several::run(&job, invites, connection, context, resend, |_| {
        Achieved::Done(DONE)
    })
}
