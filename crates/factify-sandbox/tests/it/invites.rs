//! The sandbox's responses, through the public client.

use std::time::Duration;

use factify_core::blocking::Client;
use factify_core::invites::{OrganizationInvite, OrganizationInviteStatus as Status};
use factify_core::{BearerToken, Error, InviteId};
use factify_sandbox::{Persona, Sandbox};

fn invite(sandbox: &Sandbox, email: &str) -> Result<OrganizationInvite, Error> {
    let client = sandbox.blocking_client(Persona::Admin);
    let invites = client.organization(sandbox.organization_id()).invites();
    invites.create(email.parse().unwrap()).send()
}

fn revoke(sandbox: &Sandbox, persona: Persona, id: InviteId) -> Result<OrganizationInvite, Error> {
    let client = sandbox.blocking_client(persona);
    client
        .organization(sandbox.organization_id())
        .invites()
        .revoke(id)
        .send()
}

const WEEK: Duration = Duration::from_secs(7 * 86_400);

#[test]
fn a_wrong_key_is_refused() {
    let sandbox = Sandbox::new(1);
    let client = Client::new(
        sandbox.transport(),
        BearerToken::new("ffy_test_CANARY").unwrap(),
    );
    let invites = client.organization(sandbox.organization_id()).invites();
    let error = invites.list().send().unwrap_err();
    assert!(error.is_unauthenticated());
    assert!(!format!("{error:?} {} {client:?}", error.report()).contains("CANARY"));
}

#[test]
fn each_email_has_its_own_hidden_token() {
    let sandbox = Sandbox::new(1);
    invite(&sandbox, "a@example.com").unwrap();
    invite(&sandbox, "a@example.com").unwrap();
    let outbox = sandbox.outbox();
    assert_eq!(outbox.len(), 2);
    assert_ne!(outbox[0].expose_token(), outbox[1].expose_token());
    assert!(!format!("{outbox:?}").contains(outbox[0].expose_token()));
}

#[test]
fn page_tokens_lead_through_the_list() {
    let sandbox = Sandbox::new(1);
    for n in 0..7 {
        let id = invite(&sandbox, &format!("p{n}@example.com")).unwrap().id;
        if n == 3 {
            revoke(&sandbox, Persona::Admin, id).unwrap();
        }
    }
    let client = sandbox.blocking_client(Persona::Owner);
    let invites = client.organization(sandbox.organization_id()).invites();
    let page = |token: Option<String>| {
        let call = invites.list().status(Status::Pending).page_size(4);
        match token {
            Some(token) => call.page_token(token).send(),
            None => call.send(),
        }
    };
    let first = page(None).unwrap();
    assert_eq!((first.items().len(), first.pagination.has_more), (4, true));
    let token = first.pagination.next_page_token.clone().unwrap();
    let second = page(Some(token.clone())).unwrap();
    assert_eq!(
        (second.items().len(), &second.pagination.next_page_token),
        (2, &None)
    );
    let emails: Vec<_> = first
        .items()
        .chain(second.items())
        .map(|invite| &*invite.unwrap().email)
        .collect();
    let expected: Vec<_> = [6, 5, 4, 2, 1, 0]
        .map(|n| format!("p{n}@example.com"))
        .into();
    assert_eq!(emails, expected);

    for wrong in [
        format!("{token}0"),
        token.replace(&token[..1], "z"),
        "x".into(),
    ] {
        let error = page(Some(wrong)).unwrap_err();
        assert_eq!(error.api().unwrap().param(), Some("page_token"));
    }
    let other_filters = invites.list().page_token(token).send().unwrap_err();
    assert_eq!(other_filters.api().unwrap().param(), Some("page_token"));
}

#[test]
fn the_same_seed_makes_the_same_ids() {
    let make = |seed| invite(&Sandbox::new(seed), "a@example.com").unwrap();
    assert_eq!(make(3), make(3));
    assert_ne!(make(3).id, make(4).id);
    assert_eq!(make(3).id.created_at(), Some(make(3).created_at));
}

#[test]
fn an_expired_invite_of_a_member_cannot_be_resent() {
    let sandbox = Sandbox::new(1);
    let expired = invite(&sandbox, "dwight@example.com").unwrap();
    sandbox.advance(WEEK);
    let key = sandbox.add_user("Dwight", "Dwight@Example.com").token();
    let newer = invite(&sandbox, "dwight@example.com").unwrap();
    assert_ne!(newer.id, expired.id);
    let dwight = Client::new(sandbox.transport(), key);
    let token = sandbox.outbox().pop().unwrap().token().unwrap();
    let invites = dwight.organization(sandbox.organization_id()).invites();
    invites.accept(token).send().unwrap();

    let admin = sandbox.blocking_client(Persona::Admin);
    let invites = admin.organization(sandbox.organization_id()).invites();
    let error = invites.resend(expired.id).send().unwrap_err();
    assert!(error.is_failed_precondition());
    assert_eq!(sandbox.invites()[0].status, Status::Expired);
}
