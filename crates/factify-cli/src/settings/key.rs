//! Reads the key of a profile.

use std::fmt::Display;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use etcetera::BaseStrategy;
use factify_core::BearerToken;
use zeroize::Zeroizing;

use crate::console::Console;
use crate::failure::Failure;
use crate::input;
use crate::interrupt::{self, Interrupts};

/// The key on the first line of a text.
pub(super) fn on_first_line(text: &str, place: impl Display) -> Result<BearerToken, Failure> {
    BearerToken::new(text.trim_start().lines().next().unwrap_or_default())
        .map_err(|error| Failure::usage(format!("{error} (from {place})")))
}

/// The path of a `key_file`. It starts at the folder of the configuration file, or with `~/` at the home
/// folder.
pub(super) fn path(named: &Path, configuration: &Path) -> PathBuf {
    if let Ok(below_home) = named.strip_prefix("~") {
        if let Ok(places) = etcetera::choose_base_strategy() {
            return places.home_dir().join(below_home);
        }
    }
    let folder = configuration.parent().unwrap_or(Path::new(""));
    folder.join(named)
}

/// How often to look whether a command has ended that has closed its output.
const INTERVAL: Duration = Duration::from_millis(5);

/// Runs a command and returns its standard output. It can ask on the terminal, but it does not read the
/// input of this command. An interruption ends it and this process.
pub(super) fn output_of(
    command: &[String],
    console: &Arc<Console>,
    interrupts: &Interrupts,
) -> Result<Zeroizing<String>, String> {
    let (program, arguments) = command.split_first().ok_or("it is empty")?;
    let stdin = if io::stdin().is_terminal() {
        Stdio::inherit()
    } else {
        Stdio::null()
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(stdin)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{program:?} cannot be started: {error}"))?;
    let stdout = child.stdout.take();
    let child = Arc::new(Mutex::new(child));
    let (shared, console) = (Arc::clone(&child), Arc::clone(console));
    let end = move || {
        stop(&mut locked(&shared));
        interrupt::end_with(&console, interrupt::NOTHING_CHANGED);
    };
    let (text, status) = interrupts.during(end, || {
        let text = stdout.map_or(Ok(Zeroizing::default()), input::text);
        // Not `wait`, which would hold the lock until the end.
        let status = loop {
            match locked(&child).try_wait() {
                Ok(None) => {}
                ended => break ended,
            }
            thread::sleep(INTERVAL);
        };
        (text, status)
    });
    match status {
        Ok(Some(status)) if status.success() => {
            text.map_err(|error| format!("its output cannot be read: {error}"))
        }
        Ok(Some(status)) => Err(format!("it failed with {status}")),
        Ok(None) => Err("it has not ended".to_owned()),
        Err(error) => Err(format!("its end is not known: {error}")),
    }
}

fn locked(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks the command to end, so that it can restore the terminal.
#[cfg(unix)]
fn stop(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Ok(None) = child.try_wait() {
        // If it fails, the command has ended.
        let _ = kill_process(Pid::from_child(child), Signal::TERM);
    }
}

#[cfg(not(unix))]
fn stop(child: &mut Child) {
    // If it fails, the command has ended.
    let _ = child.kill();
}

/// Why a file is not private to the user.
#[cfg(unix)]
pub(super) fn exposure(file: &std::fs::File, path: &Path) -> io::Result<Option<String>> {
    use std::os::unix::fs::MetadataExt;
    let metadata = file.metadata()?;
    let problem = if metadata.uid() != rustix::process::geteuid().as_raw() {
        "the file belongs to another user\n  Use key_command or key_file instead.".to_owned()
    } else if metadata.mode() & 0o077 != 0 {
        format!(
            "others can read or change the file\n  chmod 600 {}",
            path.display()
        )
    } else {
        return Ok(None);
    };
    Ok(Some(problem))
}

/// Whether somebody else could have written a file.
#[cfg(unix)]
pub(super) fn is_writable_by_others(file: &std::fs::File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let metadata = file.metadata()?;
    let owners = [0, rustix::process::geteuid().as_raw()];
    Ok(metadata.mode() & 0o022 != 0 || !owners.contains(&metadata.uid()))
}

/// The command cannot check it on this system.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)] // Same signature as on Unix.
pub(super) fn is_writable_by_others(_: &std::fs::File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)] // Same signature as on Unix.
pub(super) fn exposure(_: &std::fs::File, _: &Path) -> io::Result<Option<String>> {
    let problem = "on this system the command cannot check who can read the file\n  \
                   Use key_command or key_file instead.";
    Ok(Some(problem.to_owned()))
}
