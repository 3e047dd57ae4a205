use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::{Map, Value};

use super::Fault;
use crate::respond::Refusal;
use crate::sandbox::Sandbox;

/// What the client receives.
pub(crate) enum Reply {
    Response(Response<Bytes>),
    /// The head and a part of the body.
    Cut(Response<Bytes>),
    Late(Response<Bytes>, Duration),
    Nothing,
    Silence,
    Refused,
}

impl Sandbox {
    /// Responds to a request with a [normal](crate::target) target, with the next fault of the plan.
    pub(crate) fn reply(&self, request: &Request<Bytes>) -> Reply {
        if let Some(response) = self.control(request) {
            return Reply::Response(response);
        }
        let fault = self.next_fault(request);
        let number = {
            let mut world = self.lock();
            let now = world.now();
            world.log.begin(now, request, fault.as_ref())
        };
        let reply = self.reply_with(request, fault);
        match &reply {
            Reply::Response(response) | Reply::Late(response, _) => {
                self.lock().log.end(number, response);
            }
            Reply::Cut(whole) => {
                let mut half = Response::new(half(whole.body()));
                *half.status_mut() = whole.status();
                self.lock().log.end(number, &half);
            }
            Reply::Nothing | Reply::Silence | Reply::Refused => {}
        }
        reply
    }

    fn reply_with(&self, request: &Request<Bytes>, fault: Option<Fault>) -> Reply {
        let Some(fault) = fault else {
            return Reply::Response(self.handle_normal(request));
        };
        match fault {
            Fault::Refuse => Reply::Refused,
            Fault::DropBefore => Reply::Nothing,
            Fault::DropAfter => {
                self.handle_normal(request);
                Reply::Nothing
            }
            Fault::Truncate => Reply::Cut(self.handle_normal(request)),
            Fault::Delay(delay) => Reply::Late(self.handle_normal(request), delay),
            Fault::Hang => {
                self.handle_normal(request);
                Reply::Silence
            }
            Fault::RateLimited { retry_after } => {
                let mut response = self.refuse(Refusal::injected(StatusCode::TOO_MANY_REQUESTS));
                if let Some(seconds) = retry_after {
                    response
                        .headers_mut()
                        .insert(RETRY_AFTER, HeaderValue::from(seconds));
                }
                Reply::Response(response)
            }
            Fault::Unavailable { processed } => {
                if processed {
                    self.handle_normal(request);
                }
                Reply::Response(self.refuse(Refusal::injected(StatusCode::SERVICE_UNAVAILABLE)))
            }
            Fault::Html { status, processed } => {
                if processed {
                    self.handle_normal(request);
                }
                Reply::Response(self.date(html(status)))
            }
            Fault::Undocumented => {
                let response = self.handle_normal(request);
                Reply::Response(response.map(|_| Bytes::from_static(b"{\"invites\":null}")))
            }
            Fault::UnreadableItem(index) => {
                Reply::Response(self.handle_normal(request).map(|body| spoiled(body, index)))
            }
            Fault::Oversized(bytes) => Reply::Response(pad(self.handle_normal(request), bytes)),
        }
    }
}

/// What arrives of a body that is cut.
pub(crate) fn half(body: &Bytes) -> Bytes {
    body.slice(..body.len() / 2)
}

fn html(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(b"<html><body>Bad gateway</body></html>"));
    *response.status_mut() = status;
    let html = HeaderValue::from_static("text/html");
    response.headers_mut().insert(CONTENT_TYPE, html);
    response
}

/// Replaces an item of a page by one without fields.
fn spoiled(body: Bytes, index: usize) -> Bytes {
    let Ok(mut page) = serde_json::from_slice::<Value>(&body) else {
        return body;
    };
    let items = page.get_mut("items").and_then(Value::as_array_mut);
    let Some(item) = items.and_then(|items| items.get_mut(index)) else {
        return body;
    };
    *item = Value::Object(Map::new());
    page.to_string().into()
}

fn pad(response: Response<Bytes>, bytes: usize) -> Response<Bytes> {
    response.map(|body| {
        let mut padded = body.to_vec();
        padded.resize(bytes.max(padded.len()), b' ');
        padded.into()
    })
}
