//! What a server offers beside the API, to tests in other languages.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};

use crate::outbox::Email;
use crate::respond::{Refusal, json, ok};
use crate::sandbox::Sandbox;

#[derive(Serialize)]
struct Outbox {
    items: Vec<Sent>,
}

#[derive(Serialize)]
struct Sent {
    #[serde(flatten)]
    email: Email,
    token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u64,
}

impl Sandbox {
    /// The answer to a request that is not for the API.
    pub(crate) fn control(&self, request: &Request<Bytes>) -> Option<Response<Bytes>> {
        let path = request.uri().path().strip_prefix("/_sandbox/")?;
        let answer = match (request.method(), path) {
            (&Method::GET, "outbox") => ok(&Outbox {
                items: self.outbox().into_iter().map(Sent::from).collect(),
            }),
            (&Method::POST, "advance") => match serde_json::from_slice(request.body()) {
                Ok(Advance { seconds }) => {
                    self.advance(Duration::from_secs(seconds));
                    ok(&serde_json::json!({ "now": self.now() }))
                }
                Err(fault) => json(StatusCode::BAD_REQUEST, &fault.to_string()),
            },
            _ => Refusal::route().into_response(String::new()),
        };
        Some(answer)
    }
}

impl From<Email> for Sent {
    fn from(email: Email) -> Self {
        Self {
            token: email.expose_token().to_owned(),
            email,
        }
    }
}
