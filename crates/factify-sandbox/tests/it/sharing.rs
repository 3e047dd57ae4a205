//! Who has access to a document, through the public client.

use factify_core::access_requests::{AccessRequestPermission, AccessRequestStatus};
use factify_core::blocking::Client;
use factify_core::documents::AccessLevel;
use factify_core::sharing::{
    AccessWay, DocumentRole, EnsuredState, GeneralAccessLevel, GrantRecipient, GrantState,
    RecipientGrant,
};
use factify_core::timelines::{TimelineEvent, TimelineEventType as Event};
use factify_core::{BotId, DocumentId, Error, ErrorKind, Outcome, Upload, UserId};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox, SandboxTransport};
use http::StatusCode;

const BOT: BotId = BotId::literal("bot_01h2xcejqtf2nbrexx3vqjhp41");

/// A private document of the admin.
fn document() -> (Sandbox, Client<SandboxTransport>, DocumentId) {
    let sandbox = Sandbox::new(1);
    let client = sandbox.blocking_client(Persona::Admin);
    let create = client
        .documents()
        .create(Upload::bytes("a.md", "# A"), "A (draft)");
    let document = create.access_level(AccessLevel::Private).send().unwrap();
    (sandbox, client, document.id)
}

#[test]
fn each_grant_has_its_own_result() {
    let (sandbox, client, document) = document();
    let sharing = client.document(document).sharing();
    let email = |address: &str| GrantRecipient::Email(address.parse().unwrap());
    let outsider = sandbox.user_id(Persona::Outsider);
    let unknown = UserId::literal("user_01h2xcejqtf2nbrexx3vqjhp41");
    let viewer = DocumentRole::Viewer;
    let grants = vec![
        RecipientGrant::new(outsider, DocumentRole::Owner),
        RecipientGrant::new(unknown, viewer.clone()),
        RecipientGrant::new(sandbox.user_id(Persona::Admin), viewer.clone()),
        RecipientGrant::new(email("Member@example.com"), DocumentRole::Commenter),
        RecipientGrant::new(email("nobody@example.com"), viewer.clone()),
        RecipientGrant::new(BOT, viewer),
    ];
    let results = sharing.grant(grants).send().unwrap();
    let is_success: Vec<_> = results.results.iter().map(|it| it.success).collect();
    assert_eq!(is_success, [false, false, false, true, false, true]);
    assert_eq!(
        (results.total, results.successful, results.failed),
        (6, 2, 4)
    );
    let error = results.into_result().unwrap_err().to_string();
    assert!(
        error.starts_with("4 of 6 grants of access failed; the first is that for"),
        "{error}"
    );

    let roles = sharing.list().send().unwrap().recipients;
    let roles = roles
        .iter()
        .map(|it| (it.kind.as_str(), it.document_role.as_str()));
    let expected = [("user", "owner"), ("user", "commenter"), ("bot", "viewer")];
    assert_eq!(roles.collect::<Vec<_>>(), expected);
}

/// Any number of grants, in requests of at most 50. The third of the requests fails.
#[test]
fn many_grants_have_one_report() {
    let lost = |status, processed| Some(Fault::Html { status, processed });
    let error = StatusCode::BAD_GATEWAY;
    let rows = [
        (None, 120, 0, 0),
        (Some(Fault::RateLimited { retry_after: None }), 120, 0, 0),
        (lost(error, true), 100, 20, 0),
        (lost(error, false), 100, 20, 0),
        (Some(Fault::Refuse), 120, 0, 0),
        (
            Some(Fault::RateLimited {
                retry_after: Some(3_600),
            }),
            100,
            0,
            20,
        ),
    ];
    for (fault, granted, unknown, not_applied) in rows {
        let (sandbox, client, document) = document();
        let users = (0..120).map(|n| sandbox.add_user("Guest", &format!("guest{n}@example.net")));
        let users: Vec<_> = users.map(|user| user.id).collect();
        let grants = users
            .iter()
            .map(|id| RecipientGrant::new(*id, DocumentRole::Viewer));
        sandbox.inject(FaultPlan::schedule([None, None, fault.clone()]));
        let report = client
            .document(document)
            .sharing()
            .grant_many(grants)
            .send()
            .unwrap();
        let count = |state| {
            report
                .grants
                .iter()
                .filter(|grant| grant.state == state)
                .count()
        };
        let counts = (
            count(GrantState::Granted),
            count(GrantState::Unknown),
            count(GrantState::NotApplied),
        );
        assert_eq!(counts, (granted, unknown, not_applied), "{fault:?}");
        for (id, reported) in users.iter().zip(&report.grants) {
            let has_access = sandbox.document_role(document, *id).is_some();
            match reported.state {
                GrantState::Granted => assert!(has_access),
                GrantState::NotApplied => assert!(!has_access),
                _ => {}
            }
        }
        assert_eq!(report.error.is_some(), granted < 120);
        assert_eq!(report.into_result().is_ok(), granted == 120);
    }
}

#[test]
fn an_invalid_grant_is_found_before_any_is_sent() {
    let (sandbox, client, document) = document();
    let outsider = sandbox.user_id(Persona::Outsider);
    let role = |n| if n == 99 { "boss" } else { "viewer" };
    let grants = (0..100).map(|n| RecipientGrant::new(outsider, role(n).into()));
    let call = client.document(document).sharing().grant_many(grants);
    let error = call.send().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
    assert_eq!(sandbox.document_role(document, outsider), None);
    let none = client.document(document).sharing().grant_many([]).send();
    assert!(none.unwrap().grants.is_empty());
}

#[test]
fn a_change_that_the_api_refuses_is_an_error() {
    let (sandbox, client, document) = document();
    let sharing = client.document(document).sharing();
    let outsider = sandbox.user_id(Persona::Outsider);
    let admin = sandbox.user_id(Persona::Admin);
    let viewer = DocumentRole::Viewer;
    let refused = [
        sharing.revoke(outsider).send().unwrap_err(),
        sharing.update(outsider, viewer.clone()).send().unwrap_err(),
        sharing.revoke(admin).send().unwrap_err(),
        sharing.update(admin, viewer).send().unwrap_err(),
    ];
    for error in refused {
        assert_eq!(
            (error.kind(), error.outcome(), error.is_retryable()),
            (ErrorKind::Refused, Outcome::NotApplied, false)
        );
        let text = error.to_string();
        assert!(text.contains(": the API refused it: The "), "{text}");
    }
}

/// The response to the second attempt says that there is nothing to revoke, because the first one was applied.
#[test]
fn a_refusal_after_a_lost_response_is_in_doubt() {
    let (sandbox, client, document) = document();
    let sharing = client.document(document).sharing();
    let outsider = sandbox.user_id(Persona::Outsider);
    let grant = RecipientGrant::new(outsider, DocumentRole::Viewer);
    sharing
        .grant(vec![grant])
        .send()
        .unwrap()
        .into_result()
        .unwrap();
    sandbox.inject(FaultPlan::schedule([Some(Fault::DropAfter)]));
    let error = sharing.revoke(outsider).send().unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome(), error.attempts()),
        (ErrorKind::Refused, Outcome::Unknown, 2)
    );
    assert_eq!(sandbox.document_role(document, outsider), None);
}

#[test]
fn a_grant_is_repeated_only_if_it_notifies_nobody() {
    for (notifies, attempts) in [(None, 1), (Some(true), 1), (Some(false), 2)] {
        let (sandbox, client, document) = document();
        let outsider = sandbox.user_id(Persona::Outsider);
        let grant = RecipientGrant::new(outsider, DocumentRole::Viewer);
        let mut grant = client.document(document).sharing().grant(vec![grant]);
        if let Some(notifies) = notifies {
            grant = grant.should_send_notification(notifies);
        }
        sandbox.inject(FaultPlan::schedule([Some(Fault::DropAfter)]));
        match grant.send_with_meta() {
            Ok(response) => assert_eq!(response.attempts, attempts),
            Err(error) => assert_eq!((error.attempts(), error.outcome()), (1, Outcome::Unknown)),
        }
        let role = sandbox.document_role(document, outsider);
        assert_eq!(role, Some(DocumentRole::Viewer));
    }
}

#[test]
fn an_access_request_is_decided_once() {
    let (sandbox, client, document) = document();
    let outsider = sandbox.blocking_client(Persona::Outsider);
    let asks = outsider.document(document).access_requests();
    assert!(!asks.check_status().send().unwrap());
    let asked = asks
        .create(AccessRequestPermission::Comment)
        .message("Please")
        .send()
        .unwrap();
    assert!(asks.check_status().send().unwrap());
    assert!(
        asks.create(AccessRequestPermission::View)
            .send()
            .unwrap_err()
            .is_failed_precondition()
    );

    let requests = client.document(document).access_requests();
    let pending = requests.list().send().unwrap();
    assert_eq!(
        (pending.items, pending.has_more),
        (vec![asked.clone()], false)
    );
    let approved = requests.approve(asked.id).send().unwrap();
    assert_eq!(approved.request_status, AccessRequestStatus::Approved);
    assert_eq!(requests.approve(asked.id).send().unwrap(), approved);
    assert!(
        requests
            .deny(asked.id)
            .send()
            .unwrap_err()
            .is_failed_precondition()
    );
    assert!(requests.list().send().unwrap().items.is_empty());
    let permissions = asks.inspect().send().unwrap().permission_set.unwrap();
    assert!(permissions.comment_public && !permissions.create_version);
}

#[test]
fn a_list_of_access_requests_says_that_there_are_more() {
    let (sandbox, client, document) = document();
    for n in 0..51 {
        let user = sandbox.add_user("Guest", &format!("guest{n}@example.net"));
        let guest = Client::new(sandbox.transport(), user.token());
        let requests = guest.document(document).access_requests();
        requests
            .create(AccessRequestPermission::View)
            .send()
            .unwrap();
    }
    let requests = client.document(document).access_requests();
    let pending = requests.list().send().unwrap();
    assert_eq!((pending.items.len(), pending.has_more), (50, true));
    drop(requests.deny(pending.items[0].id).send().unwrap());
    assert!(!requests.list().send().unwrap().has_more);
}

#[test]
fn policies_are_attached_and_detached() {
    let (sandbox, client, document) = document();
    let policies = client.document(document).policies();
    let policy = sandbox.add_policy(sandbox.organization_id(), "Confidential");
    let foreign = sandbox.add_organization("Vance Refrigeration");
    let foreign = sandbox.add_policy(foreign, "Theirs");
    assert!(
        policies
            .attach(foreign.id)
            .send()
            .unwrap_err()
            .is_not_found()
    );
    let attached = policies.attach(policy.id).send().unwrap();
    assert_eq!(attached.policy, policy);
    assert_eq!(policies.attach(policy.id).send().unwrap(), attached);
    let listed: Result<Vec<_>, _> = policies.list().items().collect();
    assert_eq!(listed.unwrap(), [attached]);
    policies.detach(policy.id).send().unwrap();
    assert!(
        policies
            .detach(policy.id)
            .send()
            .unwrap_err()
            .is_not_found()
    );
    assert_eq!(policies.list().items().count(), 0);
}

fn seen(events: impl Iterator<Item = Result<TimelineEvent, Error>>) -> Vec<Event> {
    events
        .map(|event| event.unwrap().event_type.unwrap())
        .collect()
}

#[test]
fn the_timeline_has_an_event_for_each_change() {
    let (sandbox, client, id) = document();
    let document = client.document(id);
    let outsider = sandbox.user_id(Persona::Outsider);
    let grant = || vec![RecipientGrant::new(outsider, DocumentRole::Collaborator)];
    for _ in 0..2 {
        // The second request changes nothing.
        let grant = document.sharing().grant(grant());
        grant.send().unwrap().into_result().unwrap();
    }
    let sharing = document.sharing();
    sharing
        .set_general_access(GeneralAccessLevel::Organization)
        .send()
        .unwrap();
    document.update().title("B").send().unwrap();
    let guest = sandbox.blocking_client(Persona::Outsider);
    let file = Upload::bytes("b.md", "# B");
    guest.document(id).versions().create(file).send().unwrap();
    let page = document.generate_entry_page().send().unwrap();
    let mut pdf = Vec::new();
    let mut download = client.download(page.download_url).send().unwrap();
    download.to_writer(&mut pdf).unwrap();
    assert!(pdf.starts_with(b"%PDF-1.4") && pdf.ends_with(b"%%EOF\n"));
    sharing.revoke(outsider).send().unwrap();

    let all = seen(document.get_timeline().page_size(3).items());
    let expected = [
        Event::DocumentUserAccessRevoked,
        Event::DocumentEntryPageDownloaded,
        Event::DocumentVersionUploaded,
        Event::DocumentUpdated,
        Event::DocumentSettingsAccessChanged,
        Event::DocumentUserAccessGranted,
        Event::DocumentCreated,
    ];
    assert_eq!(all, expected);
    let member = sandbox.blocking_client(Persona::Member);
    assert_eq!(seen(member.document(id).get_timeline().items()), []);
    let wrong = document.get_timeline().page_token("x").send().unwrap_err();
    assert_eq!(wrong.api().unwrap().param(), Some("cursor"));
}

#[test]
fn share_links_are_created_each_time() {
    let (_, client, document) = document();
    let sharing = client.document(document).sharing();
    let (one, other) = (
        sharing.create_share_link().send().unwrap(),
        sharing.create_share_link().send().unwrap(),
    );
    assert_ne!(one.share_link.unwrap().id, other.share_link.unwrap().id);
    assert_ne!(one.short_url, other.short_url);
}

/// What `ensure_no_access` says about each way to have access.
#[test]
fn access_by_other_ways_is_reported() {
    let ways = |change: fn(&Sandbox, &Client<SandboxTransport>, DocumentId)| {
        let (sandbox, client, document) = document();
        change(&sandbox, &client, document);
        let member = sandbox.user_id(Persona::Member);
        let ensured = client.document(document).sharing().ensure_no_access(member);
        let ensured = ensured.send().unwrap();
        let has_access = sandbox.document_role(document, member).is_some();
        // It may be cautious, but never the other way around.
        assert!(ensured.may_have_access() || !has_access, "{ensured:?}");
        (ensured.state, ensured.still_by, sandbox.organization_id())
    };
    assert_eq!(ways(|_, _, _| {}).0, EnsuredState::HadNone);
    let (_, still_by, organization) = ways(|_, client, document| {
        let level = GeneralAccessLevel::Organization;
        let sharing = client.document(document).sharing();
        drop(sharing.set_general_access(level).send().unwrap());
    });
    assert_eq!(still_by, [AccessWay::Member(organization)]);
    let (_, still_by, _) = ways(|_, client, document| {
        let level = GeneralAccessLevel::AnyoneWithLink;
        let sharing = client.document(document).sharing();
        drop(sharing.set_general_access(level).send().unwrap());
    });
    assert_eq!(still_by, [AccessWay::AnyoneWithLink]);
    let (state, still_by, organization) = ways(|sandbox, client, document| {
        let own = sandbox.organization_id();
        assert!(sandbox.share_with_organization(document, own, DocumentRole::Viewer));
        let member = sandbox.user_id(Persona::Member);
        let grant = RecipientGrant::new(member, DocumentRole::Admin);
        let grant = client.document(document).sharing().grant(vec![grant]);
        grant.send().unwrap().into_result().unwrap();
    });
    assert_eq!(still_by, [AccessWay::Member(organization)]);
    assert_eq!(state, EnsuredState::StillHasAccess);
    let (_, still_by, _) = ways(|sandbox, _, document| {
        // The admin cannot read its members.
        let foreign = sandbox.add_organization("Vance Refrigeration");
        assert!(sandbox.share_with_organization(document, foreign, DocumentRole::Viewer));
    });
    assert!(
        matches!(still_by[..], [AccessWay::MaybeMember(_)]),
        "{still_by:?}"
    );
}

#[test]
fn bots_are_not_in_the_lists_of_members() {
    let (sandbox, client, document) = document();
    let sharing = client.document(document).sharing();
    let grant = RecipientGrant::new(BOT, DocumentRole::Viewer);
    sharing
        .grant(vec![grant])
        .send()
        .unwrap()
        .into_result()
        .unwrap();
    let ensured = sharing.ensure_no_access(BOT).send().unwrap();
    assert_eq!(ensured.state, EnsuredState::Removed);
    let level = GeneralAccessLevel::Organization;
    sharing.set_general_access(level).send().unwrap();
    let ensured = sharing.ensure_no_access(BOT).send().unwrap();
    assert_eq!(
        ensured.still_by,
        [AccessWay::MaybeMember(sandbox.organization_id())]
    );
}
