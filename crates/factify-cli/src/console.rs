//! Standard error: messages, and progress bars at a terminal.

use std::fmt::{self, Write as _};
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use clap::{ColorChoice, ValueEnum};
use factify_core::{AttemptReport, Observer};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

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
/// How often the bars are drawn although nothing moves.
const TICK: Duration = Duration::from_millis(200);

/// From this width on, a terminal shows all figures of a transfer.
const WIDE: u16 = 80;

/// Writes messages, so that standard output has only results.
pub(crate) struct Console {
    color: anstream::ColorChoice,
    format: ErrorFormat,
    verbose: AtomicBool,
    bars: Mutex<Option<Bars>>,
}

impl Console {
    pub(crate) fn new(color: ColorChoice, format: ErrorFormat) -> Self {
        let color = match color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        };
        let bars = Mutex::new(None);
        Self {
            color,
            format,
            verbose: AtomicBool::new(false),
            bars,
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
        if io::stderr().is_terminal() {
            let all = MultiProgress::new();
            let total = (length > 1).then(|| {
                let bar = ProgressBar::new(length as u64).with_message(verb);
                let template = "{msg} {wide_bar} {human_pos}/{human_len}, {eta} left";
                let bar = all.add(styled(bar, template));
                bar.enable_steady_tick(TICK);
                bar
            });
            *self.bars() = Some(Bars { all, total });
        }
        Progress(self)
    }

    /// Shows the progress of a transfer above that of all, until the returned value is dropped. Call it while
    /// [`progress`](Self::progress) is shown; else nothing is shown.
    pub(crate) fn transfer(&self, name: &impl fmt::Display, bytes: Option<u64>) -> Transfer {
        let Some(bars) = self.bars().clone() else {
            return Transfer(None);
        };
        let bar = bytes.map_or_else(ProgressBar::no_length, ProgressBar::new);
        let bar = bar.with_prefix(printable(&name.to_string()).into_owned());
        let template = if is_narrow() {
            "{prefix:16!} {wide_bar} {percent:>3}%, {eta} left"
        } else {
            "{prefix:30!} {wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left"
        };
        let bar = styled(bar, template);
        let bar = match &bars.total {
            Some(total) => bars.all.insert_before(total, bar),
            None => bars.all.add(bar),
        };
        bar.enable_steady_tick(TICK);
        Transfer(Some(bar))
    }

    /// Hides the progress bars while `write` writes to the terminal. `write` must not use the console.
    pub(crate) fn suspend<R>(&self, write: impl FnOnce() -> R) -> R {
        let bars = self.bars().clone();
        match bars {
            Some(bars) => bars.all.suspend(write),
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

    fn bars(&self) -> MutexGuard<'_, Option<Bars>> {
        self.bars.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Escapes everything in a message that could control the terminal, since it may contain text from
/// others.
fn lines(message: &impl fmt::Display) -> String {
    let message = message.to_string();
    let lines: Vec<_> = message.split('\n').map(printable).collect();
    lines.join("\n")
}

/// A bar for each transfer in flight, and one for all items.
#[derive(Clone)]
struct Bars {
    all: MultiProgress,
    total: Option<ProgressBar>,
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

/// Whether the terminal of standard error has too few columns for all figures.
#[cfg(unix)]
fn is_narrow() -> bool {
    let size = rustix::termios::tcgetwinsize(io::stderr());
    size.is_ok_and(|size| (1..WIDE).contains(&size.ws_col))
}

#[cfg(not(unix))]
fn is_narrow() -> bool {
    false
}

/// The progress bars, if any are shown.
pub(crate) struct Progress<'a>(&'a Console);

impl Progress<'_> {
    pub(crate) fn advance(&self) {
        if let Some(Bars {
            total: Some(bar), ..
        }) = &*self.0.bars()
        {
            bar.inc(1);
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(bars) = self.0.bars().take() {
            if let Some(bar) = bars.total {
                bar.finish_and_clear();
            }
            // Those of abandoned transfers.
            let _ = bars.all.clear();
            bars.all.set_draw_target(ProgressDrawTarget::hidden());
        }
    }
}

/// The progress of one transfer, if it is shown.
pub(crate) struct Transfer(Option<ProgressBar>);

impl Transfer {
    /// A function that shows how much has been transferred.
    pub(crate) fn report(&self) -> impl Fn(factify_core::Progress) + Send + Sync + use<> {
        let bar = self.0.clone();
        move |progress| {
            if let Some(bar) = &bar {
                if let Some(total) = progress.total {
                    bar.set_length(total);
                }
                bar.set_position(progress.bytes);
            }
        }
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        if let Some(bar) = self.0.take() {
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
