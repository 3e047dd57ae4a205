//! What an observer learns about each attempt.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport};
use factify_core::{
    AttemptReport, BearerToken, ClientConfig, Limits, Now, Observer, OrganizationId, RequestBody,
    TransportError,
};
use http::{Request, Response};

const ORGANIZATION: OrganizationId = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");

/// Responds with these statuses and request IDs, from the last to the first.
struct Server(Mutex<Vec<(u16, &'static str)>>);

impl HttpTransport for Server {
    fn send(&self, _: Request<RequestBody>, _: &Limits) -> Result<Response<Bytes>, TransportError> {
        let (status, id) = self.0.lock().unwrap().pop().unwrap();
        let body = match status {
            200 => r#"{"items":[],"pagination":{}}"#.to_owned(),
            _ => format!(r#"{{"code":"x","message":"m","details":[{{"request_id":"{id}"}}]}}"#),
        };
        Ok(Response::builder()
            .status(status)
            .body(body.into())
            .unwrap())
    }

    fn sleep(&self, _: Duration) {}

    fn now(&self) -> Now {
        Now::default()
    }
}

#[derive(Default)]
struct Seen(Mutex<Vec<(u16, String)>>);

impl Observer for Seen {
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        let status = attempt.status.unwrap().as_u16();
        let id = attempt.request_id.unwrap_or_default().to_owned();
        self.0.lock().unwrap().push((status, id));
    }
}

#[test]
fn each_attempt_has_the_request_id_of_its_own_error() {
    for last in [(200, ""), (404, "req_3")] {
        let attempts = [(503, "req_1"), (502, "req_2"), last];
        let mut responses = attempts.to_vec();
        responses.reverse();
        let seen = Arc::new(Seen::default());
        let token = BearerToken::new("ffy_test_x").unwrap();
        let config = ClientConfig::new(token).observer(seen.clone());
        let client = Client::new(Server(Mutex::new(responses)), config);
        let result = client.organization(ORGANIZATION).invites().list().send();
        assert_eq!(result.is_ok(), last.0 == 200);
        let expected = attempts.map(|(status, id)| (status, id.to_owned()));
        assert_eq!(*seen.0.lock().unwrap(), expected);
    }
}
