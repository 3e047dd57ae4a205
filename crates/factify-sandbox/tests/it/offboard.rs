//! Takes from a person what they hold in an organization.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use factify_core::bytes::Bytes;
use factify_core::documents::AccessLevel;
use factify_core::organizations::{
    OffboardReport, OffboardState, OffboardSubject, OrganizationRole,
};
use factify_core::sharing::{AccessWay, DocumentRole, RecipientGrant};
use factify_core::{
    Client, DocumentId, EmailAddress, Error, HttpTransport, Limits, LocalPace, Now, OrganizationId,
    Outcome, RequestBody, TransportError, Upload, UserId, blocking,
};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox, SandboxTransport};
use http::{Request, Response};
use tokio::runtime::Builder;
use tokio::sync::Notify;

use crate::ensure_schedules::faults;

/// The admin is the person who leaves. The owner offboards, and the member gets the documents.
const PERSON: Persona = Persona::Admin;
const NEW_OWNER: Persona = Persona::Member;

struct Scene {
    sandbox: Sandbox,
    /// The documents that the person owns, and those that are shared with the person.
    documents: Vec<DocumentId>,
    shared: Vec<DocumentId>,
    /// A document that the person has no access to.
    unrelated: DocumentId,
}

/// The person owns some documents, has access to others, and has sent invites.
fn scene(own: usize, shared: usize, invites: usize) -> Scene {
    let sandbox = Sandbox::builder().seed(1).no_rate_limit().build();
    let person = sandbox.blocking_client(PERSON);
    let owner = sandbox.blocking_client(Persona::Owner);
    let create = |client: &blocking::Client<SandboxTransport>, n: usize| {
        let file = Upload::bytes("a.md", format!("# {n}"));
        client
            .documents()
            .create(file, format!("Report {n}"))
            .send()
            .unwrap()
            .id
    };
    let documents = (0..own).map(|n| create(&person, n)).collect();
    let share = |n| {
        let id = create(&owner, n);
        let grant = RecipientGrant::new(sandbox.user_id(PERSON), DocumentRole::Collaborator);
        let grants = owner.document(id).sharing().grant(vec![grant]);
        grants.send().unwrap().into_result().unwrap();
        id
    };
    let shared = (0..shared).map(share).collect();
    let unrelated = create(&owner, 0);
    for n in 0..invites {
        let organization = person.organization(sandbox.organization_id());
        let email = format!("guest{n}@example.net").parse().unwrap();
        organization.invites().create(email).send().unwrap();
    }
    Scene {
        sandbox,
        documents,
        shared,
        unrelated,
    }
}

impl Scene {
    fn send(&self, plan: bool) -> Result<OffboardReport, Error> {
        let client = self.sandbox.blocking_client(Persona::Owner);
        let organization = client.organization(self.sandbox.organization_id());
        let offboard = organization.offboard(self.sandbox.user_id(PERSON));
        let offboard = offboard.transfer_documents_to(self.sandbox.user_id(NEW_OWNER));
        if plan {
            offboard.dry_run().send()
        } else {
            offboard.send()
        }
    }

    /// What the person holds.
    fn holdings(&self) -> usize {
        let person = self.sandbox.user_id(PERSON);
        let members = self.sandbox.members();
        let is_member = members.iter().any(|member| member.id == person);
        let invites = self.sandbox.invites();
        let pending = invites
            .iter()
            .filter(|it| it.sender.id == person && it.status.as_str() == "pending");
        let documents = self.documents.iter().chain(&self.shared);
        let documents = documents.chain([&self.unrelated]);
        let role = |id: &&DocumentId| self.sandbox.document_role(**id, person).is_some();
        usize::from(is_member) + pending.count() + documents.filter(role).count()
    }
}

#[test]
fn a_dry_run_changes_nothing_and_finds_what_the_call_takes() {
    let scene = scene(3, 2, 2);
    let before = scene.sandbox.snapshot();
    let plan = scene.send(true).unwrap();
    assert_eq!(scene.sandbox.snapshot(), before);
    assert!(!plan.is_complete());
    let planned = plan
        .items
        .iter()
        .all(|item| matches!(item.state, OffboardState::Planned));
    assert!(planned, "{plan:?}");

    let report = scene.send(false).unwrap();
    assert!(report.is_complete(), "{report:?}");
    let subjects = |report: &OffboardReport| {
        let subjects = report.items.iter().map(|item| item.subject.clone());
        subjects.collect::<Vec<_>>()
    };
    assert_eq!(subjects(&report), subjects(&plan));
    assert_eq!((report.items.len(), scene.holdings()), (8, 0));
    let new_owner = scene.sandbox.user_id(NEW_OWNER);
    for id in &scene.documents {
        assert_eq!(
            scene.sandbox.document_role(*id, new_owner),
            Some(DocumentRole::Owner)
        );
    }
    // A second call finds nothing.
    assert!(scene.send(false).unwrap().items.is_empty());
}

#[test]
fn an_invite_to_the_person_is_revoked_too() {
    let scene = scene(0, 0, 1);
    let owner = scene.sandbox.blocking_client(Persona::Owner);
    let organization = owner.organization(scene.sandbox.organization_id());
    let person = scene.sandbox.user(PERSON);
    organization
        .members()
        .remove(person.id.id().unwrap())
        .send()
        .unwrap();
    for email in [person.email.to_uppercase(), format!("x{}", person.email)] {
        organization
            .invites()
            .create(email.parse().unwrap())
            .send()
            .unwrap();
    }
    let offboard = organization.offboard(person.id.id().unwrap());
    let report = offboard
        .email(person.email.parse().unwrap())
        .send()
        .unwrap();
    assert!(
        report.is_complete() && report.items.len() == 2,
        "{report:?}"
    );
    let invites = scene.sandbox.invites();
    let status: Vec<_> = invites
        .iter()
        .map(|invite| invite.status.as_str())
        .collect();
    assert_eq!(status, ["revoked", "revoked", "pending"]);
}

#[test]
fn what_cannot_be_taken_is_in_the_report() {
    let scene = scene(1, 0, 0);
    let owner = scene.sandbox.blocking_client(Persona::Owner);
    let organization = owner.organization(scene.sandbox.organization_id());
    let person = scene.sandbox.user_id(PERSON);
    // Without a new owner, the documents stay.
    let report = organization.offboard(person).send().unwrap();
    assert!(
        matches!(report.items[1].state, OffboardState::NeedsNewOwner),
        "{report:?}"
    );
    // A private document: the caller cannot read who has access.
    let new_owner = scene.sandbox.blocking_client(NEW_OWNER);
    let private = new_owner
        .documents()
        .create(Upload::bytes("a.md", "a"), "Private");
    let private = private
        .access_level(AccessLevel::Private)
        .send()
        .unwrap()
        .id;
    let report = scene.send(false).unwrap();
    assert_eq!((report.left().count(), report.hidden[0].id), (0, private));
    assert!(!report.is_complete());
}

#[test]
fn a_call_that_cannot_be_right_changes_nothing() {
    let scene = scene(1, 1, 1);
    let (sandbox, before) = (&scene.sandbox, scene.sandbox.snapshot());
    let other = "other@example.net".parse().unwrap();
    let member = sandbox.user_id(NEW_OWNER);
    for (caller, person, new_owner, email, message) in [
        (NEW_OWNER, PERSON, member, None, "status 403"),
        (Persona::Outsider, PERSON, member, None, "status 40"),
        (
            Persona::Owner,
            PERSON,
            sandbox.user_id(PERSON),
            None,
            "must be somebody else",
        ),
        (
            Persona::Owner,
            PERSON,
            sandbox.user_id(Persona::Outsider),
            None,
            "is not a member of the organization",
        ),
        (
            Persona::Owner,
            Persona::Owner,
            member,
            None,
            "owns the organization and cannot be removed",
        ),
        (
            Persona::Owner,
            PERSON,
            member,
            Some(other),
            "has another email address",
        ),
    ] {
        for plan in [true, false] {
            let client = sandbox.blocking_client(caller);
            let organization = client.organization(sandbox.organization_id());
            let mut offboard = organization
                .offboard(sandbox.user_id(person))
                .transfer_documents_to(new_owner);
            if let Some(email) = &email {
                offboard = offboard.email(EmailAddress::clone(email));
            }
            // Only the attempt shows who may remove members.
            if plan && caller == NEW_OWNER {
                continue;
            }
            let sent = if plan {
                offboard.dry_run().send()
            } else {
                offboard.send()
            };
            let error = sent.unwrap_err();
            assert!(error.to_string().contains(message), "{error}");
            assert_eq!(error.outcome(), Outcome::NotApplied);
            assert_eq!(sandbox.snapshot(), before);
        }
    }
}

#[test]
fn a_person_who_was_not_a_member_is_named() {
    let scene = scene(0, 0, 0);
    let owner = scene.sandbox.blocking_client(Persona::Owner);
    let organization = owner.organization(scene.sandbox.organization_id());
    let nobody = UserId::literal("user_01h2xcejqtf2nbrexx3vqjhp41");
    let report = organization.offboard(nobody).send().unwrap();
    assert!(report.is_complete() && !report.was_member);
    assert_eq!(
        report.to_string(),
        "the person was not a member\n0 done, 0 left"
    );
    let report = scene.send(false).unwrap();
    assert!(report.was_member);
    assert_eq!(report.to_string(), "membership: done\n1 done, 0 left");
}

#[test]
fn a_document_that_everybody_can_open_is_named() {
    let scene = scene(1, 1, 0);
    let owner = scene.sandbox.blocking_client(Persona::Owner);
    let open = owner.documents().create(Upload::bytes("a.md", "a"), "Open");
    let open = open.access_level(AccessLevel::Public).send().unwrap().id;
    let sharing = owner.document(scene.shared[0]).sharing();
    sharing
        .set_general_access("anyone_with_link".into())
        .send()
        .unwrap();
    for taken in [2, 0] {
        let report = scene.send(false).unwrap();
        let items = report
            .items
            .iter()
            .filter(|item| !matches!(item.subject, OffboardSubject::Membership));
        assert_eq!(items.count(), taken);
        let named = report.open_to_anyone.iter();
        let mut named: Vec<_> = named.map(|open| open.id).collect();
        named.sort();
        let mut expected = vec![open, scene.shared[0]];
        expected.sort();
        assert_eq!(named, expected);
        assert!(report.is_complete(), "{report:?}");
    }
}

#[test]
fn a_plan_says_that_documents_need_a_new_owner() {
    let scene = scene(1, 0, 0);
    let owner = scene.sandbox.blocking_client(Persona::Owner);
    let organization = owner.organization(scene.sandbox.organization_id());
    let plan = organization
        .offboard(scene.sandbox.user_id(PERSON))
        .dry_run();
    let plan = plan.send().unwrap();
    assert!(
        matches!(plan.items[1].state, OffboardState::NeedsNewOwner),
        "{plan:?}"
    );
}

#[test]
fn documents_in_the_trash_are_read_too() {
    let scene = scene(1, 1, 0);
    let person = scene.sandbox.blocking_client(PERSON);
    person.document(scene.documents[0]).trash().send().unwrap();
    let owner = scene.sandbox.blocking_client(Persona::Owner);
    owner.document(scene.shared[0]).trash().send().unwrap();
    let new_owner = scene.sandbox.blocking_client(NEW_OWNER);
    let other = new_owner
        .documents()
        .create(Upload::bytes("a.md", "a"), "Other");
    let other = other.send().unwrap().id;
    new_owner.document(other).trash().send().unwrap();
    let report = scene.send(false).unwrap();
    // Only its owner can read who has access to a document in the trash. The person created the first.
    let left = report
        .left()
        .map(|item| item.subject.to_string())
        .collect::<Vec<_>>();
    assert_eq!(
        left,
        [format!(
            "document {} \"Report 0\", which the person may have access to",
            scene.documents[0]
        )]
    );
    assert_eq!(report.hidden[0].id, other);
    let role = |id| {
        scene
            .sandbox
            .document_role(id, scene.sandbox.user_id(PERSON))
    };
    assert_eq!(role(scene.documents[0]), Some(DocumentRole::Owner));
}

#[test]
fn access_through_another_organization_or_account_is_left() {
    let scene = scene(0, 0, 0);
    let (sandbox, person) = (&scene.sandbox, scene.sandbox.user(PERSON));
    let other = sandbox.add_organization("Sabre");
    let id = person.id.id().unwrap();
    assert!(sandbox.add_member(other, id, OrganizationRole::Member));
    assert!(sandbox.share_with_organization(scene.unrelated, other, DocumentRole::Viewer));
    let owner = sandbox.blocking_client(Persona::Owner);
    let second = sandbox.add_user("Again", &person.email.to_uppercase());
    let grant = RecipientGrant::new(second.id, DocumentRole::Viewer);
    let grant = owner.document(scene.unrelated).sharing().grant(vec![grant]);
    grant.send().unwrap().into_result().unwrap();
    let organization = owner.organization(sandbox.organization_id());
    let offboard = organization
        .offboard(id)
        .email(person.email.parse().unwrap());
    let report = offboard.send().unwrap();
    let ways = report
        .left()
        .map(|item| format!("{:?}", item.state))
        .collect::<Vec<_>>();
    let expected = OffboardState::StillHasAccess(vec![
        AccessWay::SameAddress(second.id.into()),
        AccessWay::Member(other),
    ]);
    assert_eq!(ways, [format!("{expected:?}")]);
}

#[test]
fn a_key_of_another_organization_is_noticed() {
    let scene = scene(1, 1, 1);
    let (sandbox, person) = (&scene.sandbox, scene.sandbox.user_id(PERSON));
    let other = sandbox.add_organization("Sabre");
    assert!(sandbox.add_member(other, person, OrganizationRole::Member));
    let client = sandbox.blocking_client(Persona::Owner);
    let offboard = client.organization(other).offboard(person);
    let report = offboard.send().unwrap();
    assert_eq!(
        (report.items.len(), report.unread.len()),
        (1, 1),
        "{report:?}"
    );
    assert!(!report.is_complete());
    // Nothing was taken in the organization of the key.
    assert_eq!(scene.holdings(), 5);
}

/// After this number of requests, the client gets no further response.
#[derive(Clone)]
struct Interrupted {
    inner: SandboxTransport,
    left: Arc<AtomicU32>,
    stopped: Arc<Notify>,
}

#[async_trait]
impl HttpTransport for Interrupted {
    async fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let response = HttpTransport::send(&self.inner, request, limits).await;
        if self.left.fetch_sub(1, Ordering::Relaxed) == 0 {
            self.stopped.notify_one();
            std::future::pending::<()>().await;
        }
        response
    }

    async fn sleep(&self, duration: Duration) {
        HttpTransport::sleep(&self.inner, duration).await;
    }

    fn now(&self) -> Now {
        HttpTransport::now(&self.inner)
    }
}

/// 500 documents, 40 invites and 200 shares, within the documented limits; one request in 50 fails, and the call is
/// interrupted twice.
#[test]
fn an_interrupted_offboarding_goes_on() {
    let scene = scene(300, 200, 40);
    assert_eq!(scene.holdings(), 542);
    let faults = [
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Refuse,
        Fault::Truncate,
        Fault::Unavailable { processed: true },
        Fault::Unavailable { processed: false },
        Fault::RateLimited { retry_after: None },
    ];
    scene.sandbox.set_rate_limits(1_000, 100);
    scene.sandbox.inject(FaultPlan::random(1, 50, faults));
    let runtime = Builder::new_current_thread().build().unwrap();
    let pace = Arc::new(LocalPace::new());
    let offboard = |interrupted_after: u32| {
        let transport = Interrupted {
            inner: scene.sandbox.transport(),
            left: Arc::new(AtomicU32::new(interrupted_after)),
            stopped: Arc::default(),
        };
        let stopped = transport.stopped.clone();
        let config = scene.sandbox.config(Persona::Owner).pace(pace.clone());
        let client = Client::new(transport, config);
        let organization = client.organization(scene.sandbox.organization_id());
        let offboard = organization.offboard(scene.sandbox.user_id(PERSON));
        let offboard = offboard.transfer_documents_to(scene.sandbox.user_id(NEW_OWNER));
        runtime.block_on(async {
            tokio::select! {
                report = offboard.send() => Some(report.unwrap()),
                () = stopped.notified() => None,
            }
        })
    };
    assert!(offboard(30).is_none());
    assert!(offboard(900).is_none());
    let mut report = offboard(u32::MAX).unwrap();
    for _ in 0..3 {
        // The report is true also if something failed.
        assert_eq!(scene.holdings() == 0, report.is_complete(), "{report:?}");
        if report.is_complete() {
            break;
        }
        report = offboard(u32::MAX).unwrap();
    }
    assert_eq!(scene.holdings(), 0);
    scene.sandbox.inject(FaultPlan::default());
    let before = scene.sandbox.snapshot();
    let again = offboard(u32::MAX).unwrap();
    assert!(again.is_complete() && again.items.is_empty(), "{again:?}");
    assert_eq!(scene.sandbox.snapshot(), before);
    let new_owner: UserId = scene.sandbox.user_id(NEW_OWNER);
    let is_owner =
        |id: &DocumentId| scene.sandbox.document_role(*id, new_owner) == Some(DocumentRole::Owner);
    assert!(scene.documents.iter().all(is_owner));
}

/// A transport on which somebody else acts before a request.
#[derive(Clone)]
struct Shared {
    inner: SandboxTransport,
    requests: Arc<Mutex<Vec<String>>>,
    act: (usize, Arc<dyn Fn() + Send + Sync>),
}

impl blocking::HttpTransport for Shared {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let sent = {
            let mut requests = self.requests.lock().unwrap();
            requests.push(format!("{} {}", request.method(), request.uri().path()));
            requests.len() - 1
        };
        if sent == self.act.0 {
            (self.act.1)();
        }
        blocking::HttpTransport::send(&self.inner, request, limits)
    }

    fn sleep(&self, duration: Duration) {
        blocking::HttpTransport::sleep(&self.inner, duration);
    }

    fn now(&self) -> Now {
        blocking::HttpTransport::now(&self.inner)
    }
}

/// What other people do meanwhile, and the request that shows it.
type Act = (
    &'static str,
    fn(&Scene, OrganizationId),
    fn(&Scene, OrganizationId) -> String,
);

fn share_with_person(scene: &Scene, by: Persona, id: DocumentId) {
    let client = scene.sandbox.blocking_client(by);
    let grant = RecipientGrant::new(scene.sandbox.user_id(PERSON), DocumentRole::Admin);
    // It may not be allowed at this moment.
    let _ = client.document(id).sharing().grant(vec![grant]).send();
}

fn recipients(id: DocumentId) -> String {
    format!("GET /v1beta/documents/{id}/share")
}

fn members(id: OrganizationId) -> String {
    format!("GET /v1beta/organizations/{id}/members")
}

const ACTS: &[Act] = &[
    (
        "the person is a member again",
        |scene, _| {
            let (sandbox, person) = (&scene.sandbox, scene.sandbox.user_id(PERSON));
            sandbox.add_member(sandbox.organization_id(), person, OrganizationRole::Admin);
        },
        |scene, _| members(scene.sandbox.organization_id()),
    ),
    (
        "the person accepts an invite",
        |scene, _| {
            let (sandbox, person) = (&scene.sandbox, scene.sandbox.user(PERSON));
            let organization = sandbox.organization_id();
            let owner = sandbox.blocking_client(Persona::Owner);
            let invites = owner.organization(organization).invites();
            if invites.create(person.email.parse().unwrap()).send().is_ok() {
                let token = sandbox.outbox().pop().unwrap().expose_token().to_owned();
                let person = sandbox.blocking_client(PERSON);
                let invites = person.organization(organization).invites();
                let _ = invites.accept(token.parse().unwrap()).send();
            }
        },
        |scene, _| members(scene.sandbox.organization_id()),
    ),
    (
        "a guest accepts an invite of the person",
        |scene, _| {
            let sandbox = &scene.sandbox;
            let token = sandbox.outbox().pop().unwrap().expose_token().to_owned();
            let guest = sandbox.add_user("Guest", "guest0@example.net").token();
            let client = blocking::Client::new(sandbox.transport(), guest);
            let invites = client.organization(sandbox.organization_id()).invites();
            let _ = invites.accept(token.parse().unwrap()).send();
        },
        |scene, _| members(scene.sandbox.organization_id()),
    ),
    (
        "a shared document is shared once more",
        |scene, _| share_with_person(scene, Persona::Owner, scene.shared[0]),
        |scene, _| recipients(scene.shared[0]),
    ),
    (
        "another document is shared with the person",
        |scene, _| share_with_person(scene, Persona::Owner, scene.unrelated),
        |scene, _| recipients(scene.unrelated),
    ),
    (
        "the new owner shares a document with the person",
        |scene, _| share_with_person(scene, NEW_OWNER, scene.documents[0]),
        |scene, _| recipients(scene.documents[0]),
    ),
    (
        "a document is transferred to the person",
        |scene, _| {
            let owner = scene.sandbox.blocking_client(Persona::Owner);
            let document = owner.document(scene.unrelated);
            let _ = document
                .transfer_ownership(scene.sandbox.user_id(PERSON))
                .send();
        },
        |scene, _| recipients(scene.unrelated),
    ),
    (
        "a document is shared with an organization of the person",
        |scene, other| {
            let person = scene.sandbox.user_id(PERSON);
            scene
                .sandbox
                .add_member(other, person, OrganizationRole::Member);
            let role = DocumentRole::Viewer;
            scene
                .sandbox
                .share_with_organization(scene.unrelated, other, role);
        },
        |scene, _| recipients(scene.unrelated),
    ),
    (
        "the person joins an organization that has access",
        |scene, other| {
            let person = scene.sandbox.user_id(PERSON);
            scene
                .sandbox
                .add_member(other, person, OrganizationRole::Member);
        },
        |_, other| members(other),
    ),
];

/// Somebody else acts before any of the requests. If the call reads afterwards what shows it, the report is not
/// complete, or the person has nothing of it.
#[test]
fn what_others_do_meanwhile_is_not_overlooked() {
    let run = |at: usize, (what, act, shows): &Act| {
        let scene = Arc::new(scene(1, 1, 1));
        let (sandbox, person) = (&scene.sandbox, scene.sandbox.user_id(PERSON));
        let other = sandbox.add_organization("Sabre");
        if shows(&scene, other) == members(other) {
            assert!(sandbox.share_with_organization(scene.unrelated, other, DocumentRole::Viewer));
        }
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let acting = (scene.clone(), *act);
        let transport = Shared {
            inner: sandbox.transport(),
            requests: requests.clone(),
            act: (at, Arc::new(move || acting.1(&acting.0, other))),
        };
        let client = blocking::Client::new(transport, sandbox.config(Persona::Owner));
        let offboard = |client: &blocking::Client<_>| {
            let organization = client.organization(sandbox.organization_id());
            let offboard = organization.offboard(person);
            let offboard = offboard.email(sandbox.user(PERSON).email.parse().unwrap());
            offboard
                .transfer_documents_to(sandbox.user_id(NEW_OWNER))
                .send()
                .unwrap()
        };
        let report = offboard(&client);
        let requests = requests.lock().unwrap().clone();
        let shown = shows(&scene, other);
        let is_read = requests.iter().skip(at).any(|request| *request == shown);
        let is_held = scene.holdings() > 0;
        assert!(
            !(is_read && is_held && report.is_complete()),
            "{what}, before request {at}: {report:?}"
        );
        let again = offboard(&client);
        let is_held = scene.holdings() > 0;
        assert_eq!(
            again.is_complete(),
            !is_held,
            "{what}, before request {at}: {again:?}"
        );
        let states = report.items.iter().map(|item| item.state.to_string());
        (requests.len(), is_read, states.collect::<Vec<_>>())
    };
    let mut states = Vec::new();
    for act in ACTS {
        let (count, ..) = run(usize::MAX, act);
        let runs = (0..count).map(|at| run(at, act)).collect::<Vec<_>>();
        assert!(runs.iter().any(|(_, is_read, _)| *is_read), "{}", act.0);
        states.extend(runs.into_iter().flat_map(|(.., states)| states));
    }
    // The runs get into each of these states.
    for state in [OffboardState::CameBack, OffboardState::Accepted] {
        assert!(states.contains(&state.to_string()), "{state}");
    }
}

/// Under every schedule of one and of two faults, the report never says that something is done that is not, and calling
/// again is sufficient.
#[test]
fn every_schedule() {
    const POSITIONS: usize = 18;
    let check = |schedule: &[Option<Fault>]| {
        let scene = scene(1, 1, 1);
        let person = scene.sandbox.user_id(PERSON);
        scene
            .sandbox
            .inject(FaultPlan::schedule(schedule.iter().cloned()));
        let before = scene.holdings();
        let report = scene.send(false);
        scene.sandbox.inject(FaultPlan::default());
        if let Err(error) = &report {
            assert_eq!(
                error.outcome(),
                Outcome::NotApplied,
                "{schedule:?}: {error}"
            );
            assert_eq!(scene.holdings(), before, "{schedule:?}: {error}");
        }
        if let Ok(report) = &report {
            let is_held = |subject: &OffboardSubject| match subject {
                OffboardSubject::Membership => scene
                    .sandbox
                    .members()
                    .iter()
                    .any(|member| member.id == person),
                OffboardSubject::Invite { .. } => {
                    scene.sandbox.invites()[0].status.as_str() == "pending"
                }
                OffboardSubject::OwnDocument { id, .. }
                | OffboardSubject::SharedDocument { id, .. }
                | OffboardSubject::UnreadDocument { id, .. } => {
                    scene.sandbox.document_role(*id, person).is_some()
                }
                other => panic!("{other}"),
            };
            for item in &report.items {
                let has_access = is_held(&item.subject);
                // What the request changes: the person may still have access by other ways.
                let is_held = match &item.subject {
                    OffboardSubject::OwnDocument { id, .. } => {
                        let role = scene.sandbox.document_role(*id, person);
                        role == Some(DocumentRole::Owner)
                    }
                    OffboardSubject::SharedDocument { id, .. } => {
                        let recipients = scene.sandbox.recipients_of(*id);
                        recipients
                            .iter()
                            .any(|it| it.id.as_str() == person.as_str())
                    }
                    _ => has_access,
                };
                match &item.state {
                    OffboardState::Done => assert!(!has_access, "{schedule:?}: {item}"),
                    OffboardState::Failed(error) => match error.outcome() {
                        Outcome::NotApplied => {
                            let is_unread =
                                matches!(item.subject, OffboardSubject::UnreadDocument { .. });
                            assert!(is_held || is_unread, "{schedule:?}: {item}");
                        }
                        Outcome::Applied => assert!(!is_held, "{schedule:?}: {item}"),
                        Outcome::Unknown => {}
                    },
                    OffboardState::StillHasAccess(_) => {
                        assert!(has_access, "{schedule:?}: {item}");
                    }
                    state => panic!("{schedule:?}: {state}"),
                }
            }
            if report.is_complete() {
                assert_eq!(scene.holdings(), 0, "{schedule:?}: {report:?}");
            }
        }
        let again = scene.send(false).unwrap();
        assert!(again.is_complete(), "{schedule:?}: {again:?}");
        assert_eq!(scene.holdings(), 0, "{schedule:?}");
    };
    check(&[]);
    let random = &mut fastrand::Rng::with_seed(1);
    for first in 0..POSITIONS {
        for one in faults() {
            let mut schedule = vec![None; first];
            schedule.push(Some(one));
            check(&schedule);
            for second in first + 1..POSITIONS {
                for other in faults() {
                    schedule.truncate(first + 1);
                    schedule.resize(second, None);
                    schedule.push(Some(other));
                    if std::env::var_os("FACTIFY_EVERY_SCHEDULE").is_some() || random.u8(..32) == 0
                    {
                        check(&schedule);
                    }
                }
            }
        }
    }
}
