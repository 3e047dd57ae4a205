//! The server ends a stream, or announces the end of the connection.

use factify_testkit::fixtures::INVITE;

use super::{BROKEN, HARMLESS, LOST, REFUSED, REFUSED_THRICE, Row, Table};
use crate::peer::When::Always;
use crate::peer::{DATA, GOAWAY, LAST, RST_STREAM};

/// The codes of errors, and one that is not defined.
const CODES: [(&str, u32); 15] = [
    ("NO_ERROR", 0),
    ("PROTOCOL_ERROR", 1),
    ("INTERNAL_ERROR", 2),
    ("FLOW_CONTROL_ERROR", 3),
    ("SETTINGS_TIMEOUT", 4),
    ("STREAM_CLOSED", 5),
    ("FRAME_SIZE_ERROR", 6),
    ("REFUSED_STREAM", 7),
    ("CANCEL", 8),
    ("COMPRESSION_ERROR", 9),
    ("CONNECT_ERROR", 10),
    ("ENHANCE_YOUR_CALM", 11),
    ("INADEQUATE_SECURITY", 12),
    ("HTTP_1_1_REQUIRED", 13),
    ("an unknown code", 0xdead),
];
const NO_ERROR: u32 = 0;
const REFUSED_STREAM: u32 = 7;
const ENHANCE_YOUR_CALM: u32 = 11;

pub(super) fn resets(rows: &mut Vec<Row>) {
    for (name, code) in CODES {
        let refused = code == REFUSED_STREAM;
        let before = if refused { REFUSED } else { LOST };
        rows.on_request(
            format!("RST_STREAM before the head: {name}"),
            before,
            move |peer| {
                peer.reset(code);
            },
        );
        rows.on_request(
            format!("RST_STREAM after the head: {name}"),
            LOST,
            move |peer| {
                peer.head();
                peer.reset(code);
            },
        );
        rows.on_request(
            format!("RST_STREAM in the body: {name}"),
            LOST,
            move |peer| {
                peer.head();
                peer.part();
                peer.reset(code);
            },
        );
        rows.on_request(
            format!("RST_STREAM after the body: {name}"),
            HARMLESS,
            move |peer| {
                peer.success();
                peer.reset(code);
            },
        );
    }
    rows.row(
        "RST_STREAM always: REFUSED_STREAM",
        Always,
        REFUSED_THRICE,
        |peer| {
            peer.reset(REFUSED_STREAM);
        },
    );
    rows.on_request(
        "RST_STREAM after the whole JSON but not its end",
        LOST,
        |peer| {
            peer.head();
            peer.reply(DATA, 0, INVITE.as_bytes());
            peer.reset(NO_ERROR);
        },
    );
    rows.on_request(
        "RST_STREAM for a stream that was never opened",
        BROKEN,
        |peer| {
            peer.frame(RST_STREAM, 0, peer.stream + 100, &[0; 4]);
        },
    );
    rows.on_request("RST_STREAM for stream 0", BROKEN, |peer| {
        peer.frame(RST_STREAM, 0, 0, &[0; 4]);
    });
    rows.on_request("RST_STREAM of three bytes", BROKEN, |peer| {
        peer.reply(RST_STREAM, 0, &[0; 3]);
    });
}

pub(super) fn go_away_rows(rows: &mut Vec<Row>) {
    for (name, code) in CODES {
        rows.on_request(
            format!("GOAWAY below the request: {name}"),
            REFUSED,
            move |peer| {
                peer.go_away(peer.below(), code);
                peer.close();
            },
        );
        rows.on_request(
            format!("GOAWAY at the request, and close: {name}"),
            LOST,
            move |peer| {
                peer.go_away(peer.stream, code);
                peer.close();
            },
        );
        rows.on_request(
            format!("GOAWAY at the request, then the response: {name}"),
            HARMLESS,
            move |peer| {
                peer.go_away(peer.stream, code);
                peer.success();
            },
        );
        rows.after_body(format!("GOAWAY after the body: {name}"), move |peer| {
            peer.go_away(peer.stream, code);
        });
    }
}

pub(super) fn early_go_away_rows(rows: &mut Vec<Row>) {
    rows.row(
        "GOAWAY below every request",
        Always,
        REFUSED_THRICE,
        |peer| {
            peer.go_away(peer.below(), ENHANCE_YOUR_CALM);
            peer.close();
        },
    );
    rows.on_request("GOAWAY below the request, without close", REFUSED, |peer| {
        peer.go_away(peer.below(), NO_ERROR);
    });
    rows.on_request(
        "GOAWAY below the request, then its response",
        REFUSED,
        |peer| {
            peer.go_away(peer.below(), NO_ERROR);
            peer.success();
        },
    );
    rows.on_request(
        "GOAWAY of all streams, then the response",
        HARMLESS,
        |peer| {
            peer.go_away(LAST, NO_ERROR);
            peer.success();
        },
    );
    rows.on_request("GOAWAY of all streams, and close", LOST, |peer| {
        peer.go_away(LAST, NO_ERROR);
        peer.close();
    });
    rows.on_request(
        "GOAWAY of all streams, then below the request",
        REFUSED,
        |peer| {
            peer.go_away(LAST, NO_ERROR);
            peer.go_away(peer.below(), NO_ERROR);
            peer.close();
        },
    );
    rows.on_request(
        "GOAWAY below the request, then of all streams",
        REFUSED,
        |peer| {
            peer.go_away(peer.below(), NO_ERROR);
            peer.go_away(LAST, NO_ERROR);
        },
    );
}

pub(super) fn late_go_away_rows(rows: &mut Vec<Row>) {
    rows.on_request("GOAWAY below the request, after its head", LOST, |peer| {
        peer.head();
        peer.go_away(peer.below(), NO_ERROR);
        peer.close();
    });
    rows.on_request(
        "GOAWAY at the request, after its head, then the body",
        HARMLESS,
        |peer| {
            peer.head();
            peer.go_away(peer.stream, NO_ERROR);
            peer.body();
        },
    );
    rows.on_request(
        "GOAWAY at the request, in its body, then the rest",
        HARMLESS,
        |peer| {
            peer.head();
            peer.part();
            peer.go_away(peer.stream, NO_ERROR);
            peer.rest();
        },
    );
    rows.on_request(
        "GOAWAY at the request, in its body, and close",
        LOST,
        |peer| {
            peer.head();
            peer.part();
            peer.go_away(peer.stream, NO_ERROR);
            peer.close();
        },
    );
    rows.on_request(
        "GOAWAY at the request, then RST_STREAM: REFUSED_STREAM",
        REFUSED,
        |peer| {
            peer.go_away(peer.stream, NO_ERROR);
            peer.reset(REFUSED_STREAM);
        },
    );
    rows.after_body("GOAWAY after the body, and close", |peer| {
        peer.go_away(peer.stream, NO_ERROR);
        peer.close();
    });
    rows.on_request("GOAWAY on a stream", BROKEN, |peer| {
        peer.reply(GOAWAY, 0, &[0; 8]);
    });
    rows.on_request("GOAWAY of seven bytes", BROKEN, |peer| {
        peer.frame(GOAWAY, 0, 0, &[0; 7]);
    });
    rows.on_request(
        "GOAWAY below the request, with 10,000 bytes of words",
        REFUSED,
        |peer| {
            let mut payload = [0; 8].to_vec();
            payload.resize(10_000, b'x');
            peer.frame(GOAWAY, 0, 0, &payload);
        },
    );
}
