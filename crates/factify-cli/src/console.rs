//! Standard error: messages, and a progress bar at a terminal.

use std::fmt::{self, Write as _};
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use clap::{ColorChoice, ValueEnum};
use factify_core::{AttemptReport, Observer};
use indicatif::{ProgressBar, ProgressStyle};

use crate::failure::Failure;
use crate::output::{json, printable};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// The format of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ErrorFormat {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object per line: {"error":{…}}, {"warning":…} or {"message":…}
    Json,
}

/// Writes messages, so that standard output has only results.
pub(crate) struct Console {
    color: anstream::ColorChoice,
    format: ErrorFormat,
    verbose: AtomicBool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Console {
    pub(crate) fn new(color: ColorChoice, format: ErrorFormat) -> Self {
        let color = match color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        };
        let bar = Mutex::new(None);
        Self {
            color,
            format,
            verbose: AtomicBool::new(false),
            bar,
        }
    }

    /// Reports each attempt from now on.
    pub(crate) fn set_verbose(&self) {
        self.verbose.store(true, Ordering::Relaxed);
    }

    fn is_verbose(&self) -> bool {
        self.verbose.load(Ordering::Relaxed)
    }

    pub(crate) fn color(&self) -> anstream::ColorChoice {
        self.color
    }

    pub(crate) fn say(&self, message: impl fmt::Display) {
        if self.format == ErrorFormat::Json {
            return self.object(&serde_json::json!({ "message": message.to_string() }));
        }
        let message = lines(&message);
        self.write(|out| writeln!(out, "{message}"));
    }

    pub(crate) fn error(&self, failure: &Failure) {
        if self.format == ErrorFormat::Json {
            return self.object(&serde_json::json!({ "error": failure.object() }));
        }
        let message = lines(failure);
        self.write(|out| writeln!(out, "{ERROR}error:{ERROR:#} {message}"));
    }

    pub(crate) fn warn(&self, message: impl fmt::Display) {
        if self.format == ErrorFormat::Json {
            return self.object(&serde_json::json!({ "warning": message.to_string() }));
        }
        let message = lines(&message);
        self.write(|out| writeln!(out, "{WARNING}warning:{WARNING:#} {message}"));
    }

    /// Reports a wait before a request, for `--verbose`.
    pub(crate) fn waits(&self, time: Duration) {
        if self.is_verbose() && time > Duration::from_millis(1) {
            let time = time.as_millis();
            self.say(format_args!(
                "waiting {time} ms for the rate limit or the server"
            ));
        }
    }

    /// Asks a yes-or-no question. Anything but yes means no.
    pub(crate) fn confirm(&self, question: impl fmt::Display) -> io::Result<bool> {
        let question = lines(&question);
        self.write(|out| write!(out, "{question} [y/N] ").and_then(|()| out.flush()));
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        if !answer.ends_with('\n') {
            self.say("");
        }
        let answer = answer.trim();
        Ok(answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes"))
    }

    /// Shows a progress bar, if this is a terminal, until the returned value is dropped.
    pub(crate) fn progress(&self, verb: &'static str, length: usize) -> Progress<'_> {
        if length > 1 && io::stderr().is_terminal() {
            let bar = ProgressBar::new(length as u64).with_message(verb);
            let template = "{msg} {wide_bar} {human_pos}/{human_len}, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            *self.bar() = Some(bar);
        }
        Progress(self)
    }

    /// Hides the progress bar while `write` writes to the terminal. `write` must not use the console.
    pub(crate) fn suspend<R>(&self, write: impl FnOnce() -> R) -> R {
        let bar = self.bar().clone();
        match bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn object(&self, object: &serde_json::Value) {
        self.write(|out| {
            json::write(out, object)?;
            writeln!(out)
        });
    }

    /// Ignores errors: there is no place to report that standard error failed.
    fn write(&self, write: impl FnOnce(&mut AutoStream<io::Stderr>) -> io::Result<()>) {
        self.suspend(|| {
            let _ = write(&mut AutoStream::new(io::stderr(), self.color));
        });
    }

    fn bar(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Escapes everything in a message that could control the terminal, since it may contain text from
/// others.
fn lines(message: &impl fmt::Display) -> String {
    let message = message.to_string();
    let lines: Vec<_> = message.split('\n').map(printable).collect();
    lines.join("\n")
}

/// A progress bar, if one is shown.
pub(crate) struct Progress<'a>(&'a Console);

impl Progress<'_> {
    pub(crate) fn advance(&self) {
        if let Some(bar) = &*self.0.bar() {
            bar.inc(1);
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(bar) = self.0.bar().take() {
            bar.finish_and_clear();
        }
    }
}

/// Reports attempts and waits, for `--verbose`.
impl Observer for Console {
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        if !self.is_verbose() {
            return;
        }
        let mut text = format!("{} attempt {}: ", attempt.operation, attempt.attempt);
        // Writing to a string does not fail.
        let _ = match (attempt.status, attempt.error) {
            (_, Some(error)) => write!(text, "failed ({})", error.as_str()),
            (Some(status), None) => write!(text, "status {}", status.as_u16()),
            (None, None) => write!(text, "no response"),
        };
        let _ = write!(text, " after {} ms", attempt.elapsed.as_millis());
        if let Some(wait) = attempt.wait {
            let _ = write!(text, ", the next one in {} ms", wait.as_millis());
        }
        if let Some(id) = attempt.request_id {
            let _ = write!(text, " [request {}]", id.escape_debug());
        }
        self.say(text);
    }
}
