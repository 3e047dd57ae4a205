use std::{fmt, io};

use factify_core::{Error, Outcome};

use crate::exit::Exit;

/// Why the command ends early: a message for people, and an exit code for scripts.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: String,
}

impl Failure {
    /// Invalid input; nothing was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        let (exit, message) = (Exit::Usage, message.into() + "\n  Nothing was sent.");
        Self { exit, message }
    }

    /// Something on this machine failed.
    pub(crate) fn local(message: impl Into<String>) -> Self {
        let (exit, message) = (Exit::Local, message.into());
        Self { exit, message }
    }

    /// Standard output failed. A closed pipe is no failure: its reader has read enough.
    pub(crate) fn output(error: &io::Error) -> Option<Self> {
        (error.kind() != io::ErrorKind::BrokenPipe).then(|| Self::unwritten(error))
    }

    /// Standard output failed, even if only the pipe is closed.
    pub(crate) fn unwritten(error: &io::Error) -> Self {
        Self::local(format!("standard output cannot be written: {error}"))
    }

    /// A failed call: what was requested, what happened, the outcome, and what to do.
    pub(crate) fn call(asked: impl fmt::Display, error: &Error) -> Self {
        let report = error.report().to_string();
        let mut message = asked.to_string();
        for line in report.lines() {
            message.push_str("\n  ");
            message.push_str(line);
        }
        let exit = error.into();
        Self { exit, message }
    }
}

/// Whether a failed call had its effect.
pub(crate) fn certainty(error: &Error) -> &'static str {
    match error.outcome() {
        Outcome::NotApplied => "not",
        Outcome::Applied => "certainly",
        Outcome::Unknown => "possibly",
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
