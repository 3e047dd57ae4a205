//! Odd heads of responses.

use factify_testkit::fixtures::INVITE;

use super::{BROKEN, HARMLESS, Row, Table};
use crate::peer::{
    CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PADDED, STATUS_200, field,
};

pub(super) fn fields(rows: &mut Vec<Row>) {
    for (name, block) in [
        ("an index that does not exist", vec![0xff, 0xff, 0x7f]),
        ("an index of 0", vec![0x80]),
        ("an endless integer", vec![0xff; 40]),
        (
            "a length over its end",
            [STATUS_200, &[0, 100, b'x']].concat(),
        ),
        (
            "broken Huffman code",
            [STATUS_200, &[0, 0x81, 0xff, 1, b'x']].concat(),
        ),
        (
            "a dynamic table over the limit",
            vec![0x3f, 0xff, 0xff, 0xff, 0x7f],
        ),
        ("no status", field("x", "y")),
        ("two statuses", [STATUS_200, STATUS_200].concat()),
        ("a status of two digits", field(":status", "99")),
        ("a status in words", field(":status", "good")),
        (
            "a status after a field",
            [&*field("x", "y"), STATUS_200].concat(),
        ),
        (
            "an unknown pseudo-header",
            [STATUS_200, &*field(":x", "y")].concat(),
        ),
        (
            "a name in upper case",
            [STATUS_200, &*field("X-Name", "y")].concat(),
        ),
        (
            "a name with a space",
            [STATUS_200, &*field("x y", "z")].concat(),
        ),
        ("an empty name", [STATUS_200, &*field("", "z")].concat()),
        (
            "a value with a line break",
            [STATUS_200, &*field("x", "y\r\nz: 1")].concat(),
        ),
        (
            "the field Connection",
            [STATUS_200, &*field("connection", "close")].concat(),
        ),
        (
            "chunked",
            [STATUS_200, &*field("transfer-encoding", "chunked")].concat(),
        ),
        (
            "a length that is too short",
            [STATUS_200, &*field("content-length", "5")].concat(),
        ),
        (
            "a length that is too long",
            [STATUS_200, &*field("content-length", "999")].concat(),
        ),
        (
            "a length in words",
            [STATUS_200, &*field("content-length", "five")].concat(),
        ),
    ] {
        rows.on_request(format!("HEADERS with {name}"), BROKEN, move |peer| {
            peer.reply(HEADERS, END_HEADERS, &block);
            peer.body();
        });
    }
}

pub(super) fn heads(rows: &mut Vec<Row>) {
    // Here h2 accepts what RFC 9113 forbids.
    rows.on_request(
        "HEADERS with a pseudo-header of requests",
        HARMLESS,
        |peer| {
            let block = [STATUS_200, &*field(":path", "/")].concat();
            peer.reply(HEADERS, END_HEADERS, &block);
            peer.body();
        },
    );
    rows.on_request("HEADERS 101 before the response", HARMLESS, |peer| {
        peer.reply(HEADERS, END_HEADERS, &field(":status", "101"));
        peer.success();
    });
    rows.on_request("HEADERS on stream 0", BROKEN, |peer| {
        peer.frame(HEADERS, END_HEADERS, 0, STATUS_200);
    });
    rows.on_request("HEADERS on a stream of the server", BROKEN, |peer| {
        peer.frame(HEADERS, END_HEADERS, 2, STATUS_200);
    });
    rows.on_request("HEADERS with more padding than bytes", BROKEN, |peer| {
        peer.reply(HEADERS, END_HEADERS | PADDED, &[9, 0x88]);
    });
    rows.on_request("HEADERS twice", BROKEN, |peer| {
        peer.head();
        peer.head();
        peer.body();
    });
    rows.on_request(
        "a few HEADERS of 1xx before the response",
        HARMLESS,
        |peer| {
            peer.reply(HEADERS, END_HEADERS, &field(":status", "100"));
            peer.reply(HEADERS, END_HEADERS, &field(":status", "103"));
            peer.success();
        },
    );
    rows.on_request("trailers", HARMLESS, |peer| {
        peer.head();
        peer.reply(DATA, 0, INVITE.as_bytes());
        peer.reply(HEADERS, END_HEADERS | END_STREAM, &field("x", "y"));
    });
    rows.on_request("trailers with a status", HARMLESS, |peer| {
        peer.head();
        peer.reply(DATA, 0, INVITE.as_bytes());
        peer.reply(HEADERS, END_HEADERS | END_STREAM, STATUS_200);
    });
    rows.on_request("HEADERS interrupted by DATA", BROKEN, |peer| {
        peer.reply(HEADERS, 0, STATUS_200);
        peer.body();
    });
    rows.on_request("CONTINUATION without HEADERS", BROKEN, |peer| {
        peer.reply(CONTINUATION, END_HEADERS, STATUS_200);
    });
    rows.on_request("CONTINUATION of another stream", BROKEN, |peer| {
        peer.reply(HEADERS, 0, STATUS_200);
        peer.frame(CONTINUATION, END_HEADERS, peer.stream + 2, &[]);
    });
    for (frames, expected) in [(3, HARMLESS), (30, BROKEN)] {
        rows.on_request(
            format!("HEADERS in {frames} frames"),
            expected,
            move |peer| {
                peer.reply(HEADERS, 0, STATUS_200);
                for _ in 2..frames {
                    peer.reply(CONTINUATION, 0, &field("x", "y"));
                }
                peer.reply(CONTINUATION, END_HEADERS, &[]);
                peer.body();
            },
        );
    }
}
