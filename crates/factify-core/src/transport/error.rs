use std::error::Error as StdError;
use std::fmt;

use http::{HeaderMap, StatusCode};

use crate::labels::labelled;
use crate::scrub::Scrub;

labelled! {
    /// Whether a request may have reached the server.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Delivery {
        /// No byte of the request was sent.
        NotSent = "not_sent",
        /// The request was sent, but the server said that it did not process it: in HTTP/2 with
        /// `REFUSED_STREAM`, or with a `GOAWAY` whose last stream is lower.
        Unprocessed = "unprocessed",
        /// The server may have received and processed the request.
        Sent = "sent",
    }
}

labelled! {
    /// What went wrong in an attempt.
    ///
    /// A client retries what may succeed later: see [`RetryPolicy`](crate::RetryPolicy). The error of the call has an
    /// [`ErrorKind`](crate::ErrorKind), which says what to do.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum TransportErrorKind {
        /// The host name could not be resolved: check the base URL and the name server. Not sent; retried.
        Lookup = "lookup",
        /// No connection could be made: check the network and the proxy. Not sent; retried.
        Connect = "connect",
        /// The TLS handshake failed. Not sent; retried. A later error of TLS is
        /// [`Interrupted`](Self::Interrupted).
        Tls = "tls",
        /// The server's certificate was refused: check the base URL, and the authorities that the transport trusts. Not
        /// sent; never retried.
        Certificate = "certificate",
        /// The transport does not allow the URL's scheme: use `https`. Not sent; never retried.
        InsecureUrl = "insecure_url",
        /// The attempt timed out: allow more time.
        Timeout = "timeout",
        /// The connection broke before the response was complete.
        Interrupted = "interrupted",
        /// The response's head or body was larger than the limit: request less, or raise the limit. A success is never
        /// retried.
        TooLarge = "too_large",
        /// The response was not HTTP: check the base URL and the proxy.
        Malformed = "malformed",
        /// The request's body could not be read, or has changed: check what you upload. Never retried.
        RequestBody = "request_body",
        /// Any other error: see the source.
        Other = "other",
    }
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
            Self::Interrupted => "the connection broke before the response was complete",
            Self::TooLarge => "the response is larger than the limit",
            Self::Malformed => "the response is not valid HTTP",
            Self::RequestBody => "the request's body could not be read",
            Self::Other => "the transport failed",
        }
    }
}

/// Why no complete response arrived, and whether the request may have reached the server.
///
/// `Display` shows the error without its cause; the cause is the [`source`](StdError::source).
pub struct TransportError {
    kind: TransportErrorKind,
    delivery: Delivery,
    status: Option<StatusCode>,
    headers: HeaderMap,
    /// Boxed to keep results small.
    cause: Box<Cause>,
}

struct Cause {
    source: Option<Box<dyn StdError + Send + Sync>>,
    proxy: Option<Box<str>>,
}

impl TransportError {
    /// An error before any byte of the request was sent.
    pub fn not_sent(
        kind: TransportErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::new(kind, Delivery::NotSent, Some(source.into()))
    }

    /// An error after the request may have reached the server.
    pub fn sent(
        kind: TransportErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::new(kind, Delivery::Sent, Some(source.into()))
    }

    /// An error after the server said that it did not process the request.
    pub fn unprocessed(
        kind: TransportErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::new(kind, Delivery::Unprocessed, Some(source.into()))
    }

    /// A timeout without another cause.
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

    /// Adds the response's status, if the head arrived before the error.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// Adds the response's headers, if the head arrived before the error. They may contain
    /// `Retry-After`.
    #[must_use]
    pub fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// Adds the proxy through which the connection failed, as `host:port`. Credentials before an `@`
    /// are removed.
    #[must_use]
    pub fn with_proxy(mut self, proxy: &str) -> Self {
        self.cause.proxy = proxy.rsplit('@').next().map(Into::into);
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause.source = Some(source.into());
        self
    }

    /// Removes secrets from the headers and the cause.
    pub(crate) fn scrubbed(mut self, scrub: Scrub<'_>) -> Self {
        scrub.headers(&mut self.headers);
        self.cause.source = self.cause.source.map(|source| scrub.source(source));
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

    /// The status, if the response's head arrived.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The headers, if the response's head arrived and the transport kept them.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

impl fmt::Debug for TransportError {
    /// Omits the headers, because a server may repeat a secret in them.
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
            (None, _) if self.delivery == Delivery::Unprocessed => {
                f.write_str("the server has not processed the request")
            }
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
    fn an_error_shows_the_proxy_but_not_its_credentials() {
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
