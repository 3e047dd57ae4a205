use std::fmt;

use crate::labels::labelled;

labelled! {
    /// The kind of an [`Error`](crate::Error).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ErrorKind {
        /// The call was refused before anything was sent. Correct the parameter that the error names.
        Invalid = "invalid",
        /// No connection to the server: the name look-up, the connection or the TLS handshake failed. The
        /// attempt sent nothing.
        Connect = "connect",
        /// The server's certificate was refused. The attempt sent nothing.
        Certificate = "certificate",
        /// The attempt or the whole call timed out.
        Timeout = "timeout",
        /// The connection broke before the response was complete.
        Interrupted = "interrupted",
        /// The response is larger than the limit.
        TooLarge = "too_large",
        /// The response is not HTTP.
        Malformed = "malformed",
        /// The request body could not be read, or has changed between two attempts: see the source.
        RequestBody = "request_body",
        /// The server sent a redirect, which the client never follows.
        Redirect = "redirect",
        /// The API responded with an error: see [`Error::api`](crate::Error::api).
        Api = "api",
        /// The status is a success, but the response could not be read: see the source, a
        /// [`DecodeError`](crate::DecodeError), or for one item of a list an
        /// [`ItemError`](crate::ItemError). An operation that changes something was applied, unless the
        /// content type is not JSON: then the response may not come from the API.
        Decode = "decode",
        /// The status is a success, but the response does not match the request: it has another ID,
        /// another organization or another email address.
        Mismatch = "mismatch",
        /// The status is a success, but the response says that the API refused the operation: the error has the API's
        /// words.
        Refused = "refused",
        /// The list has no valid next page: there are more pages but no token, or a token repeats or is
        /// too long; or the list has too many pages.
        Paging = "paging",
        /// An `ensure_…` call could not verify its result. Its source is the cause, and the predicates
        /// of the error, such as [`is_timeout`](crate::Error::is_timeout), are those of the cause.
        Unverified = "unverified",
        /// The API could not read the file of a document: see
        /// [`wait_until_processed`](crate::documents::DocumentResource::wait_until_processed).
        Processing = "processing",
        /// The downloaded data could not be written: see the source, an `io::Error`.
        Write = "write",
        /// The call ended without a result: its future was dropped, or the transport panicked. Only an
        /// [`Observer`](crate::Observer) sees this kind.
        Cancelled = "cancelled",
        /// Another error of the transport.
        Transport = "transport",
    }
}

labelled! {
    /// Whether a failed call took effect on the server. A call that only reads never did.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Outcome {
        /// The call changed nothing.
        NotApplied = "not_applied",
        /// The call took effect, but its response could not be read.
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
