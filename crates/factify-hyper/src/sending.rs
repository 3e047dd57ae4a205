//! Whether a connection has started to send a request.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use factify_core::MAX_INTERIMS;
use hyper_util::client::legacy::connect::CaptureConnection;

use crate::socket::Link;
use crate::wire::{self, Occupied, Waits};

const WAITING: u8 = 0;
const BEGUN: u8 = 1;
const GIVEN_UP: u8 = 2;

/// Whether a connection has started to send a request, or must not send it any more. Once decided, it
/// does not change.
#[derive(Debug, Default)]
pub(crate) struct Sending {
    state: AtomicU8,
    /// The connection that has started to send the request.
    begun: OnceLock<Option<Begun>>,
    /// Until then, it waits for a connection.
    waits: Mutex<Option<Waits>>,
    /// Whether the connection has asked for the content of the body.
    took_body: AtomicBool,
    /// The number of interim responses (1xx).
    interims: AtomicU32,
}

/// A connection that has started to send a request.
#[derive(Debug)]
struct Begun {
    link: Link,
    /// The writes of the connection before the request.
    writes: u64,
    /// With HTTP/1.1, the place of the request among those of the connection.
    occupied: Option<Occupied>,
}

impl Begun {
    /// Call it before the connection writes the request.
    fn on(connection: &CaptureConnection) -> Option<Self> {
        let (link, occupied) = wire::begin(connection)?;
        Some(Self {
            writes: link.writes(),
            link,
            occupied,
        })
    }
}

impl Sending {
    pub(crate) fn wait(&self, waits: Option<Waits>) {
        if let Ok(mut current) = self.waits.lock() {
            *current = waits;
        }
    }

    fn begun(&self) -> Option<&Begun> {
        self.begun.get()?.as_ref()
    }

    /// Whether the connection has written nothing since it started to send the request.
    pub(crate) fn is_unwritten(&self) -> bool {
        self.begun()
            .is_some_and(|begun| begun.link.writes() == begun.writes)
    }

    /// Counts an interim response. Ends the connection if there are too many.
    pub(crate) fn count_interim(&self) {
        if self.interims.fetch_add(1, Ordering::AcqRel) < MAX_INTERIMS {
            return;
        }
        if let Some(begun) = self.begun() {
            begun.link.refuse_interims();
        }
    }

    /// Whether the server sent too many interim responses.
    pub(crate) fn has_too_many_interims(&self) -> bool {
        self.interims.load(Ordering::Acquire) > MAX_INTERIMS
    }

    /// Records that the connection has asked for the content of the body.
    pub(crate) fn take_body(&self) {
        self.took_body.store(true, Ordering::Release);
    }

    /// Whether it is certain that an HTTP/2 stream carries the request. hyper asks for the content of a body
    /// only after it has created the stream.
    pub(crate) fn has_stream(&self) -> bool {
        self.took_body.load(Ordering::Acquire)
    }

    /// Prevents the request from being sent. Returns `false` if a connection has started to send it.
    pub(crate) fn give_up(&self) -> bool {
        self.decide(GIVEN_UP)
    }

    /// Stops sending the body, because the attempt is over.
    fn stop(&self) {
        self.state.store(GIVEN_UP, Ordering::Release);
    }

    /// Starts to send on this connection. Returns `false` if the request was given up.
    pub(crate) fn begin(&self, connection: Option<&CaptureConnection>) -> bool {
        let begun = self.decide(BEGUN);
        if begun {
            self.begun.get_or_init(|| connection.and_then(Begun::on));
            self.wait(None);
        }
        begun
    }

    fn decide(&self, end: u8) -> bool {
        let (success, failure) = (Ordering::AcqRel, Ordering::Acquire);
        match self.state.compare_exchange(WAITING, end, success, failure) {
            Ok(_) => true,
            Err(before) => before == end,
        }
    }
}

/// Marks the end of the attempt and of its response when it is dropped.
pub(crate) struct Stop {
    sending: Arc<Sending>,
    is_upload: bool,
}

impl Stop {
    pub(crate) fn new(sending: Arc<Sending>, is_upload: bool) -> Self {
        Self { sending, is_upload }
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        if self.is_upload {
            // The server may have responded before it read the whole body.
            self.sending.stop();
        }
        let begun = self.sending.begun();
        if let Some(occupied) = begun.and_then(|begun| begun.occupied.as_ref()) {
            occupied.end();
        }
    }
}
