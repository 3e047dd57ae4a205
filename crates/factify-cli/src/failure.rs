use std::borrow::Cow;
use std::{fmt, io};

use factify_core::{Error, InvalidParameter, Outcome};

use crate::exit::Exit;

/// Why the command ends early: a message for people, and an exit code for scripts.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: String,
    /// Whether the message ends with a line that says that nothing was sent.
    before_sending: bool,
}

impl Failure {
    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            before_sending: false,
        }
    }

    /// Invalid input; nothing was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        let mut failure = Self::new(Exit::Usage, message);
        failure.before_sending = true;
        failure
    }

    /// A parameter is invalid; nothing was sent. It names options, not the API's parameters.
    pub(crate) fn parameter(invalid: &InvalidParameter) -> Self {
        let text = invalid.to_string();
        let words: Vec<_> = text.split(' ').map(option_for).collect();
        Self::usage(words.join(" "))
    }

    /// Something on this machine failed.
    pub(crate) fn local(message: impl Into<String>) -> Self {
        Self::new(Exit::Local, message)
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
        let report = in_commands(error.report().to_string());
        let mut message = asked.to_string();
        for line in report.lines() {
            message.push_str("\n  ");
            message.push_str(line);
        }
        Self::new(error.into(), message)
    }

    /// The error of a command that has sent a request.
    pub(crate) fn after_sending(mut self) -> Self {
        self.exit = self.exit.after_sending();
        self.before_sending = false;
        self
    }
}

/// What the library's advice calls, and the command that does it.
const COMMANDS: [(&str, &str); 2] = [
    (
        "documents().find_upload",
        "factify documents list --title-contains",
    ),
    ("documents().get_quota", "factify documents quota"),
];

/// Names commands, not the methods of the library.
fn in_commands(mut report: String) -> String {
    for (method, command) in COMMANDS {
        report = report.replace(method, command);
    }
    report
}

/// `created.before:` becomes `--created-before:`. Other words are unchanged.
fn option_for(word: &str) -> Cow<'_, str> {
    let name = word.trim_end_matches(':');
    let mut parts = name.split(['.', '_']);
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    if name.contains(['.', '_']) && parts.all(is_word) {
        format!("--{}", word.replace(['.', '_'], "-")).into()
    } else {
        word.into()
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
        f.write_str(&self.message)?;
        if self.before_sending {
            f.write_str("\n  Nothing was sent.")?;
        }
        Ok(())
    }
}
