//! One row: a server, and what a client must make of it.

use std::net::TcpStream;
use std::time::Duration;

use factify_core::{ErrorKind, Outcome};

/// The largest body that the client accepts.
pub(super) const CAP: usize = 256 << 10;

/// The longest time of an attempt at a server that is slow on purpose.
pub(super) const SHORT: Duration = Duration::from_millis(700);

/// The longest time of another one, which is enough on a busy machine.
pub(super) const LONG: Duration = Duration::from_secs(20);

pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) server: Server,
    /// `None` when the call succeeds.
    pub(super) expected: Option<(ErrorKind, Outcome, Option<u16>)>,
    /// How many attempts the client makes of the three that it may.
    pub(super) attempts: u32,
    /// Whether the client asks for compressed responses.
    pub(super) gzip: bool,
    /// A transport may as well refuse it at once, as too large.
    pub(super) or_too_large: bool,
}

pub(super) enum Server {
    /// Nobody listens.
    Absent,
    /// It does this as soon as it is connected to.
    Connected(fn(&mut TcpStream)),
    /// It reads the request, and does this.
    Asked(fn(&mut TcpStream)),
}

pub(super) const fn fails(
    name: &'static str,
    server: Server,
    kind: ErrorKind,
    outcome: Outcome,
    status: Option<u16>,
    attempts: u32,
) -> Case {
    Case {
        name,
        server,
        expected: Some((kind, outcome, status)),
        attempts,
        gzip: false,
        or_too_large: false,
    }
}

pub(super) const fn succeeds(name: &'static str, server: Server) -> Case {
    Case {
        name,
        server,
        expected: None,
        attempts: 1,
        gzip: false,
        or_too_large: false,
    }
}

impl Case {
    /// The longest time of an attempt.
    pub(super) fn timeout(&self) -> Duration {
        match self.expected {
            Some((ErrorKind::Timeout, ..)) => SHORT,
            _ if self.name.starts_with("silence") => SHORT,
            _ => LONG,
        }
    }
}
