//! Several organizations and users in one sandbox, and stable ids.

use factify_core::blocking::Client;
use factify_core::organizations::OrganizationRole;
use factify_core::{IdRef, OrganizationId, UserId};
use factify_sandbox::{Persona, Sandbox};

#[test]
fn organizations_are_separate() {
    let sandbox = Sandbox::new(1);
    let (first, second) = (
        sandbox.organization_id(),
        sandbox.add_organization("Michael Scott"),
    );
    let owner = sandbox.blocking_client(Persona::Owner);
    let invites = |id: OrganizationId| owner.organization(id).invites();
    let email = "dwight@example.com";
    let ours = invites(first)
        .create(email.parse().unwrap())
        .send()
        .unwrap();
    let theirs = invites(second)
        .create(email.parse().unwrap())
        .send()
        .unwrap();
    assert_ne!(ours.id, theirs.id);
    assert_eq!(
        (ours.organization_id, theirs.organization_id),
        (first, second)
    );
    assert!(
        invites(first)
            .revoke(theirs.id)
            .send()
            .unwrap_err()
            .is_not_found()
    );

    // A token is valid for the organization that sent it.
    let dwight = sandbox.add_user("Dwight", email).token();
    let dwight = Client::new(sandbox.transport(), dwight);
    let token = sandbox.outbox()[1].token().unwrap();
    let elsewhere = dwight
        .organization(first)
        .invites()
        .accept(token.clone())
        .send();
    assert!(elsewhere.unwrap_err().is_not_found());
    let joined = dwight
        .organization(second)
        .invites()
        .accept(token)
        .send()
        .unwrap();
    assert_eq!((joined.id, &*joined.name), (second, "Michael Scott"));
    let page = invites(first).list().send().unwrap();
    assert_eq!(page.into_items().unwrap(), [ours]);
    assert_eq!(sandbox.invites_of(second)[0].id, theirs.id);
}

#[test]
fn a_role_applies_only_to_its_organization() {
    let sandbox = Sandbox::new(1);
    let second = sandbox.add_organization("Michael Scott");
    let admin = sandbox.blocking_client(Persona::Admin);
    let list = || admin.organization(second).invites().list().send();
    assert!(list().unwrap_err().is_not_found());
    let user = sandbox.user_id(Persona::Admin);
    assert!(sandbox.add_member(second, user, OrganizationRole::Member));
    assert!(list().unwrap_err().is_permission_denied());
    assert!(sandbox.add_member(second, user, OrganizationRole::Admin));
    assert!(list().unwrap().into_items().unwrap().is_empty());
    let members: Vec<_> = (sandbox.members_of(second).into_iter())
        .map(|member| member.id)
        .collect();
    let expected = [sandbox.user_id(Persona::Owner), user].map(IdRef::from);
    assert_eq!(members, expected);

    let other = sandbox.add_user("Dwight", "dwight@example.com");
    assert!(!format!("{other:?}").contains(&other.key));
    assert!(sandbox.add_member(second, other.id, OrganizationRole::Admin));
    let client = Client::new(sandbox.transport(), other.token());
    assert!(client.organization(second).invites().list().send().is_ok());
    let nowhere = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
    let nobody = UserId::literal("user_01h2xcejqtf2nbrexx3vqjhp41");
    assert!(!sandbox.add_member(nowhere, user, OrganizationRole::Admin));
    assert!(!sandbox.add_member(second, nobody, OrganizationRole::Admin));
    assert!(sandbox.members_of(nowhere).is_empty() && sandbox.invites_of(nowhere).is_empty());
}

#[test]
fn more_of_one_kind_does_not_change_the_ids_of_another() {
    let invited = |organizations: u32, users: u32| {
        let sandbox = Sandbox::new(7);
        for n in 0..organizations {
            sandbox.add_organization(&format!("Organization {n}"));
        }
        for n in 0..users {
            let _ = sandbox.add_user("User", &format!("user{n}@example.com"));
        }
        let owner = sandbox.blocking_client(Persona::Owner);
        let invites = owner.organization(sandbox.organization_id()).invites();
        let invite = invites
            .create("dwight@example.com".parse().unwrap())
            .send()
            .unwrap();
        let email = sandbox.outbox().remove(0);
        (invite, email.expose_token().to_owned())
    };
    assert_eq!(invited(0, 0), invited(3, 5));
}
