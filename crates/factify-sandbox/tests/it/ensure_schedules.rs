//! Each `ensure_…` call under every schedule of one and of two faults, from every state, in both modes: it
//! never reports that the goal is reached when it is not, sends no email, and ends in time.

use std::time::Duration;

use factify_core::documents::AccessLevel;
use factify_core::invites::OrganizationInviteStatus as Status;
use factify_core::sharing::{DocumentRole, RecipientGrant};
use factify_core::{
    ApiKeyId, Client, DocumentId, Error, InviteId, Outcome, Upload, UserId, blocking,
};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};
use http::StatusCode;
use tokio::runtime::{Builder, Runtime};

use crate::ensure_revoked::{CAP, DEADLINE, config, scene};

/// How many of the first requests may get a fault.
const POSITIONS: usize = 6;

pub(crate) fn faults() -> Vec<Fault> {
    let (seconds, too_late) = (Duration::from_secs(3), Duration::from_secs(3_600));
    let html = |status, processed| Fault::Html { status, processed };
    vec![
        Fault::Refuse,
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Truncate,
        Fault::Hang,
        Fault::Delay(seconds),
        Fault::Delay(too_late),
        Fault::RateLimited { retry_after: None },
        Fault::RateLimited {
            retry_after: Some(7),
        },
        Fault::RateLimited {
            retry_after: Some(3_600),
        },
        Fault::Unavailable { processed: false },
        Fault::Unavailable { processed: true },
        html(StatusCode::OK, true),
        html(StatusCode::OK, false),
        Fault::Undocumented,
        html(StatusCode::BAD_GATEWAY, true),
        html(StatusCode::BAD_GATEWAY, false),
        Fault::Oversized(2 * CAP),
    ]
}

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread().build().unwrap();
}

/// Whether the client cannot know if the request was processed.
fn is_unclear(fault: &Fault) -> bool {
    !matches!(fault, Fault::Refuse | Fault::RateLimited { .. })
}

/// Whether the only fault is one that another attempt gets over. A list that cannot be read is an error at once.
fn is_recoverable(schedule: &[Option<Fault>]) -> bool {
    let mut faults = schedule.iter().flatten();
    let first = faults.next().is_none_or(|fault| match fault {
        Fault::Html { status, .. } => status.is_server_error(),
        Fault::RateLimited { retry_after } => *retry_after != Some(3_600),
        fault => !matches!(fault, Fault::Undocumented | Fault::Oversized(_)),
    });
    first && faults.next().is_none()
}

/// What a call is about.
#[derive(Clone, Copy)]
enum Subject {
    Invite(InviteId),
    Key(ApiKeyId),
    Member(UserId),
    Access(DocumentId, UserId),
}

impl Subject {
    /// The result of the call, as its name.
    fn ensure_blocking(self, sandbox: &Sandbox) -> Result<&'static str, Error> {
        let client = blocking::Client::new(sandbox.transport(), config(sandbox));
        let id = sandbox.organization_id();
        let organization = client.organization(id);
        match self {
            Self::Invite(invite) => {
                let ensured = organization.invites().ensure_revoked(invite).send()?;
                assert_eq!(ensured.invite.unwrap().status, ensured.state.status());
                Ok(ensured.state.as_str())
            }
            Self::Key(key) => {
                let ensured = client.api_keys().ensure_revoked(id, key).send()?;
                assert!(!ensured.api_key.unwrap().is_active);
                Ok(ensured.state.as_str())
            }
            Self::Member(user) => {
                let ensured = organization.members().ensure_removed(user).send()?;
                Ok(ensured.state.as_str())
            }
            Self::Access(document, user) => {
                let sharing = client.document(document).sharing();
                let ensured = sharing.ensure_no_access(user).send()?;
                assert_eq!(ensured.may_have_access(), !ensured.still_by.is_empty());
                Ok(ensured.state.as_str())
            }
        }
    }

    fn ensure_async(self, sandbox: &Sandbox) -> Result<&'static str, Error> {
        let client = Client::new(sandbox.transport(), config(sandbox));
        let id = sandbox.organization_id();
        let organization = client.organization(id);
        RUNTIME.with(|runtime| {
            runtime.block_on(async {
                match self {
                    Self::Invite(invite) => {
                        let ensured = organization.invites().ensure_revoked(invite).send().await?;
                        Ok(ensured.state.as_str())
                    }
                    Self::Key(key) => {
                        let ensured = client.api_keys().ensure_revoked(id, key).send().await?;
                        Ok(ensured.state.as_str())
                    }
                    Self::Member(user) => {
                        let ensured = organization.members().ensure_removed(user).send().await?;
                        Ok(ensured.state.as_str())
                    }
                    Self::Access(document, user) => {
                        let sharing = client.document(document).sharing();
                        let ensured = sharing.ensure_no_access(user).send().await?;
                        Ok(ensured.state.as_str())
                    }
                }
            })
        })
    }

    /// The true state.
    fn truth(self, sandbox: &Sandbox) -> String {
        let id = sandbox.organization_id();
        match self {
            Self::Invite(id) => {
                let mut invites = sandbox.invites().into_iter();
                invites
                    .find(|invite| invite.id == id)
                    .unwrap()
                    .status
                    .to_string()
            }
            Self::Key(key) => {
                let mut keys = sandbox.api_keys_of(id).into_iter();
                let key = keys.find(|found| found.id == key).unwrap();
                match (key.revoked_at, key.is_active) {
                    (Some(_), false) => "revoked".to_owned(),
                    (None, false) => "expired".to_owned(),
                    (_, true) => "active".to_owned(),
                }
            }
            Self::Member(user) => {
                let members = sandbox.blocking_client(Persona::Owner);
                let mut members = members.organization(id).members().list().items();
                let member = members.find_map(|member| {
                    let member = member.unwrap();
                    (member.user.id.id() == Some(user)).then_some(member)
                });
                member.map_or("absent".to_owned(), |member| member.role.to_string())
            }
            Self::Access(document, user) => {
                let role = sandbox.document_role(document, user);
                role.map_or("none".to_owned(), |role| role.to_string())
            }
        }
    }
}

/// A call that meets a state.
struct Case {
    scene: fn() -> (Sandbox, Subject),
    before: &'static str,
    /// The result, or `None` if the API always refuses.
    result: Option<&'static str>,
    /// The result if it is unclear which request caused the state.
    in_doubt: Option<&'static str>,
    after: &'static str,
}

fn invite(state: &Status) -> (Sandbox, Subject) {
    let (sandbox, id) = scene(state);
    (sandbox, Subject::Invite(id))
}

fn key(change: fn(&Sandbox)) -> (Sandbox, Subject) {
    let sandbox = Sandbox::new(5);
    change(&sandbox);
    let key = sandbox.key_id(Persona::Member);
    (sandbox, Subject::Key(key))
}

fn member(persona: Persona) -> (Sandbox, Subject) {
    let sandbox = Sandbox::new(5);
    let user = sandbox.user_id(persona);
    (sandbox, Subject::Member(user))
}

/// A document of one persona, and the access of another one. The general access is this level, and the other persona
/// has a role of its own or not.
fn access(
    owner: Persona,
    other: Persona,
    level: AccessLevel,
    role: Option<DocumentRole>,
) -> (Sandbox, Subject) {
    let sandbox = Sandbox::new(5);
    let client = sandbox.blocking_client(owner);
    let create = client.documents().create(Upload::bytes("a.md", "a"), "A");
    let document = create.access_level(level).send().unwrap().id;
    let user = sandbox.user_id(other);
    if let Some(role) = role {
        let grant = RecipientGrant::new(user, role);
        let grant = client.document(document).sharing().grant(vec![grant]);
        grant.send().unwrap().into_result().unwrap();
    }
    (sandbox, Subject::Access(document, user))
}

const fn case(
    scene: fn() -> (Sandbox, Subject),
    before: &'static str,
    result: Option<&'static str>,
    in_doubt: Option<&'static str>,
    after: &'static str,
) -> Case {
    Case {
        scene,
        before,
        result,
        in_doubt,
        after,
    }
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    case(|| invite(&Status::Pending), "pending", Some("revoked"), None, "revoked"),
    case(|| invite(&Status::Revoked), "revoked", Some("already_revoked"), Some("revoked"), "revoked"),
    case(|| invite(&Status::Accepted), "accepted", Some("already_accepted"), None, "accepted"),
    case(|| invite(&Status::Expired), "expired", Some("expired"), None, "expired"),
    case(|| key(|_| {}), "active", Some("revoked"), None, "revoked"),
    case(|| key(|it| it.revoke_key(Persona::Member)), "revoked", Some("revoked"), None, "revoked"),
    case(|| key(|it| it.expire_key_at(Persona::Member, it.now())), "expired", Some("revoked"), None, "revoked"),
    case(|| member(Persona::Member), "member", Some("removed"), None, "absent"),
    case(|| member(Persona::Outsider), "absent", Some("not_member"), Some("removed"), "absent"),
    case(|| member(Persona::Owner), "owner", None, None, "owner"),
    case(|| access(Persona::Admin, Persona::Outsider, AccessLevel::Private, None),
        "none", Some("had_none"), Some("removed"), "none"),
    case(|| access(Persona::Admin, Persona::Outsider, AccessLevel::Organization, Some(DocumentRole::Collaborator)),
        "collaborator", Some("removed"), None, "none"),
    case(|| access(Persona::Admin, Persona::Member, AccessLevel::Organization, Some(DocumentRole::Admin)),
        "admin", Some("still_has_access"), None, "viewer"),
    case(|| access(Persona::Member, Persona::Member, AccessLevel::Organization, None),
        "owner", Some("still_has_access"), None, "owner"),
];

type Ensure = fn(Subject, &Sandbox) -> Result<&'static str, Error>;

/// Runs one schedule and compares the result with the true state.
fn check(case: &Case, schedule: &[Option<Fault>], ensure: Ensure) {
    let (sandbox, subject) = (case.scene)();
    assert_eq!(subject.truth(&sandbox), case.before);
    let (emails, started) = (sandbox.outbox().len(), sandbox.now());
    sandbox.inject(FaultPlan::schedule(schedule.iter().cloned()));
    let result = ensure(subject, &sandbox);
    sandbox.inject(FaultPlan::default());

    let name = format!("{} {schedule:?}: {result:?}", case.before);
    let took = sandbox.now().duration_since(started).unwrap();
    assert!(took <= DEADLINE, "{name}");
    assert_eq!(sandbox.outbox().len(), emails, "{name}");
    let truth = subject.truth(&sandbox);
    match &result {
        Ok(found) => {
            let in_doubt = case
                .in_doubt
                .filter(|_| schedule.iter().flatten().any(is_unclear));
            assert!(
                case.result == Some(found) || in_doubt == Some(found),
                "{name}"
            );
            assert_eq!(truth, case.after, "{name}");
        }
        Err(error) if case.result.is_some() && is_recoverable(schedule) => {
            panic!("{name}: {}", error.report());
        }
        Err(error) => match error.outcome() {
            Outcome::NotApplied => assert_eq!(truth, case.before, "{name}"),
            Outcome::Applied => assert_eq!(truth, case.after, "{name}"),
            Outcome::Unknown => {}
        },
    }

    // In any case, calling again is safe and sufficient.
    let again = ensure(subject, &sandbox);
    assert_eq!(again.is_ok(), case.result.is_some(), "{name}: {again:?}");
    assert_eq!(subject.truth(&sandbox), case.after, "{name}: {again:?}");
}

fn every_schedule(cases: impl Iterator<Item = &'static Case>, ensure: Ensure) {
    for case in cases {
        check(case, &[], ensure);
        for first in 0..POSITIONS {
            for one in faults() {
                let mut schedule = vec![None; first];
                schedule.push(Some(one));
                check(case, &schedule, ensure);
                for second in first + 1..POSITIONS {
                    for other in faults() {
                        schedule.truncate(first + 1);
                        schedule.resize(second, None);
                        schedule.push(Some(other));
                        check(case, &schedule, ensure);
                    }
                }
            }
        }
    }
}

#[test]
fn every_schedule_blocking() {
    every_schedule(CASES.iter(), Subject::ensure_blocking);
}

#[test]
fn every_schedule_async() {
    // The state machine is the same, so the states that need the most requests are enough.
    let cases = CASES
        .iter()
        .filter(|case| ["pending", "active", "member", "collaborator"].contains(&case.before));
    every_schedule(cases, Subject::ensure_async);
}

#[test]
fn the_results_without_faults() {
    for case in CASES {
        let (sandbox, subject) = (case.scene)();
        let result = subject.ensure_blocking(&sandbox);
        assert_eq!(result.as_ref().ok(), case.result.as_ref(), "{result:?}");
    }
}

#[test]
fn the_owner_cannot_be_removed() {
    let (sandbox, owner) = member(Persona::Owner);
    let error = owner.ensure_blocking(&sandbox).unwrap_err();
    assert!(
        error.is_failed_precondition() && error.outcome() == Outcome::NotApplied,
        "{error}"
    );
    assert!(!error.is_retryable());
}

/// After a lost response, callers cannot be sure about their own key or membership: they can no longer read the list.
#[test]
fn a_caller_who_ends_their_own_access_gets_an_error_if_the_response_is_lost() {
    let sandbox = Sandbox::new(5);
    let subjects = [
        Subject::Key(sandbox.key_id(Persona::Admin)),
        Subject::Member(sandbox.user_id(Persona::Admin)),
    ];
    for subject in subjects {
        let sandbox = Sandbox::new(5);
        sandbox.inject(FaultPlan::schedule([Some(Fault::DropAfter)]));
        let error = subject.ensure_blocking(&sandbox).unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        assert!(
            error.report().to_string().contains("may still"),
            "{}",
            error.report()
        );
        assert_eq!(sandbox.outbox().len(), 0);
    }
}
