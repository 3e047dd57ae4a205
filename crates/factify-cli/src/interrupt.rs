//! Interruptions: Ctrl-C, and on Unix SIGTERM as well.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crate::exit::Exit;

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

    fn with_action(&self, act: impl FnOnce(&mut Action)) {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Ends the process as one that was interrupted.
pub(crate) fn end() -> ! {
    std::process::exit(Exit::Interrupted as i32)
}

#[cfg(unix)]
fn listen(mut interrupted: impl FnMut() + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    std::thread::Builder::new().spawn(move || {
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
