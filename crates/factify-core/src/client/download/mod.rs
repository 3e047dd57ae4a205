//! A download from a presigned URL, in chunks. It is not an operation of the API: its request has no
//! bearer token.

mod open;

use std::time::Duration;

use bytes::Bytes;
use http::header::{HeaderMap, USER_AGENT};
use http::{Method, Response, StatusCode};

use super::config::ClientConfig;
use super::observe::Watch;
use super::options::Options;
use super::run::{Meta, Run, Running, Step};
use super::{Client, blocking};
use crate::error::{Error, ErrorKind, Outcome};
use crate::exchange::{Exchange, RetryPolicy};
use crate::operation::{Operation, OperationInfo};
use crate::presigned_url::PresignedUrl;
use crate::scrub::Secret;
use crate::transport::blocking::HttpTransport as BlockingHttpTransport;
use crate::transport::{HttpTransport, Now, Progress, ProgressFn, TransferLimits};
use crate::wire::{DecodeError, PathBuilder};

use open::Received;
pub use open::{BlockingDownload, Download};

/// The most bytes to read of an error response.
const REFUSAL_BYTES: usize = 64 << 10;

/// The largest object in common object stores, in bytes.
const MAX_BYTES: u64 = 5 << 40;

/// The operation that an exchange sees for a download.
struct Fetch;

impl Operation for Fetch {
    type Output = ();

    const INFO: OperationInfo = OperationInfo::new("download", Method::GET, "").advice(advice);

    fn path(&self, _: &mut PathBuilder) {}

    fn decode_body(_: &[u8]) -> Result<(), DecodeError> {
        Ok(())
    }
}

fn advice(error: &Error) -> Option<&'static str> {
    match (error.kind(), error.status().map(|status| status.as_u16())) {
        (_, Some(401 | 403)) => Some("The URL may have expired: get a new one from the API."),
        (_, Some(404 | 410)) => Some("There is nothing at the URL: get a new one from the API."),
        (ErrorKind::Redirect, _) => Some("Get a new URL from the API."),
        (ErrorKind::TooLarge, _) => Some("Allow larger downloads, or download something else."),
        _ => None,
    }
}

/// A download that is not sent yet. Nothing happens before `send`.
///
/// It asks for the file without an encoding, unless the URL has its own `Accept-Encoding`. What arrives is not decoded.
///
/// Until the first byte of the body, it has the same time limits and retries as any call. After that,
/// only the [`TransferLimits`] apply.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::blocking::{Client, HttpTransport};
/// use factify::{Error, PresignedUrl};
///
/// fn fetch(client: &Client<impl HttpTransport>, url: PresignedUrl) -> Result<Vec<u8>, Error> {
///     let mut bytes = Vec::new();
///     client.download(url).max_bytes(10 << 20).send()?.to_writer(&mut bytes)?;
///     Ok(bytes)
/// }
/// ```
#[derive(Debug)]
#[must_use = "a download does nothing until you `send` it"]
pub struct DownloadCall<'c, C> {
    client: &'c C,
    config: &'c ClientConfig,
    url: PresignedUrl,
    max_bytes: u64,
    transfer: TransferLimits,
    retry: RetryPolicy,
    progress: Option<ProgressFn>,
    timeout: Duration,
    /// The deadline of the other call of which it is a part.
    deadline: Option<Duration>,
    /// Instead of the observer of the client, for a part of another call.
    watch: Option<Watch>,
}

impl<'c, C> DownloadCall<'c, C> {
    pub(crate) fn new(client: &'c C, config: &'c ClientConfig, url: PresignedUrl) -> Self {
        Self {
            client,
            config,
            url,
            max_bytes: MAX_BYTES,
            transfer: config.transfer,
            retry: config.retry,
            progress: None,
            timeout: config.limits.timeout,
            deadline: None,
            watch: None,
        }
    }

    /// Makes it a part of another call with these options. The deadline is for the whole download.
    pub(super) fn part(mut self, options: &Options) -> Self {
        self.timeout = options.timeout.unwrap_or(self.timeout);
        self.retry = options.retry.unwrap_or(self.retry);
        self.transfer = options.transfer.unwrap_or(self.transfer);
        self.deadline = options.deadline;
        self.watch.clone_from(&options.watch);
        self
    }

    /// The largest accepted body in bytes. Default: 5 TiB.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Limits for a slow download. Default: as configured for the client.
    pub fn transfer(mut self, limits: TransferLimits) -> Self {
        self.transfer = limits;
        self
    }

    /// When to retry failed attempts, until the first byte of the body.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Calls `report` after each chunk.
    pub fn on_progress(mut self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(ProgressFn::new(report));
        self
    }

    fn begin(&self, now: Now) -> Run {
        let mut request = self.url.request();
        if let Some(user_agent) = &self.config.user_agent {
            request.headers_mut().insert(USER_AGENT, user_agent.clone());
        }
        let mut limits = self.config.limits.with_transfer(self.transfer);
        limits.timeout = self.timeout;
        let mut exchange = Exchange::new(
            &Fetch::INFO,
            self.retry,
            limits,
            self.deadline.unwrap_or(self.config.deadline),
            now,
            self.config.jitter_seed,
        );
        if self.deadline.is_some() {
            exchange = exchange.strict_deadline();
        }
        let secret = Secret::of(self.url.secrets());
        let watch = self.watch.as_ref().unwrap_or(&self.config.watch).clone();
        Run::new(request, secret, exchange, watch, Meta::Dropped, now)
    }

    fn received(&self, status: StatusCode, headers: HeaderMap, raw: HeaderMap) -> Received {
        Received::new(
            self.url.clone(),
            status,
            headers,
            raw,
            self.max_bytes,
            self.progress.clone(),
        )
    }
}

/// The code of both drivers, which differ only in how they wait.
macro_rules! drive {
    (@wait $run:ident $future:ident $await:tt) => { $run.instrument($future).$await };
    (@wait $run:ident $result:ident) => { $result };
    (@enter $run:ident await) => {};
    (@enter $run:ident) => {
        #[cfg(feature = "tracing")]
        let span = $run.span();
        #[cfg(feature = "tracing")]
        let _entered = span.enter();
    };
    ($call:ident, $Download:ident $(, $await:tt)?) => {{
        let transport = $call.client.transport();
        let mut now = transport.now();
        let started = now.monotonic;
        let mut run = Running::new($call.begin(now), || transport.now());
        drive!(@enter run $($await)?);
        let mut step = run.start(now);
        let mut opened = None;
        loop {
            step = match step {
                // A download has no pace, because it does not call the API.
                Step::Ask(..) => run.asked(now, Duration::ZERO),
                Step::Send(limits) => {
                    let fetched = transport.fetch(run.request(), &limits);
                    let fetched = drive!(@wait run fetched $($await)?);
                    let end = transport.now().monotonic.saturating_add(limits.timeout);
                    let result = match fetched {
                        Ok(response) => {
                            let (mut head, mut body) = response.into_parts();
                            let raw = head.headers.clone();
                            run.scrub().headers(&mut head.headers);
                            if head.status.is_success() {
                                let headers = head.headers.clone();
                                opened = Some($Download::new(body, $call.received(head.status, headers, raw)));
                                Ok(Response::from_parts(head, Bytes::new()))
                            } else {
                                let mut refusal = Vec::new();
                                while let Some(Ok(chunk)) = body.chunk()$(.$await)? {
                                    refusal.extend_from_slice(&chunk);
                                    let is_late = transport.now().monotonic >= end;
                                    if refusal.len() >= REFUSAL_BYTES || is_late {
                                        break;
                                    }
                                }
                                Ok(Response::from_parts(head, refusal.into()))
                            }
                        }
                        Err(error) => Err(error),
                    };
                    now = transport.now();
                    run.attempted(now, result)
                }
                Step::Sleep(wait) => {
                    let sleep = transport.sleep(wait);
                    let () = drive!(@wait run sleep $($await)?);
                    now = transport.now();
                    run.woke(now)
                }
                Step::Done(result) => {
                    let attempts = run.finish(&Fetch, now, result)?.attempts;
                    let elapsed = now.monotonic.saturating_sub(started);
                    // A success always has a body.
                    break opened
                        .map(|download| download.after(attempts, elapsed))
                        .ok_or_else(|| Error::new(ErrorKind::Transport, Outcome::NotApplied));
                }
            };
        }
    }};
}

impl<T: HttpTransport> DownloadCall<'_, Client<T>> {
    /// Sends the request and returns when the body starts.
    ///
    /// # Errors
    /// See [`Error::kind`]. A download changes nothing, so [`Error::outcome`] is always
    /// [`Outcome::NotApplied`].
    pub async fn send(self) -> Result<Download, Error> {
        drive!(self, Download, await)
    }
}

impl<T: BlockingHttpTransport> DownloadCall<'_, blocking::Client<T>> {
    /// Sends the request and returns when the body starts.
    ///
    /// # Errors
    /// See [`Error::kind`]. A download changes nothing, so [`Error::outcome`] is always
    /// [`Outcome::NotApplied`].
    pub fn send(self) -> Result<BlockingDownload, Error> {
        drive!(self, BlockingDownload)
    }
}
