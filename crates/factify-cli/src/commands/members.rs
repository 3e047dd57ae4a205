//! `factify members`.

use clap::{Args, Subcommand};
use factify_core::members::{
    AddOrganizationMember, EnsuredState, ListOrganizationMembers, OrganizationMember,
    RemoveOrganizationMember, UpdateOrganizationMember,
};
use factify_core::organizations::OrganizationRole;
use factify_core::{Operation, OperationInfo, OrganizationId, UserId};

use super::context::Context;
use super::list::{self, Paging, Subject};
use super::several::{self, Job, Rate};
use super::tally::Achieved;
use super::{ApiCommand, area, show};
use crate::args::{Word, value};
use crate::client::Client;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::output::Done;

#[derive(Debug, Subcommand)]
pub(crate) enum Members {
    /// List the members of an organization
    #[command(after_long_help = exit::help("factify members list --output csv"))]
    List(Box<List>),
    /// Show members
    #[command(after_long_help = exit::help("factify members show user_01h2xcejqtf2nbrexx3vqjhp41"))]
    Show(Box<Show>),
    /// Add users to an organization, without an invitation
    #[command(after_long_help = exit::help(
        "factify members add user_01h2xcejqtf2nbrexx3vqjhp41 --role admin"
    ))]
    Add(Box<Add>),
    /// Change the role of members
    #[command(after_long_help = exit::help(
        "factify members update user_01h2xcejqtf2nbrexx3vqjhp41 --role member"
    ))]
    Update(Box<Update>),
    /// Remove members, and make sure that they are no longer members
    ///
    /// They may still have access to documents, and own some: see `factify offboard`. It is safe to run this again.
    #[command(after_long_help = exit::help("factify members remove user_01h2xcejqtf2nbrexx3vqjhp41"))]
    Remove(Box<Remove>),
}

area!(Members {
    List,
    Show,
    Add,
    Update,
    Remove
});

fn subject(organization: OrganizationId) -> Subject {
    Subject::of("member", organization)
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The organization [default: that of --org, FACTIFY_ORG or the profile]
    #[arg(value_name = "ORG")]
    organization: Option<OrganizationId>,
    #[command(flatten)]
    paging: Paging,
}

impl ApiCommand for List {
    const OPERATION: OperationInfo = ListOrganizationMembers::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let organization = context.organization(self.organization)?;
        let list = ListOrganizationMembers::new(organization);
        list::run(list, &self.paging, &subject(organization), context)
    }
}

#[derive(Debug, Args)]
#[command(override_usage = "factify members show [OPTIONS] [ORG] <USER>...")]
pub(crate) struct Show {
    #[command(flatten)]
    users: Users,
}

/// Users of an organization.
#[derive(Debug, Args)]
struct Users {
    /// The ids of the users, after the organization if you name it; `-` reads ids from standard input, one
    /// per line
    #[arg(required = true, value_name = "USER", value_parser = value::word::<UserId>)]
    words: Vec<Word<UserId>>,
}

impl ApiCommand for Show {
    const OPERATION: OperationInfo = ListOrganizationMembers::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let (organization, users) = context.items(self.users.words)?;
        let list = ListOrganizationMembers::new(organization);
        let id = |member: &OrganizationMember| member.user.id.as_str().to_owned();
        show::in_list(&users, list, id, &subject(organization), context)
    }
}

/// The role that a member can have without being the owner.
fn role() -> impl clap::builder::TypedValueParser<Value = OrganizationRole> {
    const ROLES: &[OrganizationRole] = &[OrganizationRole::Admin, OrganizationRole::Member];
    value::known(ROLES, OrganizationRole::as_str)
}

#[derive(Debug, Args)]
#[command(override_usage = "factify members add [OPTIONS] --role <ROLE> [ORG] <USER>...")]
pub(crate) struct Add {
    #[command(flatten)]
    users: Users,
    /// Their role
    #[arg(long, value_name = "ROLE", value_parser = role())]
    role: OrganizationRole,
    #[command(flatten)]
    rate: Rate,
}

impl ApiCommand for Add {
    const OPERATION: OperationInfo = AddOrganizationMember::INFO;

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let (organization, users) = context.items(self.users.words)?;
        let role = self.role;
        let add = move |client: &Client, user: &UserId| {
            let members = client.organization(organization).members();
            members.add(*user, role.clone()).send()
        };
        let job = Job::new("Adding", "added")
            .of(format_args!("to {organization}"))
            .again("If you run this again, the API refuses those that are members already.")
            .object("member");
        several::all(&job, users, connection, context, add)
    }
}

#[derive(Debug, Args)]
#[command(override_usage = "factify members update [OPTIONS] --role <ROLE> [ORG] <USER>...")]
pub(crate) struct Update {
    #[command(flatten)]
    users: Users,
    /// Their new role
    #[arg(long, value_name = "ROLE", value_parser = role())]
    role: OrganizationRole,
    #[command(flatten)]
    rate: Rate,
}

impl ApiCommand for Update {
    const OPERATION: OperationInfo = UpdateOrganizationMember::INFO;

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let (organization, users) = context.items(self.users.words)?;
        let role = self.role;
        let update = move |client: &Client, user: &UserId| {
            let members = client.organization(organization).members();
            members.update(*user, role.clone()).send()
        };
        let job = Job::new("Updating", "updated")
            .of(format_args!("in {organization}"))
            .object("member");
        several::all(&job, users, connection, context, update)
    }
}

#[derive(Debug, Args)]
#[command(override_usage = "factify members remove [OPTIONS] [ORG] <USER>...")]
pub(crate) struct Remove {
    #[command(flatten)]
    users: Users,
    #[command(flatten)]
    rate: Rate,
}

impl ApiCommand for Remove {
    const OPERATION: OperationInfo = RemoveOrganizationMember::INFO;
    const OTHERS: &'static [OperationInfo] = &[ListOrganizationMembers::INFO];

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let (organization, users) = context.items(self.users.words)?;
        let remove = move |client: &Client, user: &UserId| {
            let members = client.organization(organization).members();
            let ensured = members.ensure_removed(*user).send()?;
            Ok(Done::new(
                user,
                match ensured.state {
                    EnsuredState::Removed => "removed",
                    _ => "not a member",
                },
            ))
        };
        let job = Job::new("Removing", "removed").of(format_args!("of {organization}"));
        several::run(&job, users, connection, context, remove, |done: &Done| {
            Achieved::Done(done.result())
        })
    }
}
