//! The control requests.

use bytes::Bytes;
use http::{Method, Response, StatusCode};

use super::body::{Body, Field};
use super::{accept, actions, state, users};
use crate::fault::Plan;
use crate::log;
use crate::respond::{Refusal, json};
use crate::sandbox::Sandbox;

/// What all paths of control requests begin with.
macro_rules! prefix {
    () => {
        "/_sandbox"
    };
}
pub(crate) use prefix;

/// A request outside of the API.
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) what: &'static str,
    pub(crate) fields: &'static [Field],
    pub(crate) action: Action,
}

/// What a request does.
#[derive(Clone, Copy)]
pub(crate) enum Action {
    /// Responds with JSON to a body.
    Json(fn(&Sandbox, &[u8]) -> Result<Response<Bytes>, Refusal>),
    /// A file of the page, with its content type.
    File(&'static str, &'static str),
    /// Reads a body of any length. Only on a port.
    Upload,
    /// Sends a body of any length. Only on a port.
    Download,
}

/// Calls a macro with the method, the path, the action and the description of each control request.
macro_rules! for_each_control_request {
    ($callback:ident) => {
        $callback! {
            GET "" shows(super::describe)
                "Describes the control requests, the faults and the operations.";
            GET "/" file("text/html; charset=utf-8", "../browser/index.html")
                "A page for a browser: the state, the emails, the requests, the clock and the faults.";
            GET "/page.css" file("text/css; charset=utf-8", "../browser/page.css")
                "The style of the page.";
            GET "/page.js" file("text/javascript; charset=utf-8", "../browser/page.js")
                "The script of the page.";
            GET "/icon.svg" file("image/svg+xml", "../browser/icon.svg")
                "The icon of the page.";
            GET "/state" shows(state::show)
                "The time, and all users, organizations with their members, invites and API keys, documents and policies, without secrets.";
            GET "/requests" shows(log::show)
                "The last 100 requests to the API, newest first, with their faults and JSON bodies. Secrets are replaced by `…`, and a body ends after 4,096 characters.";
            GET "/outbox" shows(actions::outbox)
                "The emails so far with their tokens: `items` of `to`, `invite_id`, `sent_at` and `token`.";
            POST "/accept" json(accept::Accept, accept::accept)
                "Accepts an invitation as the addressed user, by the `token` of an email or by its `invite_id`. Adds the user if nobody has the address.";
            POST "/advance" json(actions::Advance, actions::advance)
                "Moves the clock by `seconds`. Responds with the time, `now`.";
            GET "/faults" shows(actions::faults)
                "The current fault plan as JSON and as `text`, and how many requests it has hit.";
            PUT "/faults" json(Plan, actions::set_faults)
                "Replaces the fault plan. Responds as `GET` does.";
            DELETE "/faults" shows(actions::clear_faults)
                "Ends all faults. Responds as `GET` does.";
            POST "/users" json(users::AddUser, users::add_user)
                "Adds a user with an `email`. With a `role`, the user is a member of an organization. Responds with the key and the user token.";
            POST "/keys" json(users::AddKey, users::add_key)
                "Adds an API key of a `user`: an active, expired or revoked one. Responds with the key.";
            POST "/policies" json(actions::AddPolicy, actions::add_policy)
                "Adds a policy with a `name` to an organization. Responds with it.";
            POST "/uploads" upload
                "Reads a body of any length and type. Responds with its `length` and `crc32`.";
            GET "/downloads/{length}" download
                "A body of this length: the bytes 0 to 250, repeated. It refuses a bearer token, as a presigned URL does.";
        }
    };
}
#[cfg(feature = "server")]
pub(crate) use for_each_control_request;

macro_rules! action {
    (shows($show:path)) => {
        Action::Json(|sandbox, _| Ok(json(StatusCode::OK, &$show(sandbox))))
    };
    (json($Body:ty, $run:path)) => {
        Action::Json(|sandbox, body| {
            let body = super::read::<$Body>(body)?;
            Ok(json(StatusCode::OK, &$run(sandbox, &body)?))
        })
    };
    (file($kind:literal, $file:literal)) => {
        Action::File($kind, include_str!($file))
    };
    (upload) => {
        Action::Upload
    };
    (download) => {
        Action::Download
    };
}

macro_rules! fields {
    (json($Body:ty, $run:path)) => {
        <$Body as Body>::FIELDS
    };
    ($($other:tt)*) => {
        &[]
    };
}

macro_rules! routes {
    ($($method:ident $path:literal $kind:ident $(($($argument:tt)*))? $what:literal;)+) => {
        /// All control requests.
        pub(crate) static ROUTES: &[Route] = &[$(Route {
            method: Method::$method,
            path: concat!(prefix!(), $path),
            what: $what,
            fields: fields!($kind $(($($argument)*))?),
            action: action!($kind $(($($argument)*))?),
        },)+];
    };
}

for_each_control_request!(routes);
