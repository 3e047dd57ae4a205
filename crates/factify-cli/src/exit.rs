use std::process::ExitCode;

use factify_core::{Error, ErrorKind, Outcome};

/// The exit codes, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All was done, or was already done.
    Done = 0,
    /// Something on this machine failed, such as writing the output, or the user said no.
    Local = 1,
    /// The arguments or other input are invalid; nothing was sent.
    Usage = 2,
    /// The API refused or could not be reached; nothing was changed.
    NotApplied = 3,
    /// It is unknown whether it was applied.
    Unknown = 4,
    /// It was applied, but the response could not be read.
    Applied = 5,
    /// Of several calls, some were applied; others were not applied or are unknown.
    Partial = 6,
    /// All calls finished, but somebody has access: an invite was already accepted, or a person still has access.
    HasAccess = 7,
    /// It was interrupted.
    Interrupted = 130,
}

/// The table in the help texts.
pub(crate) const HELP: &str = "\
Exit codes:
  0    done, or already done (for example, an invite that was already revoked, or has expired)
  1    an error on this machine, such as a failed write of the output; or you answered no
  2    bad usage or invalid input; nothing was sent
  3    the API refused the request or could not be reached; nothing was changed
  4    the outcome is unknown; check the state before you run it again
  5    the operation was applied, but its response could not be read
  6    of several calls, some were applied; others were not applied or are unknown
  7    all calls finished, but an invite was already accepted, or a person still has access
  130  interrupted";

/// The text below the help of a command.
pub(crate) fn help(examples: &str) -> String {
    // A literal that continues on the next line would lose the indent of its first line.
    let examples = examples.replace('\n', "\n  ");
    format!("Examples:\n  {examples}\n\n{HELP}")
}

impl Exit {
    /// The code of a command that has sent a request. [`Exit::Usage`] means that nothing was sent.
    pub(crate) fn after_sending(self) -> Self {
        match self {
            Self::Usage => Self::NotApplied,
            other => other,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<&Error> for Exit {
    fn from(error: &Error) -> Self {
        match (error.kind(), error.outcome()) {
            (ErrorKind::Invalid, Outcome::NotApplied) => Self::Usage,
            // A file cannot be read or written.
            (ErrorKind::RequestBody | ErrorKind::Write, Outcome::NotApplied) => Self::Local,
            (_, Outcome::NotApplied) => Self::NotApplied,
            (_, Outcome::Unknown) => Self::Unknown,
            (_, Outcome::Applied) => Self::Applied,
        }
    }
}
