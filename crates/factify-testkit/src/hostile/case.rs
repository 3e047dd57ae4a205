//! One row of the table: a server and the expected result.

use std::net::TcpStream;
use std::time::Duration;

use factify_core::{ErrorKind, Outcome};

/// The largest body that the client accepts, in bytes.
pub(super) const CAP: usize = 256 << 10;

/// The time limit of an attempt with a deliberately slow server.
pub(super) const SHORT: Duration = Duration::from_secs(3);

/// The time limit of any other attempt, long enough for a busy machine.
pub(super) const LONG: Duration = Duration::from_secs(20);

pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) server: Server,
    /// `None` if the call must succeed.
    pub(super) expected: Option<(ErrorKind, Outcome, Option<u16>)>,
    /// How many of the three allowed attempts the client makes.
    pub(super) attempts: u32,
    /// Whether the client requests compressed responses.
    pub(super) gzip: bool,
}

pub(super) enum Server {
    /// Nothing listens.
    Absent,
    /// It does this after it accepts a connection.
    Connected(fn(&mut TcpStream)),
    /// It does this after it reads the request.
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
    }
}

pub(super) const fn succeeds(name: &'static str, server: Server) -> Case {
    Case {
        name,
        server,
        expected: None,
        attempts: 1,
        gzip: false,
    }
}

impl Case {
    /// The time limit of an attempt.
    pub(super) fn timeout(&self) -> Duration {
        match self.expected {
            Some((ErrorKind::Timeout, ..)) => SHORT,
            _ if self.name.starts_with("silence") => SHORT,
            _ => LONG,
        }
    }
}
