//! Shared by the examples: the organization to use, and how to print results.
//!
//! This compiles the code of the README and of docs/versioning.md:
#![doc = include_str!("../README.md")]
#![doc = include_str!("../docs/versioning.md")]

pub mod backup;
pub mod journal;
pub mod key_file;
pub mod offboarding;
pub mod record_text;
pub mod sha256;
pub mod tally;
pub mod uploads;

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use factify::api_keys::ApiKeySecret;
use factify::invites::{ListOrganizationInvites, OrganizationInvite};
use factify::sandbox::{Persona, Sandbox, SandboxServer};
use factify::{Call, ClientConfig, OrganizationId, Timestamp};
use key_file::UsedKey;

/// Any error of an example.
pub type Failure = Box<dyn Error + Send + Sync>;

/// What an example works on: a real organization or a sandbox.
#[derive(Debug)]
pub struct Place {
    /// The key and the base URL.
    pub config: ClientConfig,
    /// The organization.
    pub organization: OrganizationId,
    /// The sandbox, if there is no key.
    pub sandbox: Option<Sandbox>,
    usage: &'static str,
    arguments: Vec<String>,
    server: Option<SandboxServer>,
}

impl Place {
    /// Reads the environment and the arguments. With `FACTIFY_KEY` it takes the configuration from the
    /// environment, and reads the id of an organization before the arguments that `usage` names. Without
    /// it, it creates a sandbox.
    ///
    /// # Errors
    /// Says what to correct.
    pub fn from_env(usage: &'static str) -> Result<Self, Failure> {
        help(&format!("org_… {usage}"));
        let Some(config) = config()? else {
            return Self::config(usage)?.1.ok_or_else(|| missing(usage));
        };
        let mut arguments = std::env::args().skip(1);
        let Some(organization) = arguments.next() else {
            return Err(missing(usage));
        };
        Ok(Self {
            config,
            organization: organization.parse()?,
            sandbox: None,
            usage,
            arguments: arguments.collect(),
            server: None,
        })
    }

    /// The configuration for a program that needs no organization, and the sandbox if there is no key. `usage`
    /// names the arguments.
    ///
    /// # Errors
    /// Says what to correct.
    pub fn config(usage: &str) -> Result<(ClientConfig, Option<Self>), Failure> {
        help(usage);
        if let Some(config) = config()? {
            return Ok((config, None));
        }
        if std::env::args_os().nth(1).is_some() {
            let message = "arguments need a key: set FACTIFY_KEY, or leave them out to try the program on a sandbox";
            return Err(message.into());
        }
        let place = Self::sandbox()?;
        Ok((place.config.clone(), Some(place)))
    }

    /// A sandbox with twelve pending invites; the client acts as its admin.
    ///
    /// # Errors
    /// If no port is available.
    pub fn sandbox() -> Result<Self, Failure> {
        let sandbox = Sandbox::builder().seed(2026).invites(12);
        let sandbox = sandbox.running_clock().build();
        let server = SandboxServer::start(sandbox.clone())?;
        Ok(Self {
            config: server.config(Persona::Admin),
            organization: sandbox.organization_id(),
            sandbox: Some(sandbox),
            usage: "",
            arguments: Vec::new(),
            server: Some(server),
        })
    }

    /// The arguments after the organization.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// The first argument after the organization.
    ///
    /// # Errors
    /// If it is missing.
    pub fn argument(&self) -> Result<&str, Failure> {
        let first = self.arguments.first().map(String::as_str);
        first.ok_or_else(|| missing(self.usage))
    }

    /// The key: `FACTIFY_KEY`, or that of the sandbox's admin.
    ///
    /// # Errors
    /// If it is not set.
    pub fn key(&self) -> Result<UsedKey, Failure> {
        let (key, id) = match &self.sandbox {
            Some(sandbox) => {
                let admin = Persona::Admin;
                (sandbox.key(admin), Some(sandbox.key_id(admin)))
            }
            None => (std::env::var("FACTIFY_KEY")?, None),
        };
        Ok(UsedKey {
            secret: ApiKeySecret::new(key.trim())?,
            id,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.server {
            Some(server) => write!(
                f,
                "FACTIFY_KEY is not set, so this is a sandbox at {}",
                server.base_url()
            ),
            None => write!(f, "Organization {}", self.organization),
        }
    }
}

/// The configuration of the environment, if there is a key. An empty key is an error: it is a mistake.
fn config() -> Result<Option<ClientConfig>, Failure> {
    match ClientConfig::from_env() {
        Err(_) if std::env::var_os("FACTIFY_KEY").is_none() => Ok(None),
        config => Ok(Some(config?)),
    }
}

/// With `--help`, prints the arguments and ends the program.
#[allow(clippy::print_stdout)] // The program ends here.
fn help(usage: &str) {
    let mut arguments = std::env::args_os();
    let program = arguments.next().map(PathBuf::from).unwrap_or_default();
    let program = program.file_stem().unwrap_or_default().display();
    if arguments.any(|argument| argument == "--help" || argument == "-h") {
        println!("{}", format!("Usage: {program} {usage}").trim_end());
        println!(
            "The key comes from FACTIFY_KEY. Without a key and arguments, the program uses a sandbox."
        );
        std::process::exit(0);
    }
}

fn missing(usage: &str) -> Failure {
    format!("give the arguments org_… {usage}; or unset FACTIFY_KEY to use a sandbox").into()
}

/// A path among the arguments of a program that needs no organization.
pub fn path(position: usize) -> Option<PathBuf> {
    std::env::args_os().nth(position).map(PathBuf::from)
}

/// Files to try the examples with: their names and contents.
pub const FILES: [(&str, &str); 3] = [
    ("notes.md", "# Notes\n\nBuy paper.\n"),
    ("report.pdf", "%PDF-1.7 an empty report"),
    ("sales.csv", "month,tons\nMay,7\n"),
];

/// Adds the path to an error.
pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> String {
    move |error| format!("{}: {error}", path.display())
}

/// After a power failure, the file at this path has its name.
pub(crate) fn sync_directory_of(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|path| !path.as_os_str().is_empty());
    if cfg!(unix) {
        File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

/// Adds a filter to a list: `name=value`, with its API name.
///
/// # Errors
/// If there is no such filter, or the value is invalid.
pub fn filter<'c, C>(list: List<'c, C>, argument: &str) -> Result<List<'c, C>, Failure> {
    let (name, value) = argument.split_once('=').ok_or("a filter is name=value")?;
    Ok(match name {
        "status" => list.status(value.into()),
        "email.contains" => list.email_contains(value),
        "email.exact" => list.email_exact(value),
        "sender_id" => list.sender_id(value.parse()?),
        "created.after" => list.created_after(value.parse()?),
        "created.before" => list.created_before(value.parse()?),
        "page_size" => list.page_size(value.parse()?),
        _ => return Err(format!("there is no filter {name}").into()),
    })
}

type List<'c, C> = Call<'c, C, ListOrganizationInvites>;

/// One line about an invite.
pub fn describe(invite: &OrganizationInvite) -> String {
    format!("{} to {}: {}", invite.id, invite.email, invite.status)
}

/// All details of an error, and what to do.
pub fn explain(failure: &Failure) -> String {
    match failure.downcast_ref::<factify::Error>() {
        Some(error) => error.report().to_string(),
        None => failure.to_string(),
    }
}

/// The first and the last second of a month, from `YYYY-MM`.
///
/// # Errors
/// If it is not a month.
pub fn month(text: &str) -> Result<(Timestamp, Timestamp), Failure> {
    let wrong = || format!("{text} is not a month: write it as YYYY-MM");
    let start = |month: &str| format!("{month}-01T00:00:00Z").parse::<Timestamp>();
    let first = start(text).map_err(|_| wrong())?;
    // 32 days after the start of a month, it is the next month.
    let next = first.checked_add(Duration::from_secs(32 * 86_400));
    let next: String = next
        .ok_or_else(wrong)?
        .to_string()
        .chars()
        .take(7)
        .collect();
    let last = start(&next)?.checked_sub(Duration::from_secs(1));
    Ok((first, last.ok_or_else(wrong)?))
}

/// Ends the program with the result.
#[allow(clippy::print_stderr)] // The program ends here.
pub fn exit(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", explain(&failure));
            ExitCode::FAILURE
        }
    }
}
