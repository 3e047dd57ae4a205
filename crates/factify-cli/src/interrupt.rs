//! Interruptions: Ctrl-C, on Unix also SIGTERM, and on Linux also SIGHUP.

use std::fmt::Display;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

/// How long to wait until the last message is written.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// The message for an interruption before any change.
pub(crate) const NOTHING_CHANGED: &str = "Interrupted: nothing was changed.";

type Action = Box<dyn FnMut() + Send>;

/// What an interruption does. By default it ends the process.
pub(crate) struct Interrupts(Mutex<Action>);

impl Interrupts {
    /// Starts to handle signals. Call it once.
    pub(crate) fn handle() -> Result<Arc<Self>, Failure> {
        let interrupts = Arc::new(Self(Mutex::new(Box::new(|| end()))));
        let handled = Arc::clone(&interrupts);
        listen(move || handled.with_action(|action| action()))
            .map_err(|error| Failure::local(format!("signals cannot be handled: {error}")))?;
        Ok(interrupts)
    }

    /// Sets the action of an interruption. It runs on a separate thread, one at a time.
    pub(crate) fn on(&self, action: impl FnMut() + Send + 'static) {
        self.with_action(|current| *current = Box::new(action));
    }

    /// Uses another action while `work` runs.
    pub(crate) fn during<R>(
        &self,
        action: impl FnMut() + Send + 'static,
        work: impl FnOnce() -> R,
    ) -> R {
        let mut before: Action = Box::new(action);
        self.with_action(|current| std::mem::swap(current, &mut before));
        let result = work();
        self.with_action(|current| *current = before);
        result
    }

    /// Lets an interruption end the process again.
    pub(crate) fn reset(&self) {
        self.on(|| end());
    }

    fn with_action(&self, act: impl FnOnce(&mut Action)) {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Prints a last message, unless standard error is blocked, and ends the process.
pub(crate) fn end_with(console: &Arc<Console>, message: impl Display + Send + 'static) -> ! {
    let console = Arc::clone(console);
    let (said, heard) = mpsc::channel();
    // If the thread cannot start, `heard` returns at once.
    let _ = thread::Builder::new().spawn(move || {
        console.say(message);
        let _ = said.send(());
    });
    let _ = heard.recv_timeout(PATIENCE);
    end()
}

/// Ends the process with the exit code of an interruption.
fn end() -> ! {
    std::process::exit(Exit::Interrupted as i32)
}

#[cfg(unix)]
fn listen(mut interrupted: impl FnMut() + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ignored = ignored_signals();
    let taken = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| {
        // A signal that was ignored at the start stays ignored: `nohup` ignores SIGHUP, and a shell
        // ignores SIGINT for a background job. Only Linux shows which signals are ignored; elsewhere SIGHUP
        // keeps its default action.
        ignored.map_or(*signal != SIGHUP, |mask| mask >> (signal - 1) & 1 == 0)
    });
    let mut signals = signal_hook::iterator::Signals::new(taken)?;
    thread::Builder::new().spawn(move || {
        for _ in signals.forever() {
            interrupted();
        }
    })?;
    Ok(())
}

/// On Linux, a bit for each signal that this process ignores.
#[cfg(unix)]
fn ignored_signals() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

#[cfg(not(unix))]
fn listen(interrupted: impl FnMut() + Send + 'static) -> io::Result<()> {
    ctrlc::set_handler(interrupted).map_err(io::Error::other)
}
