use std::fmt::Display;

use factify_core::{Error, ErrorKind, Outcome};

use crate::bulk::{self, Ending};
use crate::console::Console;
use crate::exit::Exit;

/// What a successful call achieved.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Achieved {
    /// Described in a word.
    Done(&'static str),
    /// The call was applied, but not all that was asked for is done.
    Partly(&'static str),
    /// The call has ended, but somebody has access. Described in words, with a warning for this number of items.
    HasAccess(&'static str, fn(usize) -> String),
}

impl Achieved {
    /// Such as "already revoked".
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Done(word) | Self::Partly(word) | Self::HasAccess(word, _) => word,
        }
    }
}

/// The results of several calls, for the summary and the exit code.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// How many calls achieved what, in order of first appearance.
    done: Vec<(&'static str, usize)>,
    /// The same for [`Achieved::HasAccess`].
    has_access: Vec<(&'static str, usize)>,
    warning: Option<fn(usize) -> String>,
    /// How many calls were applied, but not all that was asked for is done.
    partly: usize,
    /// Applied, but the response could not be read.
    unread: usize,
    unknown: usize,
    /// Certainly not applied, or not begun.
    not_done: usize,
    /// The exit code of the first call that certainly failed.
    failed: Option<Exit>,
    /// Whether running the same command later may do the rest.
    transient: bool,
    interrupted: bool,
    unwritten: bool,
}

impl Tally {
    /// Counts a call that has ended.
    pub(crate) fn count(&mut self, result: Result<Achieved, &Error>) {
        match result {
            Ok(achieved) => self.achieve(achieved),
            Err(error) => {
                self.transient |= is_transient(error);
                self.fail(error.into());
            }
        }
    }

    /// Counts an item that was not done, or may not have been done.
    pub(crate) fn count_left(&mut self, outcome: Outcome) {
        self.fail(match outcome {
            Outcome::NotApplied => Exit::NotApplied,
            Outcome::Unknown => Exit::Unknown,
            Outcome::Applied => Exit::Applied,
        });
    }

    /// Counts the calls that were not carried out.
    pub(crate) fn end<T>(&mut self, ending: &Ending<T>) {
        self.unknown += ending.left_behind.len();
        self.not_done += ending.not_begun.len();
        // An interruption that stopped no call changed nothing.
        self.interrupted =
            ending.interrupted && !(ending.left_behind.is_empty() && ending.not_begun.is_empty());
    }

    fn achieve(&mut self, achieved: Achieved) {
        self.partly += usize::from(matches!(achieved, Achieved::Partly(_)));
        let counts = match achieved {
            Achieved::HasAccess(_, warning) => {
                self.warning = Some(warning);
                &mut self.has_access
            }
            _ => &mut self.done,
        };
        let word = achieved.word();
        match counts.iter_mut().find(|(found, _)| *found == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }

    fn fail(&mut self, exit: Exit) {
        match exit {
            Exit::Unknown => self.unknown += 1,
            Exit::Applied => self.unread += 1,
            _ => {
                self.not_done += 1;
                self.failed.get_or_insert(exit);
            }
        }
    }

    /// The results could not be written.
    pub(crate) fn unwritten(&mut self) {
        self.unwritten = true;
    }

    /// Prints what was not done, whether somebody has access, and the summary.
    pub(crate) fn tell<T: Display>(&self, ending: &Ending<T>, again: &str, console: &Console) {
        for item in &ending.left_behind {
            console.say(format_args!("unknown: {item}"));
        }
        // Otherwise none of the given items was done.
        if self.interrupted || self.has_done() || self.unknown > 0 {
            for item in &ending.not_begun {
                console.say(format_args!("not done: {item}"));
            }
        }
        if let (Some(obstacle), false) = (&ending.obstacle, ending.not_begun.is_empty()) {
            console.say(format_args!("Stopped early: {obstacle}"));
        }
        if let Some(warning) = self.warning {
            let number = self.has_access.iter().map(|(_, number)| number).sum();
            console.warn(warning(number));
        }
        console.say(self.summary(again));
    }

    /// The number of calls for each result. `again` is what to know before running it again.
    pub(crate) fn summary(&self, again: &str) -> String {
        let done = self.done.iter().chain(&self.has_access);
        let done = done.map(|(word, number)| (*number, *word));
        let others = [
            (self.unread, "applied, response unreadable"),
            (self.unknown, "unknown"),
            (self.not_done, "not done"),
        ];
        let parts: Vec<_> = done
            .chain(others)
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}"))
            .collect();
        if parts.is_empty() {
            return "There was nothing to do.".into();
        }
        let helps = self.transient || self.interrupted || self.unknown > 0;
        let next = if self.left() > 0 && helps { again } else { "" };
        format!("{}. {next}", parts.join(", ")).trim_end().into()
    }

    fn left(&self) -> usize {
        self.unknown + self.not_done
    }

    fn has_done(&self) -> bool {
        !self.done.is_empty() || !self.has_access.is_empty() || self.unread > 0
    }

    /// Work that is left takes precedence over [`Exit::HasAccess`]: a script that sees this code may rely on the
    /// rest being done.
    pub(crate) fn exit(&self) -> Exit {
        match self.failed {
            _ if self.interrupted => Exit::Interrupted,
            _ if self.partly > 0 || self.left() > 0 && self.has_done() => Exit::Partial,
            _ if self.unknown > 0 => Exit::Unknown,
            Some(exit) => exit,
            None if self.not_done > 0 => Exit::NotApplied,
            None if self.unread > 0 => Exit::Applied,
            None if !self.has_access.is_empty() => Exit::HasAccess,
            None if self.unwritten => Exit::Local,
            None => Exit::Done,
        }
    }
}

/// Whether the same call may succeed later.
fn is_transient(error: &Error) -> bool {
    let kinds = [
        ErrorKind::Connect,
        ErrorKind::Timeout,
        ErrorKind::Interrupted,
    ];
    (error.is_retryable() || kinds.contains(&error.kind())) && !bulk::concerns_all(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Exit::{Applied, Done, HasAccess, Interrupted, NotApplied, Partial, Unknown, Usage};

    #[test]
    fn left_work_takes_precedence_over_access() {
        let tally = |done, accepted, not_done, failed: &[Exit], interrupted| {
            let mut tally = Tally {
                not_done,
                interrupted,
                ..Tally::default()
            };
            (0..done).for_each(|_| tally.achieve(Achieved::Done("revoked")));
            let found = Achieved::HasAccess("already accepted", |_| String::new());
            (0..accepted).for_each(|_| tally.achieve(found));
            for exit in failed {
                tally.fail(*exit);
            }
            tally.exit()
        };
        for (found, expected) in [
            (tally(0, 0, 0, &[], false), Done),
            (tally(3, 0, 0, &[], false), Done),
            (tally(3, 1, 0, &[], false), HasAccess),
            (tally(0, 1, 0, &[], false), HasAccess),
            (tally(3, 1, 0, &[NotApplied], false), Partial),
            (tally(0, 1, 0, &[Unknown], false), Partial),
            (tally(3, 0, 0, &[Unknown], false), Partial),
            (tally(0, 0, 0, &[NotApplied], false), NotApplied),
            (tally(0, 0, 9, &[NotApplied], false), NotApplied),
            (tally(0, 0, 0, &[NotApplied, Unknown], false), Unknown),
            (tally(0, 0, 0, &[Applied], false), Applied),
            (tally(3, 0, 0, &[Applied], false), Applied),
            (tally(3, 1, 0, &[Applied], false), Applied),
            (tally(0, 0, 0, &[Applied, NotApplied], false), Partial),
            (tally(0, 0, 4, &[Usage], false), Usage),
            (tally(3, 1, 4, &[], true), Interrupted),
        ] {
            assert_eq!(found, expected);
        }
    }
}
