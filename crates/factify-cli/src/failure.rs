use std::{fmt, io};

use factify_core::{Error, InvalidParameter, Outcome};

use crate::error_object::ErrorObject;
use crate::exit::Exit;
use crate::words;

/// Why the command ends early: a message for people, and an exit code for scripts.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: String,
    /// Whether the message ends with a line that says that nothing was sent.
    before_sending: bool,
    /// The error of a call.
    call: Option<Box<ErrorObject>>,
}

impl Failure {
    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            before_sending: false,
            call: None,
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
        Self::usage(words::in_options(&invalid.to_string()))
    }

    /// The API's words about an item, without an error of a call.
    pub(crate) fn refused(message: &dyn fmt::Display, outcome: Outcome) -> Self {
        let exit = match outcome {
            Outcome::NotApplied => Exit::NotApplied,
            Outcome::Unknown => Exit::Unknown,
            Outcome::Applied => Exit::Applied,
        };
        let mut failure = Self::new(exit, message.to_string());
        failure.call = Some(Box::new(ErrorObject::refused(message.to_string(), outcome)));
        failure
    }

    /// A list does not have this item.
    pub(crate) fn absent(item: &dyn fmt::Display, noun: &str, list: &dyn fmt::Display) -> Self {
        Self::new(
            Exit::NotApplied,
            format!("{item}: {list} has no such {noun}"),
        )
    }

    /// Something on this machine failed.
    pub(crate) fn local(message: impl Into<String>) -> Self {
        Self::new(Exit::Local, message)
    }

    /// Standard output failed. A closed pipe is no error: its reader has read enough.
    pub(crate) fn output(error: &io::Error) -> Option<Self> {
        (error.kind() != io::ErrorKind::BrokenPipe).then(|| Self::unwritten(error))
    }

    /// Standard output failed, even if only the pipe is closed.
    pub(crate) fn unwritten(error: &io::Error) -> Self {
        Self::local(format!("standard output cannot be written: {error}"))
    }

    /// A failed call: what was requested, what happened, the outcome, and what to do.
    pub(crate) fn call(asked: impl fmt::Display, error: &Error) -> Self {
        let mut message = asked.to_string();
        let report = words::in_commands(error.report().to_string(), &message);
        for line in report.lines() {
            message.push_str("\n  ");
            message.push_str(line);
        }
        if let Some(command) = words::look(error, &message) {
            message.push_str("\n  To look: ");
            message.push_str(&command);
        }
        Self::of_call(error, &asked, message)
    }

    /// The same in one line, if the advice was already shown.
    pub(crate) fn brief(asked: impl fmt::Display, error: &Error) -> Self {
        Self::of_call(error, &asked, format!("{asked}: {error}"))
    }

    fn of_call(error: &Error, asked: &dyn fmt::Display, message: String) -> Self {
        let mut failure = Self::new(error.into(), message);
        failure.call = Some(Box::new(ErrorObject::about(error, asked.to_string())));
        failure
    }

    /// The error as an object, for programs.
    pub(crate) fn object(&self) -> ErrorObject {
        match &self.call {
            Some(object) => (**object).clone(),
            None => ErrorObject::local(self.exit, self.message.clone()),
        }
    }

    /// The output failed after this change, which has happened.
    pub(crate) fn after_change(mut self, change: impl fmt::Display) -> Self {
        self.message = format!("{change}, but {}", self.message);
        let object = ErrorObject::after_change(self.message.clone());
        self.call = Some(Box::new(object));
        self
    }

    /// The error of a command that has sent a request.
    pub(crate) fn after_sending(mut self) -> Self {
        self.exit = self.exit.after_sending();
        self.before_sending = false;
        self
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
