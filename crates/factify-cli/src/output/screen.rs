use std::io::{self, IsTerminal};

/// Where a table is printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screen {
    pub(super) is_terminal: bool,
    /// The width that the table fits. `None`: it is as wide as it needs to be.
    pub(super) limit: Option<usize>,
}

/// The width of a terminal that does not say how wide it is.
const DEFAULT_WIDTH: usize = 80;

impl Screen {
    /// Standard output. `fits`: the table fits it, if it is a terminal.
    pub(super) fn of_stdout(fits: bool) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let limit = (fits && is_terminal).then(terminal_width);
        Self { is_terminal, limit }
    }
}

/// `COLUMNS` takes precedence.
fn terminal_width() -> usize {
    let chosen = std::env::var("COLUMNS").ok();
    let chosen = chosen.and_then(|text| text.parse().ok());
    let is_positive = |width: &usize| *width > 0;
    chosen
        .filter(is_positive)
        .or_else(|| measured_width().filter(is_positive))
        .unwrap_or(DEFAULT_WIDTH)
}

#[cfg(unix)]
fn measured_width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(size.ws_col.into())
}

#[cfg(not(unix))]
fn measured_width() -> Option<usize> {
    let (terminal_size::Width(width), _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(width.into())
}
