//! Faults between a client and the API.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use factify_core::OperationInfo;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::{Map, Value};

use crate::respond::Refusal;
use crate::routes;
use crate::sandbox::Sandbox;

/// A fault of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The connection fails and nothing is sent. A server treats it like `DropBefore`.
    Refuse,
    /// The connection breaks before the request is processed.
    DropBefore,
    /// The request is processed, and the connection breaks before the response.
    DropAfter,
    /// The request is processed, and half of the response's body arrives.
    Truncate,
    /// The request is processed, and the response is delayed by this time.
    Delay(Duration),
    /// The request is processed, and no response arrives.
    Hang,
    /// Status 429, optionally with `Retry-After` in whole seconds. The request is not processed.
    RateLimited {
        /// The seconds of `Retry-After`.
        retry_after: Option<u64>,
    },
    /// Status 503 with an error body of the API.
    Unavailable {
        /// Whether the request is processed anyway.
        processed: bool,
    },
    /// An HTML page, like the error page of a proxy.
    Html {
        /// The status of the page.
        status: StatusCode,
        /// Whether the request is processed anyway.
        processed: bool,
    },
    /// The request is processed, and the response is JSON that does not match the API.
    Undocumented,
    /// The request is processed, and the item at this position of the returned page cannot be read. The first
    /// item has position 0. A response without this item is unchanged.
    ///
    /// ```
    /// use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};
    ///
    /// let sandbox = Sandbox::builder().invites(3).build();
    /// sandbox.inject(FaultPlan::always(Fault::UnreadableItem(1)));
    /// let client = sandbox.blocking_client(Persona::Admin);
    /// let invites = client.organization(sandbox.organization_id()).invites();
    ///
    /// // The walk goes on after the item that cannot be read.
    /// let (read, unread): (Vec<_>, Vec<_>) = invites.list().items().partition(Result::is_ok);
    /// assert_eq!((read.len(), unread.len()), (2, 1));
    /// ```
    UnreadableItem(usize),
    /// The request is processed, and the response is padded with spaces to this many bytes.
    Oversized(usize),
}

/// Which requests get which faults.
///
/// ```
/// use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};
///
/// let sandbox = Sandbox::new(1);
/// let client = sandbox.blocking_client(Persona::Admin);
/// let organization = client.organization(sandbox.organization_id());
/// let invite = organization.invites().create("dwight@example.com".parse()?).send()?;
///
/// // The first response is lost, and the second request finds the invite revoked by the first.
/// sandbox.inject(FaultPlan::schedule([Some(Fault::DropAfter)]));
/// let error = organization.invites().revoke(invite.id).send().unwrap_err();
/// assert!(error.is_failed_precondition());
/// assert_eq!(error.outcome(), factify_core::Outcome::Unknown);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct FaultPlan {
    rule: Rule,
    /// The `operationId` of the requests that count.
    only: Option<&'static str>,
}

#[derive(Debug, Clone)]
enum Rule {
    Schedule(VecDeque<Option<Fault>>),
    Random(fastrand::Rng, u32, Vec<Fault>),
    Always(Fault),
}

impl Default for Rule {
    fn default() -> Self {
        Self::Schedule(VecDeque::new())
    }
}

impl From<Rule> for FaultPlan {
    fn from(rule: Rule) -> Self {
        Self { rule, only: None }
    }
}

impl FaultPlan {
    /// One entry for each request, in order. Later requests have no fault.
    pub fn schedule(faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        Rule::Schedule(faults.into_iter().collect()).into()
    }

    /// Every request gets this fault.
    pub fn always(fault: Fault) -> Self {
        Rule::Always(fault).into()
    }

    /// One request in `one_in` gets one of these faults; the seed decides. 0 counts as 1.
    pub fn random(seed: u64, one_in: u32, faults: impl IntoIterator<Item = Fault>) -> Self {
        let faults = faults.into_iter().collect();
        Rule::Random(fastrand::Rng::with_seed(seed), one_in.max(1), faults).into()
    }

    /// Applies the plan only to the requests of one operation. Other requests have no fault, and do not count
    /// in a schedule.
    ///
    /// ```
    /// use factify_core::{Operation, invites::RevokeOrganizationInvite};
    /// use factify_sandbox::{Fault, FaultPlan};
    ///
    /// let plan = FaultPlan::always(Fault::DropAfter).only(&RevokeOrganizationInvite::INFO);
    /// # let _ = plan;
    /// ```
    #[must_use]
    pub fn only(mut self, operation: &OperationInfo) -> Self {
        self.only = Some(operation.id);
        self
    }

    /// The fault of a request.
    pub(crate) fn next(&mut self, request: &Request<Bytes>) -> Option<Fault> {
        if self.only.is_some() && self.only != routes::operation_id(request) {
            return None;
        }
        match &mut self.rule {
            Rule::Schedule(faults) => faults.pop_front().flatten(),
            Rule::Always(fault) => Some(fault.clone()),
            Rule::Random(random, one_in, faults) => {
                let is_hit = random.u32(..*one_in) == 0;
                let fault = is_hit.then(|| random.choice(faults.iter()));
                fault.flatten().cloned()
            }
        }
    }
}

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
        let Some(fault) = self.next_fault(request) else {
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
