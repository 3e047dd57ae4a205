use std::fmt;
use std::time::Duration;

use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap,
    HeaderName, HeaderValue, TRANSFER_ENCODING,
};

use super::observe::Watch;
use crate::exchange::RetryPolicy;
use crate::transport::{ProgressFn, TransferLimits};

/// The headers that only the client sets.
const RESERVED: [HeaderName; 7] = [
    ACCEPT,
    ACCEPT_ENCODING,
    AUTHORIZATION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    HOST,
    TRANSFER_ENCODING,
];

/// The options of one call.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) progress: Option<ProgressFn>,
    /// For a download.
    pub(crate) transfer: Option<TransferLimits>,
    /// Instead of the observer of the client, for a part of another call.
    pub(crate) watch: Option<Watch>,
    /// Boxed, because headers are rare and large, and each call moves its options.
    headers: Option<Box<HeaderMap>>,
}

impl Options {
    pub(crate) fn set_header(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.get_or_insert_default().insert(name, value);
    }

    pub(crate) fn headers(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.headers.iter().flat_map(|headers| headers.iter())
    }

    /// The first header that the caller must not set.
    pub(crate) fn reserved_header(&self) -> Option<&HeaderName> {
        let mut names = self.headers().map(|(name, _)| name);
        names.find(|name| RESERVED.contains(name))
    }
}

impl fmt::Debug for Options {
    /// Omits the values of headers, which may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Options")
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("retry", &self.retry)
            .field("transfer", &self.transfer)
            .field("headers", &headers)
            .finish_non_exhaustive()
    }
}

/// The setters of the options, the same for all calls.
macro_rules! option_setters {
    () => {
        /// The time limit of each attempt. With zero nothing is sent.
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options.timeout = Some(timeout);
            self
        }

        /// The time limit of the call, with all attempts and waits.
        pub fn deadline(mut self, deadline: std::time::Duration) -> Self {
            self.options.deadline = Some(deadline);
            self
        }

        /// When to retry failed attempts.
        pub fn retry(mut self, policy: crate::exchange::RetryPolicy) -> Self {
            self.options.retry = Some(policy);
            self
        }

        /// Adds a request header, for example a trace context.
        ///
        /// `Accept`, `Accept-Encoding`, `Authorization`, `Content-Length`, `Content-Type`, `Host` and
        /// `Transfer-Encoding` are set only by the client: with one of them `send` fails with
        /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).
        pub fn header(mut self, name: http::HeaderName, value: http::HeaderValue) -> Self {
            self.options.set_header(name, value);
            self
        }
    };
}

pub(crate) use option_setters;
