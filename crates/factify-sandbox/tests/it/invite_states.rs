//! Each call against each state of an invite.

use std::time::Duration;

use factify_core::blocking::Client;
use factify_core::invites::{
    InvitationToken, InvitesResource, OrganizationInvite, OrganizationInviteStatus as Status,
};
use factify_core::{BearerToken, Error, InviteId};
use factify_sandbox::{Persona, Sandbox, SandboxTransport};

const EMAIL: &str = "dwight@example.com";
const WEEK: Duration = Duration::from_secs(7 * 86_400);
const STATES: [&str; 4] = ["pending", "expired", "accepted", "revoked"];

struct Scene {
    sandbox: Sandbox,
    dwight: BearerToken,
    toby: BearerToken,
}

impl Scene {
    fn new() -> Self {
        let sandbox = Sandbox::new(7);
        Self {
            dwight: sandbox.add_user("Dwight", EMAIL).token(),
            toby: sandbox.add_user("Toby", "toby@example.com").token(),
            sandbox,
        }
    }

    fn with<T>(
        &self,
        token: &BearerToken,
        call: impl FnOnce(InvitesResource<'_, Client<SandboxTransport>>) -> T,
    ) -> T {
        let client = Client::new(self.sandbox.transport(), token.clone());
        call(
            client
                .organization(self.sandbox.organization_id())
                .invites(),
        )
    }

    fn admin<T>(&self, call: impl FnOnce(InvitesResource<'_, Client<SandboxTransport>>) -> T) -> T {
        self.with(&self.sandbox.token(Persona::Admin), call)
    }

    /// Creates an invite in this state.
    fn invite(&self, state: &str) -> OrganizationInvite {
        let invite = self.create(EMAIL).unwrap();
        match state {
            "pending" => {}
            "expired" => self.sandbox.advance(WEEK),
            "accepted" => self.accept(&self.dwight, self.token(0)).unwrap(),
            "revoked" => drop(self.revoke(invite.id).unwrap()),
            _ => panic!("{state} is not a state"),
        }
        assert_eq!(self.sandbox.invites()[0].status.as_str(), state);
        invite
    }

    fn token(&self, email: usize) -> InvitationToken {
        self.sandbox.outbox()[email].token().unwrap()
    }

    fn create(&self, email: &str) -> Result<OrganizationInvite, Error> {
        self.admin(|invites| invites.create(email.parse().unwrap()).send())
    }

    fn accept(&self, key: &BearerToken, token: InvitationToken) -> Result<(), Error> {
        let organization = self.with(key, |invites| invites.accept(token).send())?;
        assert_eq!(organization.id, self.sandbox.organization_id());
        Ok(())
    }

    fn resend(&self, id: InviteId) -> Result<OrganizationInvite, Error> {
        self.admin(|invites| invites.resend(id).send())
    }

    fn revoke(&self, id: InviteId) -> Result<OrganizationInvite, Error> {
        self.admin(|invites| invites.revoke(id).send())
    }

    fn statuses(&self) -> Vec<Status> {
        let invites = self.sandbox.invites().into_iter();
        invites.map(|invite| invite.status).collect()
    }
}

/// `done`, or the status and the code of the error.
fn result<T>(result: Result<T, Error>) -> String {
    let Err(error) = result else {
        return "done".to_owned();
    };
    let code = error.api().unwrap().code().unwrap();
    format!("{} {code}", error.status().unwrap().as_u16())
}

#[test]
fn each_call_in_each_state() {
    // The state | create | accept | resend | revoke
    for (state, create, accept, resend, revoke) in [
        ("pending", "done", "done", "done", "done"),
        (
            "expired",
            "done",
            "404 not_found",
            "done",
            "400 failed_precondition",
        ),
        (
            "accepted",
            "400 failed_precondition",
            "400 failed_precondition",
            "400 failed_precondition",
            "400 failed_precondition",
        ),
        (
            "revoked",
            "done",
            "404 not_found",
            "400 failed_precondition",
            "400 failed_precondition",
        ),
    ] {
        type Call = fn(&Scene, InviteId) -> String;
        let calls: [(&str, Call, &str, bool); 4] = [
            (
                "create",
                |scene, _| result(scene.create(EMAIL)),
                create,
                true,
            ),
            (
                "accept",
                |scene, _| result(scene.accept(&scene.dwight, scene.token(0))),
                accept,
                false,
            ),
            ("resend", |scene, id| result(scene.resend(id)), resend, true),
            (
                "revoke",
                |scene, id| result(scene.revoke(id)),
                revoke,
                false,
            ),
        ];
        for (name, call, expected, sends_email) in calls {
            let scene = Scene::new();
            let id = scene.invite(state).id;
            assert_eq!(
                call(&scene, id),
                expected,
                "{name} of an invite that is {state}"
            );
            let emails = 1 + usize::from(sends_email && expected == "done");
            assert_eq!(
                scene.sandbox.outbox().len(),
                emails,
                "{name} of an invite that is {state}"
            );
        }
    }
}

#[test]
fn inviting_again_renews_only_a_pending_invite() {
    for state in STATES {
        let scene = Scene::new();
        let first = scene.invite(state);
        scene.sandbox.advance(Duration::from_secs(1));
        let Ok(again) = scene.create(&EMAIL.to_uppercase()) else {
            assert_eq!(state, "accepted");
            continue;
        };
        if state == "pending" {
            assert_eq!((again.id, again.created_at), (first.id, first.created_at));
            assert!(again.expires_at > first.expires_at);
            let superseded = scene.accept(&scene.dwight, scene.token(0));
            assert_eq!(result(superseded), "404 not_found");
            assert_eq!(result(scene.accept(&scene.dwight, scene.token(1))), "done");
        } else {
            assert_ne!(again.id, first.id, "{state}");
            assert_eq!(scene.statuses(), [Status::from(state), Status::Pending]);
        }
    }
}

#[test]
fn accepting_adds_a_member_and_updates_the_invite() {
    let scene = Scene::new();
    scene.invite("pending");
    let token = scene.token(0);
    assert_eq!(
        result(scene.accept(&scene.toby, token.clone())),
        "403 permission_denied",
        "another address"
    );
    let unknown = InvitationToken::new("unknown").unwrap();
    assert_eq!(
        result(scene.accept(&scene.dwight, unknown)),
        "404 not_found"
    );
    assert_eq!(scene.statuses(), [Status::Pending]);

    scene.accept(&scene.dwight, token.clone()).unwrap();
    let invite = scene.sandbox.invites().remove(0);
    assert!(invite.accepted_at.is_some());
    assert_eq!(invite.accepted_by.unwrap().email, EMAIL);
    let members = scene.sandbox.members();
    assert!(members.iter().any(|member| member.email == EMAIL));
    assert_eq!(
        result(scene.accept(&scene.toby, token)),
        "404 not_found",
        "used up"
    );
}

#[test]
fn resending_changes_only_the_expiry() {
    for state in ["pending", "expired"] {
        let scene = Scene::new();
        let before = scene.invite(state);
        scene.sandbox.advance(Duration::from_secs(1));
        scene.sandbox.rename(Persona::Admin, "Gabe");
        let mut after = scene.resend(before.id).unwrap();
        assert!(after.expires_at > before.expires_at);
        after.expires_at = before.expires_at;
        assert_eq!(after, before, "the sender is a snapshot");
    }
    let scene = Scene::new();
    let expired = scene.invite("expired");
    scene.create(EMAIL).unwrap();
    let error = scene.resend(expired.id);
    assert_eq!(
        result(error),
        "400 failed_precondition",
        "one pending invite for an address"
    );
}

#[test]
fn revoking_changes_only_the_status() {
    let scene = Scene::new();
    let mut expected = scene.invite("pending");
    expected.status = Status::Revoked;
    assert_eq!(scene.revoke(expected.id).unwrap(), expected);
    assert_eq!(scene.sandbox.invites(), [expected]);
}

#[test]
fn a_list_shows_each_state() {
    for state in STATES {
        let scene = Scene::new();
        scene.invite(state);
        let all = scene.admin(|invites| invites.list().send()).unwrap();
        assert_eq!(all.into_items().unwrap(), scene.sandbox.invites());
        for status in STATES {
            let found = scene.admin(|invites| invites.list().status(status.into()).send());
            assert_eq!(found.unwrap().items().len(), usize::from(status == state));
        }
    }
}
