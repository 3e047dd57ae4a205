//! Ids and names that complete the value of an argument.
//!
//! One request with a short time limit, and never a `key_command`, which may ask for a password.

use std::ffi::OsStr;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::{Arg, Command};
use clap_complete::{ArgValueCompleter, CompletionCandidate};
use factify_core::access_requests::ListAccessRequests;
use factify_core::api_keys::ListApiKeys;
use factify_core::documents::{DocumentTrashState, ListDocuments};
use factify_core::invites::{ListOrganizationInvites, OrganizationInviteStatus};
use factify_core::members::ListOrganizationMembers;
use factify_core::organizations::ListOrganizations;
use factify_core::policies::ListDocumentPolicies;
use factify_core::sharing::ListDocumentAccess;
use factify_core::versions::ListDocumentVersions;
use factify_core::{MAX_PAGE_SIZE, OrganizationId, PagedOperation};

use super::line::Line;
use crate::client::{self, Client};
use crate::output::printable;
use crate::settings::Settings;

/// How long a request may take. Somebody waits at the line.
const LIMIT: Duration = Duration::from_millis(1_500);

/// How long everything may take, even if a file or the search for a host blocks.
const PATIENCE: Duration = Duration::from_secs(2);

/// The most characters of a description.
const DESCRIPTION: usize = 60;

/// What an argument names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Profile,
    Organization,
    Member,
    /// Somebody who has access to the document of the line.
    Recipient,
    Invite,
    PendingInvite,
    Key,
    Document,
    TrashedDocument,
    /// A version of the document of the line.
    Version,
    /// A policy of the document of the line.
    Policy,
    /// A request for access to the document of the line.
    AccessRequest,
}

/// What an argument of a command names, by the name of its value.
fn kind(path: &[String], argument: &Arg) -> Option<Kind> {
    let path: Vec<_> = path.iter().map(String::as_str).collect();
    let name = argument.get_value_names()?.first()?;
    Some(match (name.as_str(), &*path) {
        ("NAME", _) if argument.get_long() == Some("profile") => Kind::Profile,
        ("ORG", _) => Kind::Organization,
        ("USER", ["sharing", "update" | "revoke"]) => Kind::Recipient,
        ("USER" | "RECIPIENT", _) => Kind::Member,
        ("INVITE", [_, "revoke" | "resend"]) => Kind::PendingInvite,
        ("INVITE", _) => Kind::Invite,
        ("KEY", _) => Kind::Key,
        ("DOC", [_, "restore"]) => Kind::TrashedDocument,
        ("DOC", _) => Kind::Document,
        ("VERSION", _) => Kind::Version,
        ("POLICY", _) => Kind::Policy,
        ("REQUEST", _) => Kind::AccessRequest,
        _ => return None,
    })
}

/// Adds the values to the description of the command line. Options appear if the word begins with `-`, or if there is
/// nothing else.
pub(super) fn added(mut command: Command, line: &Line) -> Command {
    // It adds --help, and the options of all commands to each of them.
    command.build();
    with_values(command, &[], line)
}

fn with_values(command: Command, path: &[String], line: &Line) -> Command {
    let hide_options = !line.ends_in_option();
    let command = command.mut_args(|argument| {
        let is_hidden = hide_options && !argument.is_positional();
        let argument = argument.hide(is_hidden);
        let Some(kind) = kind(path, &argument) else {
            return argument;
        };
        let line = line.clone();
        let values = move |current: &OsStr| candidates(kind, current, &line);
        argument.add(ArgValueCompleter::new(values))
    });
    command.mut_subcommands(|below| {
        let path = [path, &[below.get_name().to_owned()]].concat();
        with_values(below, &path, line)
    })
}

/// The values that begin like the current word, and that the line does not have yet.
fn candidates(kind: Kind, current: &OsStr, line: &Line) -> Vec<CompletionCandidate> {
    let Some(current) = current.to_str().filter(|word| !word.starts_with('-')) else {
        return Vec::new();
    };
    // An organization may stand before its items.
    let kind = match kind {
        Kind::PendingInvite | Kind::Invite | Kind::Key | Kind::Member
            if !current.is_empty() && begins_like(current, OrganizationId::PREFIX) =>
        {
            Kind::Organization
        }
        kind => kind,
    };
    let (sender, receiver) = mpsc::channel();
    let of_thread = line.clone();
    thread::spawn(move || {
        let found = match kind {
            Kind::Profile => profiles(&of_thread),
            kind => of_api(kind, &of_thread),
        };
        // The receiver may no longer wait.
        let _ = sender.send(found.unwrap_or_default());
    });
    let found = receiver.recv_timeout(PATIENCE).unwrap_or_default();
    let new = found
        .into_iter()
        .filter(|one| one.value.starts_with(current))
        .filter(|one| one.value == current || !line.has(&one.value));
    new.map(Value::candidate).collect()
}

/// Whether one of them begins with the other.
fn begins_like(word: &str, prefix: &str) -> bool {
    word.starts_with(prefix) || prefix.starts_with(word)
}

/// A value and what to know about it.
struct Value {
    value: String,
    about: String,
}

impl Value {
    fn new(value: &impl ToString, about: impl Into<String>) -> Self {
        Self {
            value: value.to_string(),
            about: about.into(),
        }
    }

    fn candidate(self) -> CompletionCandidate {
        let about = printable(&self.about);
        let mut short: String = about.chars().take(DESCRIPTION).collect();
        if short.len() < about.len() {
            short.push('…');
        }
        let help = (!short.is_empty()).then(|| short.into());
        CompletionCandidate::new(self.value).help(help)
    }
}

fn profiles(line: &Line) -> Option<Vec<Value>> {
    let mut global = line.global(LIMIT);
    // The name may not be complete.
    global.profile = None;
    let settings = Settings::load(&global).ok()?;
    let profiles = &settings.configuration()?.config.profiles;
    let shown = profiles.iter().map(|(name, profile)| {
        let organization = profile.organization.map(|id| id.to_string());
        Value::new(&name, organization.unwrap_or_default())
    });
    Some(shown.collect())
}

fn of_api(kind: Kind, line: &Line) -> Option<Vec<Value>> {
    let settings = Settings::load(&line.global(LIMIT)).ok()?;
    let organization = || settings.organization_or(line.organization()).ok();
    let client = || {
        let (key, base_url) = settings.key_without_command().ok()?;
        client::quick(base_url, key, LIMIT).ok()
    };
    Some(match kind {
        Kind::Profile => return None,
        Kind::Organization => page(ListOrganizations::new(), &client()?, |one| {
            Value::new(&one.id, one.name)
        }),
        Kind::Member => page(
            ListOrganizationMembers::new(organization()?),
            &client()?,
            |one| Value::new(&one.user.id, one.user.email),
        ),
        Kind::Invite | Kind::PendingInvite => {
            let mut list = ListOrganizationInvites::new(organization()?);
            if kind == Kind::PendingInvite {
                list.status.push(OrganizationInviteStatus::Pending);
            }
            page(list, &client()?, |one| Value::new(&one.id, one.email))
        }
        Kind::Key => page(ListApiKeys::new(organization()?), &client()?, |one| {
            Value::new(&one.id, one.name)
        }),
        Kind::Document | Kind::TrashedDocument => {
            let mut list = ListDocuments::new();
            if kind == Kind::TrashedDocument {
                list.trash_state.push(DocumentTrashState::Trashed);
            }
            page(list, &client()?, |one| Value::new(&one.id, one.title))
        }
        Kind::Version => page(
            ListDocumentVersions::new(line.document()?),
            &client()?,
            |one| Value::new(&one.id, one.title.unwrap_or_default()),
        ),
        Kind::Policy => page(
            ListDocumentPolicies::new(line.document()?),
            &client()?,
            |one| Value::new(&one.policy.id, one.policy.name),
        ),
        Kind::AccessRequest => {
            let list = ListAccessRequests::new(line.document()?);
            let found = client()?.call(list).send().ok()?.items;
            let values = found
                .into_iter()
                .map(|one| Value::new(&one.id, one.subject_email.unwrap_or(one.subject.name)));
            values.take(MAX_PAGE_SIZE as usize).collect()
        }
        Kind::Recipient => {
            let list = ListDocumentAccess::new(line.document()?);
            let found = client()?.call(list).send().ok()?.recipients;
            let values = found
                .into_iter()
                .map(|one| Value::new(&one.id, one.email.or(one.name).unwrap_or_default()));
            values.take(MAX_PAGE_SIZE as usize).collect()
        }
    })
}

/// The values of the first page. Items that cannot be read are left out.
fn page<O: PagedOperation>(
    mut list: O,
    client: &Client,
    value: impl Fn(O::Item) -> Value,
) -> Vec<Value> {
    list.set_page_size(Some(MAX_PAGE_SIZE));
    let Ok(page) = client.call(list).send() else {
        return Vec::new();
    };
    let items = page.into_iter().filter_map(Result::ok);
    items.map(value).collect()
}
