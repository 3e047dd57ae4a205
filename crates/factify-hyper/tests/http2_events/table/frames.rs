//! Odd frames, and floods of frames.

use super::{BOMB, BROKEN, DEAD, HARMLESS, LOST, Row, Table};
use crate::peer::{
    CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PADDED, PING, PRIORITY, PUSH_PROMISE,
    Peer, SETTINGS, STATUS_200, WINDOW_UPDATE, field,
};

const NO_ERROR: u32 = 0;

pub(super) fn frames(rows: &mut Vec<Row>) {
    rows.on_request("DATA before HEADERS", BROKEN, Peer::body);
    rows.on_request("DATA on stream 0", BROKEN, |peer| {
        peer.frame(DATA, 0, 0, &[0]);
    });
    rows.on_request("DATA on a stream that was never opened", BROKEN, |peer| {
        peer.frame(DATA, 0, peer.stream + 100, &[0]);
    });
    rows.on_request("DATA after the end", HARMLESS, |peer| {
        peer.success();
        peer.body();
    });
    rows.on_request("DATA with more padding than bytes", BROKEN, |peer| {
        peer.head();
        peer.reply(DATA, PADDED, &[9, 1]);
    });
    rows.on_request("DATA larger than a frame may be", BROKEN, |peer| {
        peer.head();
        peer.reply(DATA, 0, &vec![b' '; 1 << 20]);
    });
    rows.on_request("DATA over the limit of a response", BOMB, |peer| {
        peer.head();
        (0..5).all(|_| peer.reply(DATA, 0, &[b' '; 16 << 10]));
    });
    rows.on_request("PUSH_PROMISE", BROKEN, |peer| {
        peer.reply(
            PUSH_PROMISE,
            END_HEADERS,
            &[&[0, 0, 0, 2], STATUS_200].concat(),
        );
    });
    rows.on_request("PRIORITY on itself", BROKEN, |peer| {
        let mut payload = peer.stream.to_be_bytes().to_vec();
        payload.push(0);
        peer.reply(PRIORITY, 0, &payload);
        peer.success();
    });
    rows.on_request("PING on a stream", BROKEN, |peer| {
        peer.reply(PING, 0, &[0; 8]);
    });
    rows.on_request("PING of seven bytes", BROKEN, |peer| {
        peer.frame(PING, 0, 0, &[0; 7]);
    });
    rows.on_request("a pong of nothing", HARMLESS, |peer| {
        peer.frame(PING, END_STREAM, 0, &[7; 8]);
        peer.success();
    });
    rows.on_request("an unknown frame", HARMLESS, |peer| {
        peer.reply(0xee, 0xff, &[1, 2, 3]);
        peer.success();
    });
    rows.on_request("the reserved bit of a stream ID", HARMLESS, |peer| {
        peer.stream |= 1 << 31;
        peer.success();
    });
    rows.on_request("a response of HTTP/1.1", BROKEN, |peer| {
        peer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        peer.close();
    });
    rows.on_request("a frame of 16 MiB", BROKEN, |peer| {
        peer.write(&vec![0xff; 64 << 10]);
    });
}

pub(super) fn floods(rows: &mut Vec<Row>) {
    for (name, expected, kind, flags, on_stream, payload) in [
        ("PING", DEAD, PING, 0, false, vec![0; 8]),
        ("SETTINGS", DEAD, SETTINGS, 0, false, vec![]),
        (
            "WINDOW_UPDATE",
            DEAD,
            WINDOW_UPDATE,
            0,
            true,
            vec![0, 0, 0, 1],
        ),
        ("unknown frames", DEAD, 0xee, 0, true, vec![0; 100]),
        (
            "HEADERS of 1xx",
            DEAD,
            HEADERS,
            END_HEADERS,
            true,
            field(":status", "103"),
        ),
    ] {
        rows.on_request(format!("5,000 {name}"), expected, move |peer| {
            let stream = if on_stream { peer.stream } else { 0 };
            let mut frames = 0..5_000;
            if frames.all(|_| peer.frame(kind, flags, stream, &payload)) {
                peer.swallow();
            }
        });
    }
    rows.on_request("5,000 empty DATA", BROKEN, |peer| {
        peer.head();
        (0..5_000).all(|_| peer.reply(DATA, 0, &[]));
    });
    for payload in [field("x", "y"), Vec::new()] {
        let name = format!("5,000 CONTINUATION of {} bytes", payload.len());
        rows.on_request(name, BROKEN, move |peer| {
            peer.reply(HEADERS, 0, STATUS_200);
            (0..5_000).all(|_| peer.reply(CONTINUATION, 0, &payload));
        });
    }
    rows.on_request("100 RST_STREAM", LOST, |peer| {
        (0..100).for_each(|_| peer.reset(NO_ERROR));
    });
    rows.on_request("a head of 80 KiB", BROKEN, |peer| {
        peer.reply(HEADERS, 0, STATUS_200);
        for _ in 0..5 {
            peer.reply(
                CONTINUATION,
                0,
                &field("x-name", &"y".repeat(100)).repeat(148),
            );
        }
        peer.reply(CONTINUATION, END_HEADERS, &[]);
        peer.body();
    });
    rows.on_request("a head of 4 MiB in 5 KiB", BROKEN, |peer| {
        // The first field goes into the dynamic table, the others repeat it.
        let mut block = [STATUS_200, &[0x40, 1, b'x', 0x7f, 0xa1, 0x1e]].concat();
        block.extend([b'y'; 4_000]);
        block.extend([0xbe; 1_000]);
        peer.reply(HEADERS, END_HEADERS, &block);
        peer.body();
    });
}
