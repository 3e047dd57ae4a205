//! The last requests to the API, without their secrets.

use std::collections::{HashSet, VecDeque};

use bytes::Bytes;
use factify_core::Timestamp;
use http::{Request, Response};
use serde::Serialize;
use serde_json::Value;

use crate::fault::Fault;
use crate::outbox::Email;
use crate::routes;
use crate::sandbox::Sandbox;

/// How many requests are kept.
const REQUESTS: usize = 100;

/// The largest body that is kept, in bytes.
const KEPT: usize = 64 << 10;

/// After how many characters a body is cut.
const SHOWN: usize = 4_096;

/// What stands in place of a secret, and of the rest of a body.
const HIDDEN: &str = "…";

/// The requests, oldest first.
#[derive(Default)]
pub(crate) struct Log {
    items: VecDeque<Recorded>,
    count: u64,
}

/// It keeps no header, and so no key.
struct Recorded {
    number: u64,
    time: Timestamp,
    request: Request<Kept>,
    fault: Option<Fault>,
    /// The status and the body that were sent.
    response: Option<Response<Kept>>,
}

struct Kept {
    bytes: usize,
    /// `None` for a large body.
    body: Option<Bytes>,
}

impl Kept {
    fn of(body: &Bytes) -> Self {
        Self {
            bytes: body.len(),
            body: (body.len() <= KEPT).then(|| body.clone()),
        }
    }
}

impl Log {
    /// Begins to record a request, and returns its number.
    pub(crate) fn begin(
        &mut self,
        time: Timestamp,
        request: &Request<Bytes>,
        fault: Option<&Fault>,
    ) -> u64 {
        let mut kept = Request::new(Kept::of(request.body()));
        kept.method_mut().clone_from(request.method());
        kept.uri_mut().clone_from(request.uri());
        if self.items.len() == REQUESTS {
            self.items.pop_front();
        }
        self.count += 1;
        self.items.push_back(Recorded {
            number: self.count,
            time,
            request: kept,
            fault: fault.cloned(),
            response: None,
        });
        self.count
    }

    /// Records what was sent to a request.
    pub(crate) fn end(&mut self, number: u64, response: &Response<Bytes>) {
        let mut items = self.items.iter_mut().rev();
        if let Some(item) = items.find(|item| item.number == number) {
            let mut kept = Response::new(Kept::of(response.body()));
            *kept.status_mut() = response.status();
            item.response = Some(kept);
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Requests {
    items: Vec<Shown>,
}

#[derive(Serialize)]
struct Shown {
    number: u64,
    time: Timestamp,
    method: String,
    path: String,
    operation_id: Option<&'static str>,
    fault: Option<String>,
    /// `None` if no response was sent.
    status: Option<u16>,
    request: ShownBody,
    response: Option<ShownBody>,
}

#[derive(Serialize)]
struct ShownBody {
    bytes: usize,
    /// `None` if it is not JSON, or large.
    text: Option<String>,
}

pub(crate) fn show(sandbox: &Sandbox) -> Requests {
    let world = sandbox.lock();
    let emails = world.outbox.iter();
    let secrets = Secrets(emails.map(Email::expose_token).collect());
    let items = world.log.items.iter().rev();
    let items = items.map(|item| {
        let (method, uri) = (item.request.method(), item.request.uri());
        let target = uri.path_and_query().map_or(uri.path(), |it| it.as_str());
        Shown {
            number: item.number,
            time: item.time,
            method: method.to_string(),
            path: secrets.hidden(target),
            operation_id: routes::operation_id(&item.request),
            fault: item.fault.as_ref().map(ToString::to_string),
            status: item.response.as_ref().map(|it| it.status().as_u16()),
            request: secrets.shown(item.request.body()),
            response: item.response.as_ref().map(|it| secrets.shown(it.body())),
        }
    });
    Requests {
        items: items.collect(),
    }
}

/// The tokens of all emails. What looks like another secret is hidden too.
struct Secrets<'w>(HashSet<&'w str>);

/// The fields that have a secret.
const FIELDS: [&str; 2] = ["token", "secret"];

/// The starts of API keys and of user tokens.
const STARTS: [&str; 2] = ["ffy_", "eyJ"];

/// What stands before the signature in a presigned URL.
const SIGNATURE: &str = "signature=";

impl Secrets<'_> {
    fn shown(&self, kept: &Kept) -> ShownBody {
        let body = kept.body.as_deref().unwrap_or_default();
        let text = serde_json::from_slice(body).ok().map(|mut json: Value| {
            self.hide("", &mut json);
            cut(json.to_string())
        });
        ShownBody {
            bytes: kept.bytes,
            text,
        }
    }

    fn hide(&self, name: &str, json: &mut Value) {
        match json {
            Value::String(text) if FIELDS.contains(&name) => HIDDEN.clone_into(text),
            Value::String(text) => *text = self.hidden(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide(name, item)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.hide(name, value);
                }
            }
            _ => {}
        }
    }

    fn hidden(&self, text: &str) -> String {
        let is_end = |letter: char| !letter.is_ascii_alphanumeric() && !"_-.".contains(letter);
        let mut hidden = String::with_capacity(text.len());
        for part in text.split_inclusive(is_end) {
            let word = part.trim_end_matches(is_end);
            let is_secret = self.0.contains(word)
                || STARTS.iter().any(|start| word.starts_with(start))
                || hidden.ends_with(SIGNATURE);
            hidden.push_str(if is_secret { HIDDEN } else { word });
            hidden.push_str(part.strip_prefix(word).unwrap_or_default());
        }
        hidden
    }
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(SHOWN) {
        text.truncate(end);
        text.push_str(HIDDEN);
    }
    text
}
