//! What can go wrong between a client and the API, on demand.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};

use crate::sandbox::Sandbox;

/// What goes wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// No connection can be made: nothing is sent. Over a server it is as `DropBefore`.
    Refuse,
    /// The connection breaks before the request is processed.
    DropBefore,
    /// The request is processed, and the connection breaks before the response.
    DropAfter,
    /// The request is processed, and half of the response's body arrives.
    Truncate,
    /// The request is processed, and the response comes this much later.
    Delay(Duration),
    /// The request is processed, and nothing comes.
    Hang,
    /// Status 429, perhaps with `Retry-After` in whole seconds. Not processed.
    RateLimited {
        /// The seconds of `Retry-After`.
        retry_after: Option<u64>,
    },
    /// Status 503 in the API's form.
    Unavailable {
        /// Whether the request is processed all the same.
        processed: bool,
    },
    /// A page of HTML, as a proxy sends it.
    Html {
        /// Its status.
        status: StatusCode,
        /// Whether the request is processed all the same.
        processed: bool,
    },
    /// The request is processed, and the response is JSON that is not what the API documents.
    Undocumented,
    /// The request is processed, and the response is padded with spaces to this many bytes.
    Oversized(usize),
}

/// Which requests go wrong, and how.
///
/// ```
/// use factify_core::{BearerToken, blocking::Client};
/// use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};
///
/// let sandbox = Sandbox::new(1);
/// let client = Client::new(sandbox.transport(), BearerToken::new(sandbox.key(Persona::Admin))?);
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
    scheduled: VecDeque<Option<Fault>>,
    random: Option<(fastrand::Rng, u32, Vec<Fault>)>,
}

impl FaultPlan {
    /// One entry for each request to come, in their order; those after the last one go well.
    pub fn schedule(faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        Self {
            scheduled: faults.into_iter().collect(),
            random: None,
        }
    }

    /// One request in `one_in` goes wrong in one of these ways, as the seed has it. 0 counts as 1.
    pub fn random(seed: u64, one_in: u32, faults: impl IntoIterator<Item = Fault>) -> Self {
        let faults = faults.into_iter().collect();
        Self {
            scheduled: VecDeque::new(),
            random: Some((fastrand::Rng::with_seed(seed), one_in.max(1), faults)),
        }
    }

    pub(crate) fn next(&mut self) -> Option<Fault> {
        if let Some(scheduled) = self.scheduled.pop_front() {
            return scheduled;
        }
        let (random, one_in, faults) = self.random.as_mut()?;
        if random.u32(..*one_in) != 0 {
            return None;
        }
        random.choice(faults.iter()).cloned()
    }
}

/// What reaches the client of an exchange.
pub(crate) enum Reply {
    Response(Response<Bytes>),
    /// The head, and not all of the body.
    Cut(Response<Bytes>),
    Late(Response<Bytes>, Duration),
    Nothing,
    Silence,
    Refused,
}

impl Sandbox {
    /// Responds to a request, with the fault that is due.
    pub(crate) fn reply(&self, request: &Request<Bytes>) -> Reply {
        let Some(fault) = self.next_fault() else {
            return Reply::Response(self.handle(request));
        };
        match fault {
            Fault::Refuse => Reply::Refused,
            Fault::DropBefore => Reply::Nothing,
            Fault::DropAfter => {
                self.handle(request);
                Reply::Nothing
            }
            Fault::Truncate => Reply::Cut(self.handle(request)),
            Fault::Delay(delay) => Reply::Late(self.handle(request), delay),
            Fault::Hang => {
                self.handle(request);
                Reply::Silence
            }
            Fault::RateLimited { retry_after } => {
                let mut response = self.refuse(StatusCode::TOO_MANY_REQUESTS);
                if let Some(seconds) = retry_after {
                    response
                        .headers_mut()
                        .insert(RETRY_AFTER, HeaderValue::from(seconds));
                }
                Reply::Response(response)
            }
            Fault::Unavailable { processed } => {
                if processed {
                    self.handle(request);
                }
                Reply::Response(self.refuse(StatusCode::SERVICE_UNAVAILABLE))
            }
            Fault::Html { status, processed } => {
                if processed {
                    self.handle(request);
                }
                Reply::Response(html(status))
            }
            Fault::Undocumented => {
                let response = self.handle(request);
                Reply::Response(response.map(|_| Bytes::from_static(b"{\"invites\":null}")))
            }
            Fault::Oversized(bytes) => Reply::Response(pad(self.handle(request), bytes)),
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

fn pad(response: Response<Bytes>, bytes: usize) -> Response<Bytes> {
    response.map(|body| {
        let mut padded = body.to_vec();
        padded.resize(bytes.max(padded.len()), b' ');
        padded.into()
    })
}
