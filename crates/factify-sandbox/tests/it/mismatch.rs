//! Responses that do not match the request: they are errors for every operation and both kinds of client.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use factify_core::blocking::HttpTransport as BlockingTransport;
use factify_core::invites::{
    AcceptOrganizationInvite, CreateOrganizationInvite, InvitationToken, ListOrganizationInvites,
    ResendOrganizationInvite, RevokeOrganizationInvite,
};
use factify_core::{
    BearerToken, Client, Error, ErrorKind, HttpTransport, InviteId, Limits, Now, Operation,
    OrganizationId, Outcome, RequestBody, TransportError, blocking,
};
use factify_sandbox::{Persona, Sandbox, SandboxTransport};
use http::{Request, Response};
use serde_json::Value;

/// The sandbox, with another value in one place of each response.
struct Changed {
    sandbox: SandboxTransport,
    place: &'static str,
    value: &'static str,
}

impl Changed {
    fn change(&self, response: Response<Bytes>) -> Response<Bytes> {
        assert_eq!(response.status(), 200, "{response:?}");
        response.map(|body| {
            let mut json: Value = serde_json::from_slice(&body).unwrap();
            *json.pointer_mut(self.place).expect(self.place) = self.value.into();
            json.to_string().into()
        })
    }
}

impl BlockingTransport for Changed {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let response = BlockingTransport::send(&self.sandbox, request, limits)?;
        Ok(self.change(response))
    }

    fn now(&self) -> Now {
        BlockingTransport::now(&self.sandbox)
    }
}

#[async_trait]
impl HttpTransport for Changed {
    async fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let response = HttpTransport::send(&self.sandbox, request, limits).await?;
        Ok(self.change(response))
    }

    async fn sleep(&self, duration: Duration) {
        HttpTransport::sleep(&self.sandbox, duration).await;
    }

    fn now(&self) -> Now {
        HttpTransport::now(&self.sandbox)
    }
}

/// A sandbox with two invites.
struct Scene {
    sandbox: Sandbox,
    organization: OrganizationId,
    invite: InviteId,
    token: InvitationToken,
    keys: [String; 2],
}

/// The positions of their keys.
const ADMIN: usize = 0;
const DWIGHT: usize = 1;

fn scene() -> Scene {
    let sandbox = Sandbox::new(5);
    let keys = [
        sandbox.key(Persona::Admin),
        sandbox.add_user("Dwight", "dwight@example.com").key,
    ];
    let key = BearerToken::new(&*keys[0]).unwrap();
    let client = blocking::Client::new(sandbox.transport(), key);
    let organization = sandbox.organization_id();
    let invites = client.organization(organization).invites();
    invites
        .create("jim@example.com".parse().unwrap())
        .send()
        .unwrap();
    let invite = invites.create("dwight@example.com".parse().unwrap());
    let invite = invite.send().unwrap().id;
    let token = sandbox.outbox().pop().unwrap().token().unwrap();
    Scene {
        sandbox,
        organization,
        invite,
        token,
        keys,
    }
}

/// Makes a call with each client, and changes the response in this place to this value.
type Call = fn(&'static str, &'static str) -> [Result<(), Error>; 2];

fn both<O: Operation>(
    place: &'static str,
    value: &'static str,
    key: usize,
    operation: impl Fn(&Scene) -> O,
) -> [Result<(), Error>; 2] {
    let transport = |scene: &Scene| Changed {
        sandbox: scene.sandbox.transport(),
        place,
        value,
    };
    let key = |scene: &Scene| BearerToken::new(&*scene.keys[key]).unwrap();
    let one = scene();
    let client = blocking::Client::new(transport(&one), key(&one));
    let blocking = client.call(operation(&one)).send();
    let other = scene();
    let client = Client::new(transport(&other), key(&other));
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let call = client.call(operation(&other)).send();
    let asynchronous = runtime.unwrap().block_on(call);
    [blocking.map(drop), asynchronous.map(drop)]
}

fn create(place: &'static str, value: &'static str) -> [Result<(), Error>; 2] {
    both(place, value, ADMIN, |scene| {
        CreateOrganizationInvite::new(scene.organization, "pam@example.com".parse().unwrap())
    })
}

fn accept(place: &'static str, value: &'static str) -> [Result<(), Error>; 2] {
    both(place, value, DWIGHT, |scene| {
        AcceptOrganizationInvite::new(scene.organization, scene.token.clone())
    })
}

fn resend(place: &'static str, value: &'static str) -> [Result<(), Error>; 2] {
    both(place, value, ADMIN, |scene| {
        ResendOrganizationInvite::new(scene.organization, scene.invite)
    })
}

fn revoke(place: &'static str, value: &'static str) -> [Result<(), Error>; 2] {
    both(place, value, ADMIN, |scene| {
        RevokeOrganizationInvite::new(scene.organization, scene.invite)
    })
}

fn list(place: &'static str, value: &'static str) -> [Result<(), Error>; 2] {
    both(place, value, ADMIN, |scene| {
        ListOrganizationInvites::new(scene.organization)
    })
}

#[test]
fn a_response_that_does_not_match_is_never_a_success() {
    const INVITE: &str = "inv_01h2xcejqtf2nbrexx3vqjhp42";
    const ORGANIZATION: &str = "org_01h2xcejqtf2nbrexx3vqjhp42";
    use Outcome::{NotApplied, Unknown};

    // The call, the place in its response, another value there, and the outcome and the field of the error.
    let cases: [(Call, _, _, Option<(Outcome, &str)>); 12] = [
        (
            create,
            "/invite/email",
            "jim@example.com",
            Some((Unknown, "invite.email")),
        ),
        (
            create,
            "/invite/email",
            "pam@example.com.evil",
            Some((Unknown, "invite.email")),
        ),
        // The API compares addresses without case.
        (create, "/invite/email", "PAM@Example.com", None),
        // The server chooses the ID.
        (create, "/invite/id", INVITE, None),
        (
            create,
            "/invite/organization_id",
            ORGANIZATION,
            Some((Unknown, "invite.organization_id")),
        ),
        (
            accept,
            "/organization/id",
            ORGANIZATION,
            Some((Unknown, "organization.id")),
        ),
        (resend, "/invite/id", INVITE, Some((Unknown, "invite.id"))),
        (
            resend,
            "/invite/organization_id",
            ORGANIZATION,
            Some((Unknown, "invite.organization_id")),
        ),
        (revoke, "/invite/id", INVITE, Some((Unknown, "invite.id"))),
        (
            revoke,
            "/invite/organization_id",
            ORGANIZATION,
            Some((Unknown, "invite.organization_id")),
        ),
        // A call that only reads is never applied.
        (
            list,
            "/items/0/organization_id",
            ORGANIZATION,
            Some((NotApplied, "items.organization_id")),
        ),
        (
            list,
            "/items/1/organization_id",
            ORGANIZATION,
            Some((NotApplied, "items.organization_id")),
        ),
    ];
    for (call, place, value, expected) in cases {
        for result in call(place, value) {
            let Some((outcome, field)) = expected else {
                assert!(result.is_ok(), "{place}: {result:?}");
                continue;
            };
            let error = result.expect_err(place);
            assert_eq!(
                (error.kind(), error.outcome()),
                (ErrorKind::Mismatch, outcome),
                "{error}"
            );
            let words = format!("the response does not match the request: {field} differs");
            assert!(error.to_string().contains(&words), "{error}");
        }
    }
}
