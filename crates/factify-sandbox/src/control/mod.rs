//! Requests outside of the API, for tests in other languages and for the page.

mod accept;
mod actions;
mod body;
mod state;
mod table;
mod users;

use bytes::Bytes;
use factify_core::{ErrorReason, OPERATIONS};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Request, Response};
use serde::Serialize;

use crate::fault::{KINDS, Kind};
use crate::respond::{Refusal, content_type};
use crate::sandbox::Sandbox;
use crate::world::{files, logos};

pub(crate) use body::{Body, Field, FieldType, body};
use table::ROUTES;
#[cfg(feature = "server")]
pub(crate) use table::for_each_control_request;
pub(crate) use table::{Action, Route, prefix};

const JSON: &str = "application/json";

/// The page needs nothing but its own files, and no other page may embed it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Whether a path is outside of the API. Logos and files belong to the API.
pub(crate) fn is_control(path: &str) -> bool {
    let rest = path.strip_prefix(prefix!());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        && ![files::PATH, logos::PATH]
            .iter()
            .any(|of_the_api| path.starts_with(of_the_api))
}

/// The route of a request outside of the API.
pub(crate) fn find<B>(request: &Request<B>) -> Result<&'static Route, Refusal> {
    let path = request.uri().path();
    let mut here = ROUTES.iter().filter(|route| route.matches(path)).peekable();
    if here.peek().is_none() {
        let message = concat!("There is no such route; GET ", prefix!(), " lists them");
        return Err(Refusal::not_found(message));
    }
    let found = here.clone().find(|route| route.method == request.method());
    let found = found.ok_or_else(|| Refusal::method(here.map(|route| &route.method)))?;
    // A presigned URL has its signature in the query.
    let query = match found.action {
        Action::Download => "",
        _ => request.uri().query().unwrap_or_default(),
    };
    match form_urlencoded::parse(query.as_bytes()).next() {
        None => Ok(found),
        Some((name, _)) => {
            let message = "There is no such parameter";
            let reason = ErrorReason::InvalidFieldValue;
            Err(Refusal::invalid(reason, name.into_owned(), message))
        }
    }
}

impl Route {
    fn matches(&self, path: &str) -> bool {
        self.path == path || self.length(path).is_some()
    }

    /// The length in the path of a download.
    pub(crate) fn length(&self, path: &str) -> Option<u64> {
        let (start, _) = self.path.split_once('{')?;
        path.strip_prefix(start)?.parse().ok()
    }
}

impl Sandbox {
    /// Responds to a request outside of the API. `None` for one to the API.
    pub(crate) fn control(&self, request: &Request<Bytes>) -> Option<Response<Bytes>> {
        is_control(request.uri().path()).then(|| {
            let response = self.control_or_refuse(request);
            response.unwrap_or_else(|refusal| self.refuse(refusal))
        })
    }

    fn control_or_refuse(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, Refusal> {
        let route = find(request)?;
        let mut response = match route.action {
            Action::Json(run) => {
                // A page of another origin can send other types without asking.
                if !route.fields.is_empty() && content_type(request.headers()) != JSON {
                    return Err(Refusal::media_type(JSON));
                }
                run(self, request.body())?
            }
            Action::File(kind, text) => {
                let mut response = Response::new(Bytes::from_static(text.as_bytes()));
                let kind = HeaderValue::from_static(kind);
                response.headers_mut().insert(CONTENT_TYPE, kind);
                response
            }
            Action::Upload | Action::Download => {
                return Err(Refusal::not_found("Only a sandbox on a port does this"));
            }
        };
        for (name, value) in [
            (CACHE_CONTROL, "no-store"),
            (CONTENT_SECURITY_POLICY, POLICY),
            (HeaderName::from_static("x-content-type-options"), "nosniff"),
            (HeaderName::from_static("referrer-policy"), "no-referrer"),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ),
        ] {
            let value = HeaderValue::from_static(value);
            response.headers_mut().insert(name, value);
        }
        Ok(response)
    }
}

fn read<T: Body>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        let message = error.to_string();
        // A position helps only where the text is no JSON.
        let short = message.rsplit_once(" at line ").filter(|_| error.is_data());
        invalid("body", short.map_or(&*message, |(short, _)| short))
    })
}

fn invalid(field: &'static str, message: &str) -> Refusal {
    Refusal::invalid(ErrorReason::InvalidFieldValue, field, message)
}

#[derive(Serialize)]
struct Description {
    requests: Vec<Described>,
    faults: &'static [Kind],
    operations: Vec<&'static str>,
}

#[derive(Serialize)]
struct Described {
    method: &'static str,
    path: &'static str,
    what: &'static str,
    fields: &'static [Field],
}

fn describe(_: &Sandbox) -> Description {
    let described = |route: &'static Route| Described {
        method: route.method.as_str(),
        path: route.path,
        what: route.what,
        fields: route.fields,
    };
    Description {
        requests: ROUTES.iter().map(described).collect(),
        faults: &KINDS,
        operations: OPERATIONS.iter().map(|operation| operation.id).collect(),
    }
}
