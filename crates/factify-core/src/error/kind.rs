use std::fmt;

use crate::labels::labelled;

labelled! {
    /// The kind of an [`Error`](crate::Error), and what to do about it.
    ///
    /// First look at the [outcome](crate::Error::outcome): if it is [`Unknown`](Outcome::Unknown), read the state before
    /// you call again. [`Error::report`](crate::Error::report) prints the advice for one error.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ErrorKind {
        /// The call was refused before anything was sent. Correct the parameter that the error names.
        Invalid = "invalid",
        /// No connection to the server: the name lookup, the connection or the TLS handshake failed. The
        /// attempt sent nothing. Check the network, the base URL and the proxy, then call again.
        Connect = "connect",
        /// The server's certificate was refused. The attempt sent nothing. Check the base URL, and the certificate
        /// authorities that the transport trusts: see [`Roots`](crate::Roots).
        Certificate = "certificate",
        /// The attempt or the whole call timed out. Allow more time with
        /// [`ClientConfig::timeout`](crate::ClientConfig::timeout) or
        /// [`deadline`](crate::ClientConfig::deadline).
        Timeout = "timeout",
        /// The connection broke before the response was complete. Call again, if the outcome allows it.
        Interrupted = "interrupted",
        /// The response is larger than the limit. Request a smaller page, or raise
        /// [`ClientConfig::max_response_bytes`](crate::ClientConfig::max_response_bytes).
        TooLarge = "too_large",
        /// The response is not HTTP. Check the base URL and the proxy.
        Malformed = "malformed",
        /// The request body could not be read, or has changed between two attempts: see the source. Check the file
        /// that you upload, and that nothing changes it during the call.
        RequestBody = "request_body",
        /// The server sent a redirect, which the client never follows. Check the base URL and the proxy.
        Redirect = "redirect",
        /// The API responded with an error: see [`Error::api`](crate::Error::api). The predicates of the error, such as
        /// [`is_not_found`](crate::Error::is_not_found), say what to do.
        Api = "api",
        /// The status is a success, but the response could not be read: see the source, a
        /// [`DecodeError`](crate::DecodeError), or for one item of a list an
        /// [`ItemError`](crate::ItemError). An operation that changes something was applied, unless the
        /// content type is not JSON: then the response may not come from the API, so check the base URL and the proxy.
        /// Otherwise report the error to Factify's support.
        Decode = "decode",
        /// The status is a success, but the response does not match the request: it has another ID,
        /// another organization or another email address. Check the base URL and the proxy, then report the error to
        /// Factify's support. In a download, the file has changed: download it again.
        Mismatch = "mismatch",
        /// The status is a success, but the response says that the API refused the operation. Read the API's reason
        /// in the message, and check the current state.
        Refused = "refused",
        /// The list has no valid next page: there are more pages but no token, or a token repeats or is
        /// too long; or the list has too many pages. Report the error to Factify's support.
        Paging = "paging",
        /// An `ensure_…` call could not verify its result. Its source is the cause, and the predicates
        /// of the error, such as [`is_timeout`](crate::Error::is_timeout), are those of the cause. It is safe to call
        /// again. If that does not help, read the state yourself.
        Unverified = "unverified",
        /// The API could not read the file of a document: see
        /// [`wait_until_processed`](crate::documents::DocumentResource::wait_until_processed). Upload it in a format that
        /// the API reads, or [process](crate::documents::DocumentResource::process) the document again.
        Processing = "processing",
        /// The downloaded data could not be written: see the source, an `io::Error`. Correct that, and download again.
        Write = "write",
        /// The call ended without a result: its future was dropped, or the transport or an observer panicked. Only an
        /// [`Observer`](crate::Observer) sees this kind.
        Cancelled = "cancelled",
        /// Another error of the transport: see the source.
        Transport = "transport",
    }
}

labelled! {
    /// Whether a failed call took effect on the server. A call that only reads never did.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Outcome {
        /// The call changed nothing. You can call again.
        NotApplied = "not_applied",
        /// The call took effect, but its response could not be read. Do not call again: read the state instead.
        Applied = "applied",
        /// It is unknown whether the call took effect. Read the state before calling again.
        Unknown = "unknown",
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NotApplied => "nothing was changed",
            Self::Applied => "it was applied",
            Self::Unknown => "it is not known whether it was applied",
        })
    }
}
