use std::fmt::Display;

use factify_core::Error;

use crate::bulk::Ending;
use crate::console::Console;
use crate::exit::Exit;
use crate::output::count;

/// What a call that succeeded means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Achieved {
    /// In a word.
    Done(&'static str),
    /// Somebody has joined with the invite.
    Accepted,
}

/// What came of several calls, for the summary and the exit code.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// How many calls achieved what, in the order in which it first came.
    done: Vec<(&'static str, usize)>,
    accepted: usize,
    not_done: usize,
    /// The worst of what the failures ended with.
    failed: Option<Exit>,
    interrupted: bool,
    unwritten: bool,
}

impl Tally {
    /// Counts a call that has ended.
    pub(super) fn count(&mut self, result: Result<Achieved, &Error>) {
        match result {
            Ok(achieved) => self.achieve(achieved),
            Err(error) => self.fail(error.into()),
        }
    }

    /// Counts what was not carried out, and tells of it.
    pub(super) fn end<T: Display>(&mut self, ending: &Ending<T>, console: &Console) {
        self.interrupted = ending.interrupted;
        for item in &ending.left_behind {
            self.fail(Exit::Unknown);
            console.say(format_args!("not known: {item}"));
        }
        for item in &ending.not_begun {
            self.not_done += 1;
            console.say(format_args!("not done: {item}"));
        }
    }

    fn achieve(&mut self, achieved: Achieved) {
        let Achieved::Done(word) = achieved else {
            self.accepted += 1;
            return;
        };
        match self.done.iter_mut().find(|(found, _)| *found == word) {
            Some((_, count)) => *count += 1,
            None => self.done.push((word, 1)),
        }
    }

    fn fail(&mut self, exit: Exit) {
        self.not_done += 1;
        let severity = |exit: &Exit| match exit {
            Exit::Unknown => 3,
            Exit::Applied => 2,
            Exit::NotApplied => 1,
            _ => 0,
        };
        self.failed = self.failed.into_iter().chain([exit]).max_by_key(severity);
    }

    /// The results could not be written.
    pub(super) fn unwritten(&mut self) {
        self.unwritten = true;
    }

    /// The summary. `next` is what to know before it is run again.
    pub(super) fn tell(&self, console: &Console, next: &str) {
        if self.accepted > 0 {
            let invites = count(self.accepted, "invite");
            console.warn(format_args!(
                "{invites} had been accepted: somebody has joined. Remove the member if need be."
            ));
        }
        let mut parts: Vec<_> = self
            .done
            .iter()
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
        if self.accepted > 0 {
            parts.push(format!("{} accepted before", self.accepted));
        }
        if self.not_done > 0 {
            parts.push(format!("{} not done", self.not_done));
        }
        match (parts.is_empty(), self.not_done) {
            (true, _) => console.say("There was nothing to do."),
            // Of a single call the error itself says what to do.
            (false, 0) => console.say(format_args!("{}.", parts.join(", "))),
            (false, 1) if parts.len() == 1 => {
                console.say(format_args!("{}.", parts.join(", ")));
            }
            (false, _) => console.say(format_args!("{}. {next}", parts.join(", "))),
        }
    }

    /// What is left to do comes before who has joined: a script that is told of the latter must not
    /// take the former for done.
    pub(super) fn exit(&self) -> Exit {
        match self.failed {
            _ if self.interrupted && self.not_done > 0 => Exit::Interrupted,
            Some(exit) if self.done.is_empty() && self.accepted == 0 => exit,
            _ if self.not_done > 0 => Exit::Partial,
            _ if self.accepted > 0 => Exit::Accepted,
            _ if self.unwritten => Exit::Local,
            _ => Exit::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Exit::{Accepted, Applied, Done, Interrupted, NotApplied, Partial, Unknown, Usage};

    #[test]
    fn the_exit_code_says_what_is_left_before_who_has_joined() {
        let tally = |done, accepted, not_done, failed: &[Exit], interrupted| {
            let mut tally = Tally {
                accepted,
                not_done,
                interrupted,
                ..Tally::default()
            };
            (0..done).for_each(|_| tally.achieve(Achieved::Done("revoked")));
            for exit in failed {
                tally.fail(*exit);
            }
            tally.exit()
        };
        for (found, expected) in [
            (tally(0, 0, 0, &[], false), Done),
            (tally(3, 0, 0, &[], false), Done),
            (tally(3, 1, 0, &[], false), Accepted),
            (tally(0, 1, 0, &[], false), Accepted),
            (tally(3, 1, 0, &[NotApplied], false), Partial),
            (tally(0, 1, 0, &[Unknown], false), Partial),
            (tally(3, 0, 0, &[Unknown], false), Partial),
            (tally(0, 0, 0, &[NotApplied], false), NotApplied),
            (tally(0, 0, 9, &[NotApplied], false), NotApplied),
            (
                tally(0, 0, 0, &[NotApplied, Unknown, Applied], false),
                Unknown,
            ),
            (tally(0, 0, 0, &[Applied, NotApplied], false), Applied),
            (tally(0, 0, 4, &[Usage], false), Usage),
            (tally(3, 1, 4, &[], true), Interrupted),
            (tally(3, 0, 0, &[], true), Done),
        ] {
            assert_eq!(found, expected);
        }
    }
}
