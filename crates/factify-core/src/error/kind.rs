use std::fmt;

/// The kind of an [`Error`](crate::Error).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The call was refused before anything was sent. Correct the parameter that the error names.
    Invalid,
    /// No connection to the server: the name look-up, the connection or the TLS handshake failed. The
    /// attempt sent nothing.
    Connect,
    /// The server's certificate was refused. The attempt sent nothing.
    Certificate,
    /// The attempt or the whole call timed out.
    Timeout,
    /// The connection broke before the response was complete.
    Interrupted,
    /// The response is larger than the limit.
    TooLarge,
    /// The response is not HTTP.
    Malformed,
    /// The request body could not be read, or has changed between two attempts: see the source.
    RequestBody,
    /// The server sent a redirect, which the client never follows.
    Redirect,
    /// The API responded with an error: see [`Error::api`](crate::Error::api).
    Api,
    /// The status is a success, but the response could not be read: see the source, a
    /// [`DecodeError`](crate::DecodeError). An operation that changes something was applied, unless the
    /// content type is not JSON: then the response may not come from the API.
    Decode,
    /// The status is a success, but the response does not match the call: it has another ID or another
    /// organization.
    Mismatch,
    /// The list has no valid next page: there are more pages but no token, or a token repeats.
    Paging,
    /// An `ensure_…` call could not verify its result.
    Unverified,
    /// What was downloaded could not be written: see the source, an `io::Error`.
    Write,
    /// The transport failed in another way.
    Transport,
}

/// Whether a failed call took effect on the server. A call that only reads never did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It did not.
    NotApplied,
    /// It did, although the call failed: only its response is lost.
    Applied,
    /// It is unknown. Read the state before calling again.
    Unknown,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotApplied => "nothing was changed",
            Self::Applied => "it was applied",
            Self::Unknown => "it is not known whether it was applied",
        })
    }
}
