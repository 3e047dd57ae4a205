//! Requests outside of the API, for tests in other languages.

use std::time::Duration;

use bytes::Bytes;
use factify_core::{ErrorReason, OrganizationId};
use http::{Method, Request, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::outbox::Email;
use crate::respond::{Refusal, json};
use crate::sandbox::Sandbox;
use crate::world::{files, logos};

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

/// A policy for the first organization, or for this one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddPolicy {
    name: String,
    organization_id: Option<OrganizationId>,
}

/// A request outside of the API.
pub(crate) enum Control {
    Outbox,
    Advance,
    AddPolicy,
    Upload,
    /// With its length.
    Download(u64),
}

impl Control {
    /// `None` if the request is not outside of the API, or is for a logo or a file.
    pub(crate) fn of<B>(request: &Request<B>) -> Result<Option<Self>, Refusal> {
        let Some(path) = request.uri().path().strip_prefix("/_sandbox/") else {
            return Ok(None);
        };
        let of_the_api = [files::PATH, logos::PATH];
        if of_the_api
            .iter()
            .any(|path| request.uri().path().starts_with(path))
        {
            return Ok(None);
        }
        let (method, control) = match path {
            "outbox" => (Method::GET, Self::Outbox),
            "advance" => (Method::POST, Self::Advance),
            "policies" => (Method::POST, Self::AddPolicy),
            "uploads" => (Method::POST, Self::Upload),
            _ => {
                let length = path.strip_prefix("downloads/");
                let length = length.and_then(|length| length.parse().ok());
                (
                    Method::GET,
                    Self::Download(length.ok_or_else(Refusal::route)?),
                )
            }
        };
        if request.method() != method {
            return Err(Refusal::method([&method]));
        }
        // A presigned URL has its signature in the query.
        let query = match control {
            Self::Download(_) => "",
            _ => request.uri().query().unwrap_or_default(),
        };
        if let Some((name, _)) = form_urlencoded::parse(query.as_bytes()).next() {
            let message = "There is no such parameter";
            let reason = ErrorReason::InvalidFieldValue;
            return Err(Refusal::invalid(reason, name.into_owned(), message));
        }
        Ok(Some(control))
    }
}

impl Sandbox {
    /// The emails so far.
    pub(crate) fn show_outbox(&self) -> Response<Bytes> {
        let items = self.outbox().into_iter().map(Sent::from).collect();
        json(StatusCode::OK, &Outbox { items })
    }

    /// Moves the clock.
    pub(crate) fn advance_by(&self, body: &[u8]) -> Result<Response<Bytes>, Refusal> {
        let Advance { seconds } = read(body)?;
        self.advance(Duration::from_secs(seconds));
        let now = serde_json::json!({ "now": self.now() });
        Ok(json(StatusCode::OK, &now))
    }

    /// Adds a policy.
    pub(crate) fn add_policy_of(&self, body: &[u8]) -> Result<Response<Bytes>, Refusal> {
        let policy: AddPolicy = read(body)?;
        let organization = policy.organization_id;
        let organization = organization.unwrap_or_else(|| self.organization_id());
        Ok(json(
            StatusCode::OK,
            &self.add_policy(organization, &policy.name),
        ))
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        let reason = ErrorReason::InvalidFieldValue;
        Refusal::invalid(reason, "body", &error.to_string())
    })
}

impl From<Email> for Sent {
    fn from(email: Email) -> Self {
        Self {
            token: email.expose_token().to_owned(),
            email,
        }
    }
}
