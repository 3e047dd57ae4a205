//! The seam between the exchange and the network: two traits with one contract.

use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};

/// Moves one HTTP request and its answer, asynchronously.
///
/// The contract, which the exchange relies on:
///
/// - `send` makes **one** attempt. It never follows a redirect and never tries again.
/// - Any status is `Ok`, with all headers. `Err` means that no complete answer arrived.
/// - `limits` holds from the start of the attempt, name lookup included, to the last byte of the body.
/// - The error says honestly whether the request may have reached the server: when in doubt,
///   [`TransportError::sent`].
/// - A header marked sensitive is never printed, and no body is: both can hold a secret.
///
/// The trait is dyn-compatible, and `&T`, `Box<T>` and `Arc<T>` are transports too. A transport may
/// wrap another one: that is how tracing, recording or rate limiting is added.
///
/// The blocking twin is [`blocking::HttpTransport`](crate::blocking::HttpTransport).
#[async_trait]
pub trait HttpTransport: Send + Sync {
    /// Sends one request and reads its whole answer.
    ///
    /// # Errors
    /// When no complete answer arrived within `limits`.
    async fn send(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError>;

    /// Waits for `duration` on the transport's own runtime.
    async fn sleep(&self, duration: Duration);

    /// Reads the transport's clocks.
    fn now(&self) -> Now;
}

macro_rules! forward_async {
    ($($pointer:ty),+) => {$(
        #[async_trait]
        impl<T: HttpTransport + ?Sized> HttpTransport for $pointer {
            async fn send(
                &self,
                request: Request<Bytes>,
                limits: &Limits,
            ) -> Result<Response<Bytes>, TransportError> {
                (**self).send(request, limits).await
            }

            async fn sleep(&self, duration: Duration) {
                (**self).sleep(duration).await;
            }

            fn now(&self) -> Now {
                (**self).now()
            }
        }
    )+};
}

forward_async!(&T, Box<T>, std::sync::Arc<T>);

/// What one attempt may cost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The longest time from the start of the attempt to the last byte of its answer.
    pub timeout: Duration,
    /// The largest response body accepted, in bytes. A body of exactly this size is accepted.
    pub max_response_bytes: usize,
}

impl Limits {
    /// Limits of one attempt: its time and the size of its response body in bytes.
    pub const fn new(timeout: Duration, max_response_bytes: usize) -> Self {
        Self {
            timeout,
            max_response_bytes,
        }
    }
}

/// The time on two clocks: one to measure with, one to compare with a server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// Time since a fixed instant of the transport's choice; never goes back.
    pub monotonic: Duration,
    /// Time since 1970-01-01T00:00:00Z; `X-RateLimit-Reset` and HTTP dates are on this clock.
    pub unix: Duration,
}

impl Now {
    /// Reads the system's clocks, with `origin` as the zero of the monotonic one.
    pub fn since(origin: Instant) -> Self {
        Self {
            monotonic: origin.elapsed(),
            unix: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        }
    }
}

/// Whether a request may have reached the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// Certainly not: no byte of the request was handed to the server.
    NotSent,
    /// Perhaps: some or all of it may have arrived and been acted upon.
    Sent,
}

/// What went wrong while an attempt was under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The host name could not be resolved. Never sent; tried again.
    Lookup,
    /// No connection could be made. Never sent; tried again.
    Connect,
    /// The TLS handshake broke off. Never sent; tried again.
    Tls,
    /// The server's certificate was refused. Never sent; never tried again.
    Certificate,
    /// The URL's scheme is not allowed by the transport. Never sent; never tried again.
    InsecureUrl,
    /// The attempt's time was over.
    Timeout,
    /// The connection broke before the answer was complete.
    Interrupted,
    /// The answer's head or body was over the limit. A success is never asked for again.
    TooLarge,
    /// The answer was not HTTP.
    Malformed,
    /// None of the others.
    Other,
}

impl TransportErrorKind {
    fn phrase(self) -> &'static str {
        match self {
            Self::Lookup => "the host name could not be resolved",
            Self::Connect => "no connection could be made",
            Self::Tls => "the TLS handshake failed",
            Self::Certificate => "the server's certificate was refused",
            Self::InsecureUrl => "the URL's scheme is not allowed",
            Self::Timeout => "the attempt timed out",
            Self::Interrupted => "the connection broke before the answer was complete",
            Self::TooLarge => "the answer is larger than the limit",
            Self::Malformed => "the answer is not valid HTTP",
            Self::Other => "the transport failed",
        }
    }
}

/// Why an attempt brought no complete answer, and whether the request may have arrived.
///
/// `Display` names the failure and leaves the cause to [`source`](StdError::source).
pub struct TransportError {
    kind: TransportErrorKind,
    delivery: Delivery,
    status: Option<StatusCode>,
    headers: HeaderMap,
    /// Boxed, so that it does not make every result larger.
    cause: Box<Cause>,
}

struct Cause {
    source: Option<Box<dyn StdError + Send + Sync>>,
    proxy: Option<Box<str>>,
}

impl TransportError {
    /// A failure before any byte of the request left.
    pub fn not_sent(
        kind: TransportErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::new(kind, Delivery::NotSent, Some(source.into()))
    }

    /// A failure after which the server may have the request.
    pub fn sent(
        kind: TransportErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::new(kind, Delivery::Sent, Some(source.into()))
    }

    /// The end of the attempt's time, for which there is no other cause.
    pub fn timed_out(delivery: Delivery) -> Self {
        Self::new(TransportErrorKind::Timeout, delivery, None)
    }

    fn new(
        kind: TransportErrorKind,
        delivery: Delivery,
        source: Option<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            kind,
            delivery,
            status: None,
            headers: HeaderMap::new(),
            cause: Box::new(Cause {
                source,
                proxy: None,
            }),
        }
    }

    /// Adds the status of an answer whose head had arrived when its body failed.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// Adds the headers of an answer whose head had arrived when its body failed: they may name a
    /// wait.
    #[must_use]
    pub fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// Adds the proxy through which there was no connection, as `host:port`. Credentials before an
    /// `@` are left out.
    #[must_use]
    pub fn with_proxy(mut self, proxy: &str) -> Self {
        self.cause.proxy = proxy.rsplit('@').next().map(Into::into);
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the request may have reached the server.
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// The status, when the answer's head had arrived.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The headers, when the answer's head had arrived and the transport kept them.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

impl fmt::Debug for TransportError {
    /// Leaves out the headers: a server may put into them what it was sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("kind", &self.kind)
            .field("delivery", &self.delivery)
            .field("status", &self.status)
            .field("proxy", &self.cause.proxy)
            .field("source", &self.cause.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.cause.proxy, self.kind) {
            (Some(proxy), TransportErrorKind::Lookup) => {
                write!(
                    f,
                    "the host name of the proxy {proxy} could not be resolved"
                )
            }
            (Some(proxy), kind) => write!(f, "{} through the proxy {proxy}", kind.phrase()),
            (None, kind) => f.write_str(kind.phrase()),
        }
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.cause.source.as_deref();
        source.map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_proxy_and_never_its_credentials() {
        use TransportErrorKind as Kind;
        for (kind, proxy, expected) in [
            (
                Kind::Connect,
                "p:1",
                "no connection could be made through the proxy p:1",
            ),
            (
                Kind::Tls,
                "u:CANARY@p:1",
                "the TLS handshake failed through the proxy p:1",
            ),
            (
                Kind::Timeout,
                "u:C@CANARY@[::1]:1",
                "the attempt timed out through the proxy [::1]:1",
            ),
            (
                Kind::Lookup,
                "p:1",
                "the host name of the proxy p:1 could not be resolved",
            ),
        ] {
            let error = TransportError::not_sent(kind, "a cause").with_proxy(proxy);
            assert_eq!(error.to_string(), expected);
            assert!(!format!("{error:?}").contains("CANARY"));
        }
        let error = TransportError::timed_out(Delivery::Sent);
        assert_eq!(error.to_string(), "the attempt timed out");
        assert!(error.source().is_none() && error.delivery() == Delivery::Sent);
    }
}
