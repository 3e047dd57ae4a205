//! Requests outside of the API, for tests in other languages.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};

use crate::outbox::Email;
use crate::respond::{Refusal, json};
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
    /// The response to a request outside of the API.
    pub(crate) fn control(&self, request: &Request<Bytes>) -> Option<Response<Bytes>> {
        let path = request.uri().path().strip_prefix("/_sandbox/")?;
        let response = match (request.method(), path) {
            (&Method::GET, "outbox") => json(
                StatusCode::OK,
                &Outbox {
                    items: self.outbox().into_iter().map(Sent::from).collect(),
                },
            ),
            (&Method::POST, "advance") => match serde_json::from_slice(request.body()) {
                Ok(Advance { seconds }) => {
                    self.advance(Duration::from_secs(seconds));
                    json(StatusCode::OK, &serde_json::json!({ "now": self.now() }))
                }
                Err(error) => json(StatusCode::BAD_REQUEST, &error.to_string()),
            },
            _ => Refusal::route().into_response(String::new()),
        };
        Some(response)
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
