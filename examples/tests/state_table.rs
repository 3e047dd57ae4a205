//! Each call against each state of an invite, over HTTP with both transports.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unnecessary_wraps
)]

use std::time::Duration;

use factify_core::invites::{
    InvitationToken, OrganizationInvite, OrganizationInviteStatus as Status,
};
use factify_core::{BearerToken, ClientConfig, Error, InviteId};
use factify_sandbox::{Persona, Sandbox, SandboxServer};

const EMAIL: &str = "dwight@example.com";
const WEEK: Duration = Duration::from_secs(7 * 86_400);

#[derive(Debug, Clone, Copy)]
enum Mode {
    Async,
    Blocking,
}

/// Sends a call in one mode or the other: the words are the same.
macro_rules! send {
    ($scene:expr, $key:expr, |$invites:ident| $call:expr) => {{
        let url = $scene.server.base_url();
        let config = ClientConfig::new(BearerToken::new($key).unwrap()).base_url(url);
        let organization = $scene.sandbox.organization_id();
        match $scene.mode {
            Mode::Async => {
                let client = factify_hyper::client(config).unwrap();
                let $invites = client.organization(organization).invites();
                let mut runtime = tokio::runtime::Builder::new_current_thread();
                let runtime = runtime.enable_all().build().unwrap();
                runtime.block_on($call.send())
            }
            Mode::Blocking => {
                let client = factify_ureq::client(config).unwrap();
                let $invites = client.organization(organization).invites();
                $call.send()
            }
        }
    }};
}

struct Scene {
    mode: Mode,
    server: SandboxServer,
    sandbox: Sandbox,
    dwight: String,
    toby: String,
}

impl Scene {
    fn new(mode: Mode) -> Self {
        let sandbox = Sandbox::new(7);
        Self {
            mode,
            server: SandboxServer::start(sandbox.clone()).unwrap(),
            dwight: sandbox.add_user("Dwight", EMAIL),
            toby: sandbox.add_user("Toby", "toby@example.com"),
            sandbox,
        }
    }

    /// Brings an invite into a state.
    fn invite(&self, state: &str) -> OrganizationInvite {
        let invite = self.create(EMAIL).unwrap();
        match state {
            "pending" => {}
            "expired" => self.sandbox.advance(WEEK),
            "accepted" => self.accept(&self.dwight, self.token(0)).unwrap(),
            "revoked" => drop(self.revoke(invite.id).unwrap()),
            _ => panic!("{state} is no state"),
        }
        assert_eq!(self.sandbox.invites()[0].status.as_str(), state);
        invite
    }

    fn admin(&self) -> String {
        self.sandbox.key(Persona::Admin)
    }

    fn token(&self, email: usize) -> InvitationToken {
        self.sandbox.outbox()[email].token().unwrap()
    }

    fn create(&self, email: &str) -> Result<OrganizationInvite, Error> {
        send!(self, self.admin(), |invites| invites
            .create(email.parse().unwrap()))
    }

    fn accept(&self, key: &str, token: InvitationToken) -> Result<(), Error> {
        let organization = send!(self, key, |invites| invites.accept(token))?;
        assert_eq!(organization.id, self.sandbox.organization_id());
        Ok(())
    }

    fn resend(&self, id: InviteId) -> Result<OrganizationInvite, Error> {
        send!(self, self.admin(), |invites| invites.resend(id))
    }

    fn revoke(&self, id: InviteId) -> Result<OrganizationInvite, Error> {
        send!(self, self.admin(), |invites| invites.revoke(id))
    }

    fn statuses(&self) -> Vec<Status> {
        self.sandbox
            .invites()
            .into_iter()
            .map(|invite| invite.status)
            .collect()
    }
}

/// `None` for a success, or the status and the code of the refusal.
fn refusal<T>(result: Result<T, Error>) -> Option<(u16, String)> {
    let error = result.err()?;
    let code = error.api().unwrap().code().unwrap().to_string();
    Some((error.status().unwrap().as_u16(), code))
}

fn precondition() -> Option<(u16, String)> {
    Some((400, "failed_precondition".into()))
}

fn not_found() -> Option<(u16, String)> {
    Some((404, "not_found".into()))
}

fn each_mode(check: impl Fn(Scene)) {
    for mode in [Mode::Async, Mode::Blocking] {
        check(Scene::new(mode));
    }
}

#[test]
fn create_again() {
    each_mode(|scene| {
        let first = scene.invite("pending");
        scene.sandbox.advance(Duration::from_secs(1));
        let again = scene.create(EMAIL).unwrap();
        assert_eq!(again.id, first.id);
        assert!(again.expires_at > first.expires_at);
        assert_eq!(scene.sandbox.outbox().len(), 2);
        assert_eq!(
            refusal(scene.accept(&scene.dwight, scene.token(0))),
            not_found(),
            "superseded"
        );
        assert_eq!(refusal(scene.accept(&scene.dwight, scene.token(1))), None);
    });
    for state in ["expired", "revoked"] {
        each_mode(|scene| {
            let first = scene.invite(state);
            let again = scene.create(EMAIL).unwrap();
            assert_ne!(again.id, first.id, "{state}");
            let old = Status::from(state);
            assert_eq!(scene.statuses(), [old, Status::Pending]);
        });
    }
    each_mode(|scene| {
        scene.invite("accepted");
        assert_eq!(refusal(scene.create(EMAIL)), precondition());
        assert_eq!(scene.sandbox.outbox().len(), 1, "no email");
    });
}

#[test]
fn accept() {
    for (state, expected) in [
        ("pending", None),
        ("expired", not_found()),
        ("accepted", precondition()),
        ("revoked", not_found()),
    ] {
        each_mode(|scene| {
            scene.invite(state);
            assert_eq!(
                refusal(scene.accept(&scene.dwight, scene.token(0))),
                expected,
                "{state}"
            );
            let joined = scene
                .sandbox
                .members()
                .iter()
                .any(|member| member.email == EMAIL);
            assert_eq!(joined, ["pending", "accepted"].contains(&state), "{state}");
            let invite = &scene.sandbox.invites()[0];
            assert_eq!(invite.accepted_at.is_some(), joined);
            assert_eq!(invite.accepted_by.is_some(), joined);
        });
    }
    each_mode(|scene| {
        scene.invite("pending");
        let denied = Some((403, "permission_denied".into()));
        assert_eq!(
            refusal(scene.accept(&scene.toby, scene.token(0))),
            denied,
            "another address"
        );
        let unknown = InvitationToken::new("unknown").unwrap();
        assert_eq!(refusal(scene.accept(&scene.dwight, unknown)), not_found());
        assert_eq!(scene.statuses(), [Status::Pending]);
    });
    each_mode(|scene| {
        scene.invite("accepted");
        assert_eq!(
            refusal(scene.accept(&scene.toby, scene.token(0))),
            not_found(),
            "used up"
        );
    });
}

#[test]
fn resend() {
    for (state, expected) in [
        ("pending", None),
        ("expired", None),
        ("accepted", precondition()),
        ("revoked", precondition()),
    ] {
        each_mode(|scene| {
            let invite = scene.invite(state);
            scene.sandbox.advance(Duration::from_secs(1));
            let result = scene.resend(invite.id);
            if let Ok(again) = &result {
                assert_eq!((&again.id, &again.status), (&invite.id, &Status::Pending));
                assert!(again.expires_at > invite.expires_at);
                assert_eq!(
                    (&again.sender, again.created_at),
                    (&invite.sender, invite.created_at)
                );
            }
            let emails = if expected.is_none() { 2 } else { 1 };
            assert_eq!(scene.sandbox.outbox().len(), emails, "{state}");
            assert_eq!(refusal(result), expected, "{state}");
        });
    }
    each_mode(|scene| {
        let expired = scene.invite("expired");
        scene.create(EMAIL).unwrap();
        assert_eq!(
            refusal(scene.resend(expired.id)),
            precondition(),
            "one pending for an address"
        );
        let unknown = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");
        assert_eq!(refusal(scene.resend(unknown)), not_found());
    });
}

#[test]
fn revoke() {
    for (state, expected) in [
        ("pending", None),
        ("expired", precondition()),
        ("accepted", precondition()),
        ("revoked", precondition()),
    ] {
        each_mode(|scene| {
            let invite = scene.invite(state);
            let result = scene.revoke(invite.id);
            if let Ok(revoked) = &result {
                assert_eq!(revoked.status, Status::Revoked);
                assert_eq!(revoked.expires_at, invite.expires_at);
            }
            assert_eq!(refusal(result), expected, "{state}");
            let after = if state == "pending" { "revoked" } else { state };
            assert_eq!(scene.statuses(), [Status::from(after)]);
            assert_eq!(scene.sandbox.outbox().len(), 1, "no email");
        });
    }
    each_mode(|scene| {
        let unknown = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");
        assert_eq!(refusal(scene.revoke(unknown)), not_found());
    });
}

#[test]
fn list() {
    for state in ["pending", "expired", "accepted", "revoked"] {
        each_mode(|scene| {
            let invite = scene.invite(state);
            let page = send!(scene, scene.admin(), |invites| invites.list()).unwrap();
            assert_eq!(page.items, scene.sandbox.invites());
            assert_eq!(page.items[0].id, invite.id);
            let status = Status::from(state);
            let page = send!(scene, scene.admin(), |invites| invites
                .list()
                .status(status.clone()));
            assert_eq!(page.unwrap().items.len(), 1, "{state}");
        });
    }
}

#[test]
fn the_sender_is_a_snapshot() {
    each_mode(|scene| {
        let invite = scene.invite("pending");
        scene.sandbox.rename(Persona::Admin, "Gabe");
        assert_eq!(scene.resend(invite.id).unwrap().sender.name, "admin");
    });
}
