//! The paths and values of an older document, which the official Python SDK 1.0 uses.

use std::borrow::Cow;

use bytes::Bytes;
use factify_core::types::timelines::TimelineEventType;
use http::header::USER_AGENT;
use http::uri::PathAndQuery;
use http::{Method, Request, Response, Uri};
use serde_json::Value;

/// How the name of an older client begins.
const CLIENT: &[u8] = b"speakeasy-sdk/python 1.0.";

/// Whether a request comes from an older client.
pub(crate) fn is_older(request: &Request<Bytes>) -> bool {
    let client = request.headers().get(USER_AGENT);
    client.is_some_and(|client| client.as_bytes().starts_with(CLIENT))
}

/// The request of an older client with the path of today. `…/access` had another meaning.
pub(crate) fn renewed(request: &Request<Bytes>) -> Cow<'_, Request<Bytes>> {
    let path = request.uri().path();
    let renewed = if let Some(document) = path.strip_suffix("/general-access") {
        format!("{document}/access")
    } else if let (Some(document), &Method::GET) = (path.strip_suffix("/access"), request.method())
    {
        format!("{document}/capabilities")
    } else {
        return Cow::Borrowed(request);
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(renewed).ok();
    match Uri::from_parts(parts) {
        Ok(uri) => {
            let mut request = request.clone();
            *request.uri_mut() = uri;
            Cow::Owned(request)
        }
        Err(_) => Cow::Borrowed(request),
    }
}

/// The response with the names of events that an older client knows.
pub(crate) fn aged(mut response: Response<Bytes>) -> Response<Bytes> {
    let Ok(mut body) = serde_json::from_slice::<Value>(response.body()) else {
        return response;
    };
    let events = body.get_mut("events").and_then(Value::as_array_mut);
    for event in events.into_iter().flatten() {
        if let Some(Value::String(name)) = event.get_mut("event_type") {
            if TimelineEventType::from(&**name).is_known() {
                *name = format!("TIMELINE_EVENT_TYPE_{}", name.to_uppercase());
            }
        }
    }
    if let Ok(body) = serde_json::to_vec(&body) {
        *response.body_mut() = body.into();
    }
    response
}
