//! Interruptions: Ctrl-C, and on Unix SIGTERM as well.

use std::fmt::Display;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use crate::console::Console;
use crate::exit::Exit;

/// How long standard error may take for a last word.
const PATIENCE: Duration = Duration::from_millis(200);

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
pub(crate) fn end() -> ! {
    std::process::exit(Exit::Interrupted as i32)
}

#[cfg(unix)]
fn listen(mut interrupted: impl FnMut() + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    thread::Builder::new().spawn(move || {
        for _ in signals.forever() {
            interrupted();
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn listen(interrupted: impl FnMut() + Send + 'static) -> io::Result<()> {
    ctrlc::set_handler(interrupted).map_err(io::Error::other)
}
