//! How a response ends, and what the server sends that belongs to no request.

use factify_core::ErrorKind::{self, Api, Decode, Interrupted, Redirect, TooLarge};
use factify_core::Outcome::{self, Applied, NotApplied, Unknown};

use super::peer::Close::{self, Abrupt, Proper, Reset};
use super::responses::{chunked, fixed, invite, padded, response};
use When::{Apart, Halved, HalvedApart, Idle, Together};

/// The response to the first call.
#[derive(Clone, Copy)]
pub(super) struct Ending {
    pub(super) name: &'static str,
    /// Makes the response to the request for this address.
    pub(super) respond: fn(&str) -> Vec<u8>,
    /// The error of the first call, if it does not succeed.
    pub(super) error: Failure,
    /// Whether the connection is used again if nothing else arrives.
    pub(super) is_kept: bool,
}

/// The kind and the outcome of an error.
pub(super) type Failure = Option<(ErrorKind, Outcome)>;

/// The largest body that the client accepts, in bytes.
pub(super) const CAP: usize = 32 << 10;

pub(super) const ENDINGS: &[Ending] = &[
    succeeds("a length", |email| fixed("200 OK", &invite(email))),
    succeeds("a large body", |email| padded(&invite(email), 20_000)),
    succeeds("chunks", |email| chunked(&invite(email), "")),
    succeeds("trailers", |email| chunked(&invite(email), "x: y\r\n")),
    succeeds("HTTP/1.0 with keep-alive", |email| {
        let head = "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n";
        response(head, &invite(email))
    }),
    succeeds("after 100 Continue", |email| {
        let own = fixed("200 OK", &invite(email));
        [b"HTTP/1.1 100 Continue\r\n\r\n", &*own].concat()
    }),
    fails(
        "204",
        |_| b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
        Decode,
        Applied,
    ),
    fails(
        "304",
        |_| b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec(),
        Redirect,
        Unknown,
    ),
    fails(
        "a length of zero",
        |_| fixed("404 Not Found", ""),
        Api,
        NotApplied,
    ),
    fails(
        "a 404 with a body",
        |_| fixed("404 Not Found", r#"{"code":"not_found"}"#),
        Api,
        NotApplied,
    ),
    not_kept(succeeds("HTTP/1.0", |email| {
        response("HTTP/1.0 200 OK\r\n", &invite(email))
    })),
    not_kept(succeeds("the announcement of a close", |email| {
        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n";
        response(head, &invite(email))
    })),
    not_kept(fails(
        "a body over the limit",
        |email| padded(&invite(email), CAP + 1),
        TooLarge,
        Unknown,
    )),
    not_kept(fails(
        "chunks over the limit",
        |email| {
            let body = invite(email);
            chunked(&format!("{body:width$}", width = CAP + 1), "")
        },
        TooLarge,
        Unknown,
    )),
];

/// The ways in which a body without a length ends, each with the error without and with TLS.
pub(super) const UNTIL_THE_END: &[(&str, Close, [Failure; 2])] = &[
    ("closed", Proper, [None, None]),
    ("closed without notice", Abrupt, [None, CUT]),
    ("reset", Reset, [CUT, CUT]),
];

const CUT: Failure = Some((Interrupted, Unknown));

const fn succeeds(name: &'static str, respond: fn(&str) -> Vec<u8>) -> Ending {
    Ending {
        name,
        respond,
        error: None,
        is_kept: true,
    }
}

const fn fails(
    name: &'static str,
    respond: fn(&str) -> Vec<u8>,
    kind: ErrorKind,
    outcome: Outcome,
) -> Ending {
    Ending {
        error: Some((kind, outcome)),
        ..succeeds(name, respond)
    }
}

const fn not_kept(ending: Ending) -> Ending {
    Ending {
        is_kept: false,
        ..ending
    }
}

/// When the server sends what belongs to no request.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum When {
    /// With the response, over TLS in the same record.
    Together,
    /// With the response, over TLS in separate records.
    Apart,
    /// While the connection is idle.
    Idle,
    /// The first half while the connection is idle, and the rest after the next request. Over TLS both
    /// halves are one record.
    Halved,
    /// The first half with the response, and the rest after the next request.
    HalvedApart,
}

/// What belongs to no request.
pub(super) struct Leftover {
    pub(super) name: &'static str,
    pub(super) when: When,
    /// The records.
    pub(super) records: fn() -> Vec<Vec<u8>>,
    /// Whether the server closes the connection afterwards.
    pub(super) closes: Option<Close>,
}

const fn left(name: &'static str, when: When, records: fn() -> Vec<Vec<u8>>) -> Leftover {
    Leftover {
        name,
        when,
        records,
        closes: None,
    }
}

const fn closes(name: &'static str, how: Close, records: fn() -> Vec<Vec<u8>>) -> Leftover {
    Leftover {
        name,
        when: Idle,
        records,
        closes: Some(how),
    }
}

/// A success for another address.
fn another() -> Vec<u8> {
    fixed("200 OK", &invite("another@example.com"))
}

/// The same with at least 5,000 bytes.
fn large() -> Vec<u8> {
    padded(&invite("another@example.com"), 6_000)
}

/// A refusal, after which a call would say that it was not applied.
pub(super) fn refusal() -> Vec<u8> {
    fixed("400 Bad Request", r#"{"code":"invalid_argument"}"#)
}

/// The message of a server that waited too long for a request.
fn timeout() -> Vec<u8> {
    response("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n", "")
}

/// In three records, cut within the head and within the body.
fn pieces() -> Vec<Vec<u8>> {
    let large = large();
    let (head, rest) = large.split_at(9);
    let (middle, tail) = rest.split_at(3_000);
    vec![head.to_vec(), middle.to_vec(), tail.to_vec()]
}

/// What remains of a body that is longer than its length.
fn tail() -> Vec<u8> {
    b"{}".to_vec()
}

pub(super) const LEFTOVERS: &[Leftover] = &[
    left(
        "a response in the same record",
        Together,
        || vec![another()],
    ),
    left("a large one in the same record", Together, || vec![large()]),
    left("the rest of a body", Together, || vec![tail()]),
    left("a line end", Together, || vec![b"\r\n".to_vec()]),
    left("a response", Apart, || vec![another()]),
    left("a large response", Apart, || vec![large()]),
    left("a response in pieces", Apart, pieces),
    left("three responses", Apart, || {
        vec![another(), large(), another()]
    }),
    left("the rest of a body apart", Apart, || vec![tail()]),
    left("half a response", HalvedApart, || vec![another()]),
    left("an idle byte", Idle, || vec![b"H".to_vec()]),
    left("an idle 1xx", Idle, || {
        vec![b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec()]
    }),
    left("an idle response", Idle, || vec![another()]),
    left("an idle large response", Idle, || vec![large()]),
    left("an idle response in pieces", Idle, pieces),
    left("an idle refusal", Idle, || vec![refusal()]),
    left("half an idle refusal", Halved, || vec![refusal()]),
    left("half an idle large response", Halved, || vec![large()]),
    closes("closed", Proper, Vec::new),
    closes("closed without notice", Abrupt, Vec::new),
    closes("reset", Reset, Vec::new),
    closes("408 and closed", Proper, || vec![timeout()]),
    closes("a refusal and closed", Abrupt, || vec![refusal()]),
];
