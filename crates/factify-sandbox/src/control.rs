//! Requests outside of the API, for tests in other languages.

use std::time::Duration;

use bytes::Bytes;
use factify_core::ErrorReason;
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
        let response = self.controlled(path, request);
        Some(response.unwrap_or_else(|refusal| self.refuse(refusal)))
    }

    fn controlled(&self, path: &str, request: &Request<Bytes>) -> Result<Response<Bytes>, Refusal> {
        let method = match path {
            "outbox" => Method::GET,
            "advance" | "uploads" => Method::POST,
            _ if path.starts_with("downloads/") => Method::GET,
            _ => return Err(Refusal::route()),
        };
        if request.method() != method {
            return Err(Refusal::method([&method]));
        }
        let query = request.uri().query().unwrap_or_default();
        if let Some((name, _)) = form_urlencoded::parse(query.as_bytes()).next() {
            let message = "There is no such parameter";
            let reason = ErrorReason::InvalidFieldValue;
            return Err(Refusal::invalid(reason, name.into_owned(), message));
        }
        match path {
            "outbox" => {
                let items = self.outbox().into_iter().map(Sent::from).collect();
                Ok(json(StatusCode::OK, &Outbox { items }))
            }
            "advance" => {
                let Advance { seconds } =
                    serde_json::from_slice(request.body()).map_err(|error| {
                        let reason = ErrorReason::InvalidFieldValue;
                        Refusal::invalid(reason, "body", &error.to_string())
                    })?;
                self.advance(Duration::from_secs(seconds));
                Ok(json(
                    StatusCode::OK,
                    &serde_json::json!({ "now": self.now() }),
                ))
            }
            _ => Err(Refusal::route()),
        }
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
