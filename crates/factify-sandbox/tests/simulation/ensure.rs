//! The `ensure_…` calls, and whether their results are true.

use std::time::Duration;

use factify_core::invites::OrganizationInviteStatus as Status;
use factify_core::{
    ApiKeyId, Client, DocumentId, Error, InviteId, OrganizationId, UserId, api_keys, blocking,
    invites, members, sharing,
};
use factify_sandbox::{Persona, Sandbox};

use crate::call::{Call, Said, Sending};
use crate::network::Network;
use crate::world::{OTHERS, World};

/// What an `ensure_…` call is about.
#[derive(Debug, Clone, Copy)]
pub enum Subject {
    Invite(InviteId),
    Key(ApiKeyId),
    Member(UserId),
    Access(DocumentId, UserId),
}

/// What an `ensure_…` call returned.
#[derive(Debug, Clone, Copy)]
pub enum Found {
    Invite(invites::EnsuredState),
    Key(api_keys::EnsuredState),
    Member(members::EnsuredState),
    Access(sharing::EnsuredState),
}

#[derive(Debug)]
pub struct Ensure(pub OrganizationId, pub Subject);

/// The name of each call, with the results that the sandbox can cause.
pub const RESULTS: &[(&str, &[&str])] = &[
    (
        "invites.ensure_revoked",
        &["revoked", "already_revoked", "already_accepted", "expired"],
    ),
    // The sandbox revokes a key that is revoked already, and one that has expired.
    ("api_keys.ensure_revoked", &["revoked"]),
    ("members.ensure_removed", &["removed", "not_member"]),
    (
        "sharing.ensure_no_access",
        &["removed", "had_none", "still_has_access"],
    ),
];

impl Subject {
    pub fn draw(sandbox: &Sandbox, random: &mut fastrand::Rng) -> Self {
        let personas = [Persona::Owner, Persona::Member, Persona::Outsider];
        match random.u8(..6) {
            4 | 5 => {
                let document = sandbox.documents().swap_remove(random.usize(..3));
                let user = OTHERS[random.usize(..OTHERS.len())];
                Self::Access(document.id, sandbox.user_id(user))
            }
            0 => Self::Key(crate::draw::key(sandbox, random)),
            1 => Self::Member(sandbox.user_id(personas[random.usize(..3)])),
            _ => Self::Invite(sandbox.invites()[random.usize(..3)].id),
        }
    }
}

impl Found {
    pub fn name(self) -> &'static str {
        match self {
            Self::Invite(state) => state.as_str(),
            Self::Key(state) => state.as_str(),
            Self::Member(state) => state.as_str(),
            Self::Access(state) => state.as_str(),
        }
    }

    /// Checks a result of a call in this span. `changed` is whether the call itself changed anything.
    pub fn check(self, about: Subject, world: &World, span: (Duration, Duration), changed: bool) {
        match (self, about) {
            (Self::Invite(state), Subject::Invite(id)) => {
                check_invite(state, id, world, span, changed);
            }
            (Self::Key(state), Subject::Key(id)) => {
                assert_eq!(state, api_keys::EnsuredState::Revoked);
                assert!(!world.was_at(span.1, |then| then.active_keys.contains(&id)));
                // Permanent: the key opens nothing, whatever still arrives.
                let sandbox = &world.sandbox;
                let keys = sandbox.api_keys_of(sandbox.organization_id());
                let key = keys.into_iter().find(|key| key.id == id).unwrap();
                assert!(key.revoked_at.is_some() && !key.is_active, "{key:?}");
            }
            // Somebody may have added the user again.
            (Self::Member(state), Subject::Member(id)) => {
                assert!(world.was(span, |then| !then.members.contains(&id)));
                assert!(!changed || state == members::EnsuredState::Removed);
            }
            // Others may have given access again, or taken it.
            (Self::Access(state), Subject::Access(document, user)) => {
                let is_true = match state {
                    sharing::EnsuredState::StillHasAccess => {
                        world.was(span, |then| then.is_open(document, user))
                    }
                    _ => world.was_closed(span, document, user, false),
                };
                assert!(is_true, "{state:?}");
                assert!(!changed || state != sharing::EnsuredState::HadNone);
            }
            (found, about) => panic!("{found:?} is not about {about:?}"),
        }
    }
}

fn check_invite(
    state: invites::EnsuredState,
    id: InviteId,
    world: &World,
    span: (Duration, Duration),
    changed: bool,
) {
    use invites::EnsuredState::{AlreadyAccepted, AlreadyRevoked, Expired, Revoked};
    let had = |status| {
        let entry = (id, status);
        world.was_at(span.1, |then| then.invites.contains(&entry))
    };
    // After the end of everything that still arrives.
    let all = world.sandbox.invites().into_iter();
    let last = all
        .filter(|invite| invite.id == id)
        .map(|invite| invite.status)
        .next();
    match state {
        // Permanent: nobody can join, whatever still arrives.
        Revoked | AlreadyRevoked => {
            assert!(had(Status::Revoked));
            assert_eq!(last, Some(Status::Revoked));
        }
        AlreadyAccepted => {
            assert!(had(Status::Accepted));
            assert_eq!(last, Some(Status::Accepted));
        }
        // Somebody may have resent it after the list was read.
        Expired => {
            let entry = (id, Status::Expired);
            assert!(world.was(span, |then| then.invites.contains(&entry)));
        }
        other => panic!("{other:?} is not known here"),
    }
    assert!(!changed || state == Revoked || state == Expired);
}

/// Checks that a result is about the right thing.
fn found_invite(ensured: &invites::Ensured, id: InviteId) -> Found {
    assert_eq!(ensured.invite.as_ref().map(|invite| invite.id), Some(id));
    Found::Invite(ensured.state)
}

fn found_key(ensured: &api_keys::Ensured, id: ApiKeyId) -> Found {
    assert_eq!(ensured.api_key.as_ref().map(|key| key.id), Some(id));
    Found::Key(ensured.state)
}

fn said(found: Result<Found, Error>) -> Said {
    found.map_or_else(Said::Failed, Said::Ensured)
}

impl Call for Ensure {
    fn name(&self) -> &'static str {
        match self.1 {
            Subject::Invite(_) => RESULTS[0].0,
            Subject::Key(_) => RESULTS[1].0,
            Subject::Member(_) => RESULTS[2].0,
            Subject::Access(..) => RESULTS[3].0,
        }
    }

    fn is_safe(&self) -> bool {
        false
    }

    fn is_idempotent(&self) -> bool {
        true
    }

    fn ensures(&self) -> Option<Subject> {
        Some(self.1)
    }

    fn send<'a>(&'a self, client: &'a Client<Network>) -> Sending<'a> {
        let organization = client.organization(self.0);
        match self.1 {
            Subject::Invite(id) => Box::pin(async move {
                let ensured = organization.invites().ensure_revoked(id).send().await;
                said(ensured.map(|ensured| found_invite(&ensured, id)))
            }),
            Subject::Key(id) => Box::pin(async move {
                let ensured = client.api_keys().ensure_revoked(self.0, id).send().await;
                said(ensured.map(|ensured| found_key(&ensured, id)))
            }),
            Subject::Member(id) => Box::pin(async move {
                let ensured = organization.members().ensure_removed(id).send().await;
                said(ensured.map(|ensured| Found::Member(ensured.state)))
            }),
            Subject::Access(document, user) => Box::pin(async move {
                let sharing = client.document(document).sharing();
                let ensured = sharing.ensure_no_access(user).send().await;
                said(ensured.map(|ensured| Found::Access(ensured.state)))
            }),
        }
    }

    fn send_blocking(&self, client: &blocking::Client<Network>) -> Said {
        let organization = client.organization(self.0);
        said(match self.1 {
            Subject::Invite(id) => {
                let ensured = organization.invites().ensure_revoked(id).send();
                ensured.map(|ensured| found_invite(&ensured, id))
            }
            Subject::Key(id) => {
                let ensured = client.api_keys().ensure_revoked(self.0, id).send();
                ensured.map(|ensured| found_key(&ensured, id))
            }
            Subject::Member(id) => {
                let ensured = organization.members().ensure_removed(id).send();
                ensured.map(|ensured| Found::Member(ensured.state))
            }
            Subject::Access(document, user) => {
                let sharing = client.document(document).sharing();
                let ensured = sharing.ensure_no_access(user).send();
                ensured.map(|ensured| Found::Access(ensured.state))
            }
        })
    }
}
