//! `factify orgs`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use factify_core::organizations::{
    CreateOrganization, GetOrganization, GetOrganizationPublicProfile, ListOrganizations,
    LogoImage, OrganizationRole, UpdateOrganization, UploadOrganizationLogo,
};
use factify_core::{Operation, OperationInfo, OrganizationId, UserId};

use super::context::{Context, items};
use super::list::{self, Paging, Subject};
use super::{ApiCommand, area, one, show};
use crate::args::{Word, value};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input;

#[derive(Debug, Subcommand)]
pub(crate) enum Orgs {
    /// List your organizations
    #[command(after_long_help = exit::help("factify orgs list --role owner,admin"))]
    List(Box<List>),
    /// Show organizations
    #[command(after_long_help = exit::help("factify orgs show"))]
    Show(Box<Show>),
    /// Create an organization; you become its owner
    #[command(after_long_help = exit::help("factify orgs create 'Dunder Mifflin' --output ids"))]
    Create(Box<Create>),
    /// Change the name or the logo of an organization
    #[command(after_long_help = exit::help("factify orgs update --name 'Dunder Mifflin Sabre'"))]
    Update(Box<Update>),
    /// Show the public profile of an organization
    ///
    /// You do not have to be a member.
    #[command(after_long_help = exit::help("factify orgs profile org_01h2xcejqtf2nbrexx3vqjhp41"))]
    Profile(Box<Profile>),
    /// Store the image of a logo, and print its URL
    ///
    /// The organization does not change. Set the URL with `factify orgs update --logo-image-url`.
    #[command(after_long_help = exit::help(
        "factify orgs update --logo-image-url \"$(factify orgs upload-logo logo.png --output ids)\""
    ))]
    UploadLogo(Box<UploadLogo>),
}

area!(Orgs {
    List,
    Show,
    Create,
    Update,
    Profile,
    UploadLogo
});

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only organizations in which you have this role; separate several with commas or repeat the option
    #[arg(
        long,
        help_heading = "Filters",
        value_name = "ROLE",
        value_delimiter = ',',
        value_parser = value::known(OrganizationRole::KNOWN, OrganizationRole::as_str)
    )]
    role: Vec<OrganizationRole>,
    #[command(flatten)]
    paging: Paging,
}

impl ApiCommand for List {
    const OPERATION: OperationInfo = ListOrganizations::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let mut list = ListOrganizations::new();
        list.role = self.role;
        list::run(list, &self.paging, &Subject::new("organization"), context)
    }
}

#[derive(Debug, Args)]
#[command(override_usage = "factify orgs show [OPTIONS] [ORG]...")]
pub(crate) struct Show {
    /// The ids of the organizations [default: that of --org, FACTIFY_ORG or the profile]; `-` reads ids from standard
    /// input, one per line
    #[arg(value_name = "ORG", value_parser = value::item::<OrganizationId>)]
    words: Vec<Word<OrganizationId>>,
}

impl ApiCommand for Show {
    const OPERATION: OperationInfo = GetOrganization::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let ids = if self.words.is_empty() {
            vec![context.organization(None)?]
        } else {
            items(self.words)?
        };
        show::by_id(
            &ids,
            |id| GetOrganization::new(*id),
            "organization",
            context,
        )
    }
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The name, 1 to 255 characters
    name: String,
    /// The owner, by user id [default: you]
    #[arg(long, value_name = "USER")]
    owner: Option<UserId>,
}

impl ApiCommand for Create {
    const OPERATION: OperationInfo = CreateOrganization::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let requested = format!("organization {:?}", self.name);
        let mut create = CreateOrganization::new(self.name);
        create.owner_user_id = self.owner;
        one::change(create, requested, "created", context)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Update {
    /// The organization [default: that of --org, FACTIFY_ORG or the profile]
    #[arg(value_name = "ORG")]
    organization: Option<OrganizationId>,
    #[command(flatten)]
    changes: Changes,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Changes {
    /// The new name
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// The URL of the new logo
    #[arg(long, value_name = "URL")]
    logo_image_url: Option<String>,
}

impl ApiCommand for Update {
    const OPERATION: OperationInfo = UpdateOrganization::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let organization = context.organization(self.organization)?;
        let mut update = UpdateOrganization::new(organization);
        update.name = self.changes.name;
        update.logo_image_url = self.changes.logo_image_url;
        one::change(update, organization, "updated", context)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Profile {
    /// The organization [default: that of --org, FACTIFY_ORG or the profile]
    #[arg(value_name = "ORG")]
    organization: Option<OrganizationId>,
}

impl ApiCommand for Profile {
    const OPERATION: OperationInfo = GetOrganizationPublicProfile::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let organization = context.organization(self.organization)?;
        let profile = GetOrganizationPublicProfile::new(organization);
        one::read(
            profile,
            format_args!("the public profile of {organization}"),
            context,
        )
    }
}

#[derive(Debug, Args)]
pub(crate) struct UploadLogo {
    /// The file: PNG, JPEG, WebP or SVG, at most 2 MiB
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl ApiCommand for UploadLogo {
    const OPERATION: OperationInfo = UploadOrganizationLogo::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let organization = context.organization(None)?;
        let bytes = input::bytes(&self.file, LogoImage::MAX_BYTES)?;
        let image = LogoImage::new(bytes).map_err(|error| Failure::usage(error.to_string()))?;
        let upload = UploadOrganizationLogo::new(organization, image);
        one::change(upload, "the logo", "uploaded", context)
    }
}
