use std::process::ExitCode;

use factify_core::{Error, ErrorKind, Outcome};

/// What a run ends with, for scripts to decide by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All was done, or had been done before.
    Done = 0,
    /// Something on this machine failed, such as writing the output, or a question was answered by no.
    Local = 1,
    /// The arguments or other input cannot be used; nothing was sent.
    Usage = 2,
    /// The API refused or could not be reached; nothing was changed.
    NotApplied = 3,
    /// It is not known whether it was applied.
    Unknown = 4,
    /// It was applied, and the response could not be read.
    Applied = 5,
    /// Of several, some were done and some were not, or that is not known of some.
    Partial = 6,
    /// All was done, and somebody had joined with an invitation before.
    Accepted = 7,
    /// It was interrupted.
    Interrupted = 130,
}

/// The table of the help texts.
pub(crate) const HELP: &str = "\
Exit codes:
  0    done, or already done (the invite was already revoked, or has expired)
  1    something on this machine failed, such as writing the output; or you said no
  2    bad usage or invalid input; nothing was sent
  3    the API refused or could not be reached; nothing was changed
  4    unknown whether it was applied: check before you call again
  5    it was applied, but the response could not be read
  6    of several calls, only some were done for certain
  7    all was done, but an invitation had already been accepted: somebody joined
  130  interrupted";

/// What stands below the help of a command.
pub(crate) fn help(examples: &str) -> String {
    format!("Examples:\n{examples}\n\n{HELP}")
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<&Error> for Exit {
    fn from(error: &Error) -> Self {
        match (error.kind(), error.outcome()) {
            (ErrorKind::Invalid, _) => Self::Usage,
            (_, Outcome::NotApplied) => Self::NotApplied,
            (_, Outcome::Unknown) => Self::Unknown,
            (_, Outcome::Applied) => Self::Applied,
        }
    }
}
