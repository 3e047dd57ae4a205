use std::fmt;

/// What kind of failure an [`Error`](crate::Error) is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The call was refused before anything was sent. Correct the parameter that the error names.
    Invalid,
    /// No connection to the server: its name, its port or the TLS handshake. The attempt sent
    /// nothing.
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
    /// The request's body could not be read, or has changed between two attempts: see the source.
    RequestBody,
    /// The server redirected the client; the client never follows.
    Redirect,
    /// The API responded with an error: see [`Error::api`](crate::Error::api).
    Api,
    /// The status is a success, but the response could not be read: see the source, a
    /// [`DecodeError`](crate::DecodeError). An operation that changes something was applied,
    /// unless the response says that it is no JSON, and so perhaps not the API's.
    Decode,
    /// The status is a success, but the response is about something else than the call: another ID
    /// or another organization.
    Mismatch,
    /// The pages of a list lead nowhere: more of them and no token, or a token that comes again.
    Paging,
    /// What an `ensure_…` call is to ensure could not be verified.
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
    /// It is not known. Look at the state before calling again.
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
