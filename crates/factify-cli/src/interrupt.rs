//! Interruptions: Ctrl-C, and on Unix SIGTERM and a terminal that is gone as well.

use std::fmt::Display;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use crate::console::Console;
use crate::exit::Exit;

/// How long standard error may take for a last word.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// What is said of an interruption before any call.
pub(crate) const NOTHING_CHANGED: &str = "Interrupted: nothing was changed.";

type Action = Box<dyn FnMut() + Send>;

/// What an interruption does. It ends the process, until something else is set.
pub(crate) struct Interrupts(Mutex<Action>);

impl Interrupts {
    /// Begins to handle them. Called once.
    pub(crate) fn handle() -> io::Result<Arc<Self>> {
        let interrupts = Arc::new(Self(Mutex::new(Box::new(|| end()))));
        let handled = Arc::clone(&interrupts);
        listen(move || handled.with_action(|action| action()))?;
        Ok(interrupts)
    }

    /// Sets what each does from now on. It runs on a thread of its own, one at a time.
    pub(crate) fn on(&self, action: impl FnMut() + Send + 'static) {
        self.with_action(|current| *current = Box::new(action));
    }

    /// From now on each ends the process again.
    pub(crate) fn reset(&self) {
        self.on(|| end());
    }

    fn with_action(&self, act: impl FnOnce(&mut Action)) {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Says a last word, unless standard error is held up, and ends.
pub(crate) fn end_with(console: &Arc<Console>, message: impl Display + Send + 'static) -> ! {
    let console = Arc::clone(console);
    let (said, heard) = mpsc::channel();
    // Where there is no thread, `heard` hears at once that nobody will speak.
    let _ = thread::Builder::new().spawn(move || {
        console.say(message);
        let _ = said.send(());
    });
    let _ = heard.recv_timeout(PATIENCE);
    end()
}

/// Ends the process as one that was interrupted.
fn end() -> ! {
    std::process::exit(Exit::Interrupted as i32)
}

#[cfg(unix)]
fn listen(mut interrupted: impl FnMut() + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut taken = vec![SIGINT, SIGTERM];
    // `nohup` has it ignored; where one cannot know, it does what it always does.
    if ignored_signals().is_some_and(|mask| mask >> (SIGHUP - 1) & 1 == 0) {
        taken.push(SIGHUP);
    }
    let mut signals = signal_hook::iterator::Signals::new(taken)?;
    thread::Builder::new().spawn(move || {
        for _ in signals.forever() {
            interrupted();
        }
    })?;
    Ok(())
}

/// A bit for each signal that whoever started this wants to be ignored, as Linux tells it.
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
