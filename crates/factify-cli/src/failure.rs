use std::{fmt, io};

use factify_core::{Error, Outcome};

use crate::exit::Exit;

/// Why the command ends early: a few lines for people, and a code for scripts.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: String,
}

impl Failure {
    /// Input that cannot be used; nothing was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        let (exit, message) = (Exit::Usage, message.into() + "\n  Nothing was sent.");
        Self { exit, message }
    }

    /// Something on this machine.
    pub(crate) fn local(message: impl Into<String>) -> Self {
        let (exit, message) = (Exit::Local, message.into());
        Self { exit, message }
    }

    /// Standard output failed. That nobody reads it any more is none: who has read enough closes the
    /// pipe.
    pub(crate) fn output(fault: &io::Error) -> Option<Self> {
        (fault.kind() != io::ErrorKind::BrokenPipe).then(|| Self::unwritten(fault))
    }

    /// Standard output failed, whoever reads it.
    pub(crate) fn unwritten(fault: &io::Error) -> Self {
        Self::local(format!("standard output cannot be written: {fault}"))
    }

    /// A failed call: what was asked, then what happened, what became of it and what to do.
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

/// Whether a failed call did what it was to do.
pub(crate) fn certainty(error: &Error) -> &'static str {
    match error.outcome() {
        Outcome::NotApplied => "not",
        Outcome::Applied => "surely",
        Outcome::Unknown => "perhaps",
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
