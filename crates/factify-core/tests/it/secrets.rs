//! No type that contains the key, and no error, prints it.

use std::error::Error as _;
use std::fmt::{Debug, Write};
use std::time::Duration;

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport};
use factify_core::invites::{AcceptOrganizationInvite, InvitationToken, RevokeOrganizationInvite};
use factify_core::{
    BaseUrl, BearerToken, ClientConfig, Error, InviteId, Limits, Now, Operation, OrganizationId,
    RequestBody, RetryPolicy, TransportError, TransportErrorKind,
};
use http::{Request, Response};

const CANARY: &str = "CANARYCANARYCANARY";

/// It looks like a key of the API, which errors show as a part of a path.
const TOKEN: &str = "canary_of_a_token";

/// Responds with a status and a body.
struct Responds(u16, &'static str);

impl Responds {
    fn response(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from_static(self.1.as_bytes()));
        *response.status_mut() = self.0.try_into().unwrap();
        response
    }
}

impl HttpTransport for Responds {
    fn send(&self, _: Request<RequestBody>, _: &Limits) -> Result<Response<Bytes>, TransportError> {
        if self.0 == 0 {
            return Err(TransportError::sent(
                TransportErrorKind::Interrupted,
                "reset",
            ));
        }
        Ok(self.response())
    }

    fn now(&self) -> Now {
        Now::default()
    }
}

fn hides(value: &impl Debug) {
    hides_in(&format!("{value:?} {value:#?}"));
}

fn hides_in(shown: &str) {
    for secret in [CANARY, TOKEN] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn no_public_type_and_no_error_shows_the_key() {
    let key = BearerToken::new(format!("ffy_prod_{CANARY}")).unwrap();
    hides(&key);
    hides(&BearerToken::new(format!("{CANARY}\n{CANARY}")).unwrap_err());
    hides(&BaseUrl::parse(&format!("https://user:{CANARY}@api.factify.com")).unwrap_err());

    let organization = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
    let invite = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");
    let revoke = RevokeOrganizationInvite::new(organization, invite);
    hides(&revoke.encode(&BaseUrl::production(), &key).unwrap());

    let token = InvitationToken::new(CANARY).unwrap();
    hides(&token);
    hides(&InvitationToken::new(CANARY.repeat(20)).unwrap_err());
    hides(&AcceptOrganizationInvite::new(organization, token.clone()));

    for (status, body) in [
        (0, ""),
        (200, ""),
        (200, r#"{"invite":{"id":7}}"#),
        (200, r#"{"CANARYCANARYCANARY":[5"#),
        (302, ""),
        (
            401,
            r#"{"code":"unauthenticated","message":"no","details":[]}"#,
        ),
        (500, "<html>"),
        // Servers that repeat the request.
        (
            500,
            "<html>authorization: Bearer ffy_prod_CANARYCANARYCANARY</html>",
        ),
        (
            401,
            r#"{"code":"unauthenticated","message":"no ffy_prod_CANARYCANARYCANARY",
                "details":[{"param":"ffy_prod_CANARYCANARYCANARY","request_id":"ffy_prod_CANARYCANARYCANARY"}]}"#,
        ),
    ] {
        let config = ClientConfig::new(key.clone())
            .retry(RetryPolicy::never())
            .deadline(Duration::from_secs(1));
        hides(&config);
        let client = Client::new(Responds(status, body), config);
        hides(&client);
        let resource = client.organization(organization);
        hides(&resource);
        hides(&resource.invites());
        let call = resource.invites().revoke(invite);
        hides(&call);
        hides_error(&call.send().unwrap_err());
        let accept = resource.invites().accept(token.clone());
        hides(&accept);
        hides_error(&accept.send().unwrap_err());
    }
}

#[test]
fn a_token_that_the_server_repeats_is_removed() {
    let token = InvitationToken::new(TOKEN).unwrap();
    let organization = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
    for (status, body) in [
        (
            404,
            r#"{"code":"not_found","message":"no invite has canary_of_a_token"}"#,
        ),
        (404, "<html>canary_of_a_token and canary_of_a_token</html>"),
        (200, r#"{"canary_of_a_token":[5"#),
        (200, r#"{"organization":{"canary_of_a_token":[5"#),
    ] {
        let key = BearerToken::new("ffy_prod_x").unwrap();
        let client = Client::new(Responds(status, body), key);
        let invites = client.organization(organization).invites();
        hides_error(&invites.accept(token.clone()).send().unwrap_err());
        // Without a client.
        let accept = AcceptOrganizationInvite::new(organization, token.clone());
        let response = Responds(status, body).response();
        hides_error(&accept.decode(response).unwrap_err());
    }
}

/// Responds with a compressed body if the request accepts it.
#[cfg(feature = "gzip")]
struct Compressed(&'static str);

#[cfg(feature = "gzip")]
impl HttpTransport for Compressed {
    fn send(
        &self,
        request: Request<RequestBody>,
        _: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        assert_eq!(request.headers()["accept-encoding"], "gzip");
        let mut gzip = flate2::read::GzEncoder::new(self.0.as_bytes(), flate2::Compression::fast());
        let mut body = Vec::new();
        std::io::Read::read_to_end(&mut gzip, &mut body).unwrap();
        let response = Response::builder().status(401);
        let response = response.header("content-encoding", "gzip");
        Ok(response.body(body.into()).unwrap())
    }

    fn now(&self) -> Now {
        Now::default()
    }
}

#[cfg(feature = "gzip")]
#[test]
fn a_key_that_the_server_repeats_compressed_is_removed() {
    let key = BearerToken::new(format!("ffy_prod_{CANARY}")).unwrap();
    let body = r#"{"code":"unauthenticated","message":"no ffy_prod_CANARYCANARYCANARY"}"#;
    let client = Client::new(Compressed(body), ClientConfig::new(key).gzip(true));
    let organization = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
    let invite = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");
    let call = client.organization(organization).invites().revoke(invite);
    let error = call.send().unwrap_err();
    hides_error(&error);
    let message = error.api().and_then(|api| api.message().map(str::to_owned));
    assert_eq!(message.as_deref(), Some("no …"));
}

fn hides_error(error: &Error) {
    hides(error);
    let mut shown = format!("{error} {}", error.report());
    let mut cause = error.source();
    while let Some(inner) = cause {
        write!(shown, " {inner} {inner:?}").unwrap();
        cause = inner.source();
    }
    hides_in(&shown);
}
