//! The events, each with the expected end of the calls.

mod connection;
mod ends;
mod frames;
mod heads;

use std::sync::Arc;
use std::time::Duration;

use factify_core::ErrorKind::{self, Interrupted, Malformed, Timeout, TooLarge};
use factify_core::Outcome::{self, NotApplied, Unknown};

use crate::peer::When::{self, Asked};
use crate::peer::{Event, Peer};

/// The attempts of a call that succeeded; or the error, its outcome and the attempts.
pub(crate) type Ended = Result<u32, (ErrorKind, Outcome, u32)>;

/// The calls, one after the other.
pub(crate) type Calls = &'static [Ended];

/// How creations end, and how revocations end. Only a revocation is idempotent.
type Expected = (Calls, Calls);

pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) when: When,
    pub(crate) event: Event,
    pub(crate) expected: Expected,
    /// Whether the next call waits until the client has closed the connection.
    pub(crate) closes: bool,
}

impl Row {
    /// Short if an attempt must time out, else long enough for a busy machine.
    pub(crate) fn timeout(&self) -> Duration {
        let (creations, revocations) = self.expected;
        let mut ends = creations.iter().chain(revocations);
        let times_out = ends.any(|end| matches!(end, Err((Timeout, ..))));
        Duration::from_secs(if times_out { 8 } else { 60 })
    }
}

/// The calls do not notice it.
const HARMLESS: Expected = (&[Ok(1), Ok(1)], &[Ok(1), Ok(1)]);
/// The server has not processed the request, so each call sends it again.
const REFUSED: Expected = (&[Ok(2), Ok(1)], &[Ok(2), Ok(1)]);
/// The response is lost. The next attempt, or the next call, succeeds.
const LOST: Expected = (&[Err((Interrupted, Unknown, 1)), Ok(1)], &[Ok(2), Ok(1)]);
/// The same, because the server breaks the protocol.
const BROKEN: Expected = (&[Err((Malformed, Unknown, 1)), Ok(1)], &[Ok(2), Ok(1)]);
/// The attempt times out. The next one does not use the same connection.
const DEAD: Expected = (&[Err((Timeout, Unknown, 1)), Ok(1)], &[Ok(2), Ok(1)]);
/// The same after a first call that succeeds.
const DEAD_LATER: Expected = (
    &[Ok(1), Err((Timeout, Unknown, 1)), Ok(1)],
    &[Ok(1), Ok(2), Ok(1)],
);
/// The response is larger than the limits, and another attempt would not help.
const BOMB: Expected = (
    &[Err((TooLarge, Unknown, 1)), Ok(1)],
    &[Err((TooLarge, Unknown, 1)), Ok(1)],
);
/// The server processes no request.
const REFUSED_THRICE: Expected = (
    &[
        Err((Interrupted, NotApplied, 3)),
        Err((Interrupted, NotApplied, 3)),
    ],
    &[
        Err((Interrupted, NotApplied, 3)),
        Err((Interrupted, NotApplied, 3)),
    ],
);

/// All events.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    ends::resets(&mut rows);
    ends::go_away_rows(&mut rows);
    ends::early_go_away_rows(&mut rows);
    ends::late_go_away_rows(&mut rows);
    connection::closes(&mut rows);
    connection::dead_paths(&mut rows);
    connection::settings(&mut rows);
    connection::windows(&mut rows);
    heads::fields(&mut rows);
    heads::heads(&mut rows);
    frames::frames(&mut rows);
    frames::floods(&mut rows);
    rows
}

trait Table {
    fn row(
        &mut self,
        name: impl Into<String>,
        when: When,
        expected: Expected,
        event: impl Fn(&mut Peer) + Send + Sync + 'static,
    );

    /// A row with an event after the first response, on which the client closes the connection.
    fn after_body(
        &mut self,
        name: impl Into<String>,
        event: impl Fn(&mut Peer) + Send + Sync + 'static,
    );

    /// A row with an event on the first request.
    fn on_request(
        &mut self,
        name: impl Into<String>,
        expected: Expected,
        event: impl Fn(&mut Peer) + Send + Sync + 'static,
    ) {
        self.row(name, Asked, expected, event);
    }
}

impl Table for Vec<Row> {
    fn after_body(
        &mut self,
        name: impl Into<String>,
        event: impl Fn(&mut Peer) + Send + Sync + 'static,
    ) {
        self.on_request(name, HARMLESS, move |peer| {
            peer.success();
            event(peer);
            peer.swallow();
        });
        if let Some(row) = self.last_mut() {
            row.closes = true;
        }
    }

    fn row(
        &mut self,
        name: impl Into<String>,
        when: When,
        expected: Expected,
        event: impl Fn(&mut Peer) + Send + Sync + 'static,
    ) {
        let (name, event) = (name.into(), Arc::new(event));
        self.push(Row {
            name,
            when,
            event,
            expected,
            closes: false,
        });
    }
}
