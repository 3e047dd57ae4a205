//! `factify keys`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use factify_core::api_keys::{
    ApiKey, CreateApiKey, Ensured, EnsuredState, ListApiKeys, RevokeApiKey,
};
use factify_core::{ApiKeyId, Operation, OperationInfo, OrganizationId, Pagination, Timestamp};

use super::context::Context;
use super::list::{self, Paging, Subject};
use super::several::{self, Job, Rate};
use super::tally::Achieved;
use super::{ApiCommand, area, show};
use crate::args::{Word, value};
use crate::client::Client;
use crate::exit::{self, Exit};
use crate::failure::{Failure, certainty};
use crate::output::{Document, KeyRevocation};
use crate::secret_file::SecretFile;
use crate::words;

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// List the API keys of an organization, without their secrets
    #[command(after_long_help = exit::help("factify keys list --include-revoked --output wide"))]
    List(Box<List>),
    /// Show API keys, without their secrets
    #[command(after_long_help = exit::help("factify keys show key_01h2xcejqtf2nbrexx3vqjhp41"))]
    Show(Box<Show>),
    /// Create an API key, and write its secret to a file
    ///
    /// The API shows the secret only once. The file is created before anything is sent, readable only by you; an
    /// existing file is refused.
    #[command(after_long_help = exit::help("\
factify keys create ci --expires-at 90d --secret-file ci.key
factify keys create ci --secret-file - | pass insert --multiline factify/ci"))]
    Create(Box<Create>),
    /// Revoke API keys, and make sure that they no longer work
    ///
    /// If an outcome is unknown, the command looks up the key until its state is certain. It is safe to run this
    /// again.
    #[command(after_long_help = exit::help(
        "factify keys revoke key_01h2xcejqtf2nbrexx3vqjhp41 --reason 'found in a log'"
    ))]
    Revoke(Box<Revoke>),
}

area!(Keys {
    List,
    Show,
    Create,
    Revoke
});

fn subject(organization: OrganizationId) -> Subject {
    Subject::of("API key", organization)
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The organization [default: that of --org, FACTIFY_ORG or the profile]
    #[arg(value_name = "ORG")]
    organization: Option<OrganizationId>,
    /// List revoked keys too
    #[arg(long, help_heading = "Filters")]
    include_revoked: bool,
    #[command(flatten)]
    paging: Paging,
}

impl ApiCommand for List {
    const OPERATION: OperationInfo = ListApiKeys::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let organization = context.organization(self.organization)?;
        let mut list = ListApiKeys::new(organization);
        list.include_revoked = self.include_revoked.then_some(true);
        list::run(list, &self.paging, &subject(organization), context)
    }
}

#[derive(Debug, Args)]
#[command(override_usage = "factify keys show [OPTIONS] [ORG] <KEY>...")]
pub(crate) struct Show {
    /// The ids of the keys, after the organization if you name it; `-` reads ids from standard input, one
    /// per line
    #[arg(required = true, value_name = "KEY", value_parser = value::word::<ApiKeyId>)]
    words: Vec<Word<ApiKeyId>>,
}

impl ApiCommand for Show {
    const OPERATION: OperationInfo = ListApiKeys::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let (organization, keys) = context.items(self.words)?;
        let mut list = ListApiKeys::new(organization);
        list.include_revoked = Some(true);
        let id = |key: &ApiKey| key.id.to_string();
        show::in_list(&keys, list, id, &subject(organization), context)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The name, 1 to 63 characters
    name: String,
    /// The file to write the secret to; `-` writes it to standard output, and nothing else
    #[arg(long, value_name = "FILE")]
    secret_file: PathBuf,
    /// When the key expires, at most a year from now, such as 2027-01-15T09:00:00Z, 2027-01-15 or 90d [default:
    /// never]
    #[arg(long, value_name = "TIME", value_parser = value::future_time, allow_hyphen_values = true)]
    expires_at: Option<Timestamp>,
}

impl ApiCommand for Create {
    const OPERATION: OperationInfo = CreateApiKey::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let organization = context.organization(None)?;
        let requested = format!("API key {:?} of {organization}", self.name);
        let mut create = CreateApiKey::new(organization, self.name);
        create.expires_at = self.expires_at;
        create
            .validate()
            .map_err(|invalid| Failure::parameter(&invalid))?;
        // First, so that no file is left behind if there is no key.
        let client = context.connect()?.client();
        let file = SecretFile::create(&self.secret_file)?;
        let in_doubt = create.in_doubt().map(|text| words::in_commands(text, ""));
        let end = context.interruption_in_doubt(&requested, "created", in_doubt);
        let leftover = file.path();
        let interrupted = move || {
            SecretFile::discard(leftover.as_deref());
            end();
        };
        let send = || client.call(create).send();
        let created = context
            .interrupts
            .during(interrupted, send)
            .map_err(|error| {
                SecretFile::discard(file.path().as_deref());
                let known = certainty(&error);
                Failure::call(format_args!("{requested}: {known} created"), &error)
            })?;
        let id = created.api_key.id;
        let done = format!("{requested} ({id}): created");
        let path = file.path();
        file.write(created.secret.expose()).map_err(|error| {
            SecretFile::discard(path.as_deref());
            let lost = format!("its secret cannot be written: {error}\n  Revoke it: factify keys revoke {organization} {id}");
            Failure::local(lost).after_change(&done)
        })?;
        if path.is_none() {
            context.console.say(format_args!("Created {id}."));
            return Ok(Exit::Done);
        }
        let mut output = context.output(Document::One("api_key"));
        output.record(&created.api_key);
        output
            .close(&Pagination::new())
            .map_err(|error| Failure::unwritten(&error).after_change(&done))?;
        Ok(Exit::Done)
    }
}

#[derive(Debug, Args)]
#[command(override_usage = "factify keys revoke [OPTIONS] [ORG] <KEY>...")]
pub(crate) struct Revoke {
    /// The ids of the keys, after the organization if you name it; `-` reads ids from standard input, one
    /// per line
    #[arg(required = true, value_name = "KEY", value_parser = value::word::<ApiKeyId>)]
    words: Vec<Word<ApiKeyId>>,
    /// The reason, for the audit: 1 to 500 characters
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    rate: Rate,
}

impl ApiCommand for Revoke {
    const OPERATION: OperationInfo = RevokeApiKey::INFO;
    const OTHERS: &'static [OperationInfo] = &[ListApiKeys::INFO];

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let (organization, keys) = context.items(self.words)?;
        // Checked once, because it does not depend on the key.
        if let Some(key) = keys.first() {
            let mut revoke = RevokeApiKey::new(*key);
            revoke.reason.clone_from(&self.reason);
            revoke
                .validate()
                .map_err(|invalid| Failure::parameter(&invalid))?;
        }
        let reason = self.reason;
        let revoke = move |client: &Client, key: &ApiKeyId| {
            let api_keys = client.api_keys();
            let mut call = api_keys.ensure_revoked(organization, *key);
            if let Some(reason) = &reason {
                call = call.reason(reason);
            }
            let ensured: Ensured = call.send()?;
            Ok(KeyRevocation::new(*key, ensured))
        };
        let job = Job::new("Revoking", "revoked")
            .of(format_args!("of {organization}"))
            .object("api_key");
        several::run(&job, keys, connection, context, revoke, |revocation| {
            Achieved::Done(match revocation.state() {
                EnsuredState::Revoked => "revoked",
                EnsuredState::AlreadyRevoked => "already revoked",
                // Also states that a later version of the library adds: the key no longer works.
                _ => "expired",
            })
        })
    }
}
