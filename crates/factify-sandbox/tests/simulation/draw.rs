//! Any operation, with arbitrary values, about things that exist in the sandbox.

use std::fmt::Debug;
use std::iter::repeat_with;
use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use factify_core::api_keys::ListApiKeys;
use factify_core::documents::ListDocuments;
use factify_core::invites::ListOrganizationInvites;
use factify_core::members::ListOrganizationMembers;
use factify_core::organizations::ListOrganizations;
use factify_core::policies::ListDocumentPolicies;
use factify_core::timelines::GetDocumentTimeline;
use factify_core::types::IdKind;
use factify_core::versions::ListDocumentVersions;
use factify_core::{ApiKeyId, Operation, OperationInfo, ServeOperation};
use factify_sandbox::{Persona, Sandbox};

use crate::call::{Call, Walk};
use crate::shared::replaced;

/// How to make calls of an operation.
pub struct Draw {
    pub operation: OperationInfo,
    /// Whether a response can be unreadable.
    pub has_output: bool,
    /// Makes a call, or `None` if the values are not valid.
    pub call: fn(&Sandbox, &mut fastrand::Rng) -> Option<Box<dyn Call>>,
}

macro_rules! draws {
    ($($Operation:ty),+) => {
        /// One for each operation.
        pub static DRAWS: &[Draw] = &[$(Draw {
            operation: <$Operation>::INFO,
            has_output: size_of::<<$Operation as Operation>::Output>() > 0,
            call: draw::<$Operation>,
        }),+];
    };
}

factify_core::for_each_operation!(draws);

/// A list that is read to its end, with small pages.
pub fn walk(sandbox: &Sandbox, random: &mut fastrand::Rng) -> Box<dyn Call> {
    let organization = sandbox.organization_id();
    macro_rules! walk {
        ($list:expr, $id:expr) => {{
            let mut list = $list;
            list.page_size = Some(2);
            Box::new(Walk(list, $id))
        }};
    }
    match random.u8(..8) {
        0 => walk!(ListOrganizations::new(), |it| it.id.to_string()),
        4 => walk!(ListDocuments::new(), |it| it.id.to_string()),
        5 => {
            let document = sandbox.documents().swap_remove(random.usize(..3));
            walk!(ListDocumentVersions::new(document.id), |it| it
                .id
                .to_string())
        }
        6 => {
            let document = sandbox.documents().swap_remove(random.usize(..3));
            walk!(ListDocumentPolicies::new(document.id), |it| it
                .policy
                .id
                .to_string())
        }
        7 => {
            let document = sandbox.documents().swap_remove(random.usize(..3));
            walk!(GetDocumentTimeline::new(document.id), |it| it
                .event_id
                .clone()
                .unwrap())
        }
        1 => walk!(ListApiKeys::new(organization), |it| it.id.to_string()),
        2 => walk!(ListOrganizationMembers::new(organization), |it| it
            .user
            .id
            .to_string()),
        _ => walk!(ListOrganizationInvites::new(organization), |it| it
            .id
            .to_string()),
    }
}

fn draw<O>(sandbox: &Sandbox, random: &mut fastrand::Rng) -> Option<Box<dyn Call>>
where
    O: ServeOperation + for<'a> Arbitrary<'a> + Clone + Debug + 'static,
{
    let bytes: Vec<u8> = repeat_with(|| random.u8(..)).take(400).collect();
    let operation = O::arbitrary(&mut Unstructured::new(&bytes)).ok()?;
    let known = &mut |name: &str, value: &str| known(name, value, sandbox, random);
    let operation = replaced(&operation, known)?;
    Some(Box::new(operation))
}

/// What a parameter of this name should be, if it identifies something.
fn known(name: &str, value: &str, sandbox: &Sandbox, random: &mut fastrand::Rng) -> Option<String> {
    match name {
        "email" => Some(format!("guest{}@example.net", random.u8(..4))),
        "token" => {
            let invite = sandbox.invites()[2].id;
            let emails = sandbox.outbox();
            let email = emails.iter().rev().find(|email| email.invite_id == invite);
            email.map(|email| email.expose_token().to_owned())
        }
        // Within the year that is allowed, or a little later.
        "expires_at" => {
            let ahead = Duration::from_secs(random.u64(..380 * 86_400));
            sandbox
                .now()
                .checked_add(ahead)
                .map(|time| time.to_string())
        }
        "recipient" if value.contains('@') => None,
        "recipient" | "recipient_id" => {
            let kind = if random.u8(..8) == 0 {
                IdKind::Bot
            } else {
                IdKind::User
            };
            Some(id(kind, sandbox, random))
        }
        _ if name.ends_with("_id") => {
            let mut kinds = IdKind::ALL.iter();
            let kind = kinds.find(|kind| value.starts_with(kind.prefix()))?;
            Some(id(*kind, sandbox, random))
        }
        _ => None,
    }
}

/// A key of the organization, perhaps one that a client created, but not the admin's.
pub fn key(sandbox: &Sandbox, random: &mut fastrand::Rng) -> ApiKeyId {
    let mut keys = sandbox.api_keys_of(sandbox.organization_id());
    keys.retain(|key| key.id != sandbox.key_id(Persona::Admin));
    keys[random.usize(..keys.len())].id
}

/// The ID of something that exists. The calls of a run are about few things, so that they meet. The key
/// and the user of the clients are spared: without them, all calls would fail alike.
fn id(kind: IdKind, sandbox: &Sandbox, random: &mut fastrand::Rng) -> String {
    let personas = [Persona::Owner, Persona::Member, Persona::Outsider];
    let persona = personas[random.usize(..personas.len())];
    match kind {
        IdKind::Organization if random.u8(..8) == 0 => {
            let organizations = sandbox.organizations();
            organizations[random.usize(..organizations.len())]
                .id
                .to_string()
        }
        IdKind::Organization => sandbox.organization_id().to_string(),
        IdKind::User => sandbox.user_id(persona).to_string(),
        IdKind::ApiKey => key(sandbox, random).to_string(),
        IdKind::Invite => sandbox.invites()[random.usize(..3)].id.to_string(),
        IdKind::Document | IdKind::Version => {
            let document = sandbox.documents().swap_remove(random.usize(..3));
            match (kind, document.current_version) {
                (IdKind::Version, Some(version)) => version.id.to_string(),
                _ => document.id.to_string(),
            }
        }
        IdKind::AccessRequest => {
            let requests = sandbox.access_requests();
            requests[random.usize(..requests.len())].id.to_string()
        }
        IdKind::Policy => sandbox.policies()[random.usize(..2)].id.to_string(),
        other => format!("{}01h2xcejqtf2nbrexx3vqjhp41", other.prefix()),
    }
}
