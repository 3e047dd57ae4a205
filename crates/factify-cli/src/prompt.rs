//! Asks for a secret on the terminal of standard input.

use std::io;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::console::Console;
use crate::interrupt::{self, Interrupts};

/// Asks without echo. It works if standard error is redirected, and without a controlling terminal. An
/// interruption ends the process.
#[cfg(unix)]
pub(crate) fn secret(
    question: &str,
    console: &Arc<Console>,
    interrupts: &Interrupts,
) -> io::Result<Zeroizing<String>> {
    let terminal = Arc::new(unix::Terminal::stdin()?);
    let (asked, shared) = (Arc::clone(console), Arc::clone(&terminal));
    interrupts.on(move || {
        shared.restore();
        interrupt::end_with(&asked, interrupt::NOTHING_CHANGED);
    });
    terminal.hide_input()?;
    if terminal.write(question).is_err() {
        // Standard input is open only for reading.
        console.say(question);
    }
    let answer = terminal.read_line();
    terminal.restore();
    // The newline was not echoed.
    if terminal.write("\n").is_err() {
        console.say("");
    }
    answer
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::{self, Write};
    use std::os::fd::AsFd;

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
    use zeroize::Zeroizing;

    use crate::input;

    /// The terminal of standard input, and its attributes at the start.
    pub(super) struct Terminal {
        file: File,
        before: Termios,
    }

    impl Terminal {
        /// It is not opened again: `/dev/tty` may be another terminal or none, and the device may belong
        /// to another user.
        pub(super) fn stdin() -> io::Result<Self> {
            let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
            let before = tcgetattr(&file)?;
            Ok(Self { file, before })
        }

        /// Turns the echo off, and discards earlier input.
        pub(super) fn hide_input(&self) -> io::Result<()> {
            let mut hidden = self.before.clone();
            hidden.local_modes.remove(LocalModes::ECHO);
            Ok(tcsetattr(&self.file, OptionalActions::Flush, &hidden)?)
        }

        pub(super) fn write(&self, text: &str) -> io::Result<()> {
            (&self.file).write_all(text.as_bytes())
        }

        pub(super) fn read_line(&self) -> io::Result<Zeroizing<String>> {
            input::line(&self.file)
        }

        /// Turns the echo on again.
        pub(super) fn restore(&self) {
            // If it fails, nothing else can help.
            let _ = tcsetattr(&self.file, OptionalActions::Now, &self.before);
        }
    }
}

#[cfg(not(unix))]
pub(crate) fn secret(
    question: &str,
    _: &Arc<Console>,
    _: &Interrupts,
) -> io::Result<Zeroizing<String>> {
    let answer = rpassword::prompt_password(question);
    if let Err(error) = &answer {
        if error.kind() == io::ErrorKind::Interrupted {
            // The prompt also raises the signal, and its handler ends the process.
            std::thread::sleep(interrupt::PATIENCE);
        }
    }
    answer.map(Zeroizing::new)
}
