//! The server closes, keeps silent, or changes the settings and windows of the connection.

use std::time::Duration;

use super::{BROKEN, DEAD, DEAD_LATER, HARMLESS, LOST, Row, Table};
use crate::peer::When::{Asked, Connected, Settings};
use crate::peer::{DATA, END_STREAM, LAST, Peer, SETTINGS, WINDOW_UPDATE};

const NO_ERROR: u32 = 0;

pub(super) fn closes(rows: &mut Vec<Row>) {
    type Close = fn(&mut Peer);
    let closes: [(&str, Close); 3] = [
        ("close", Peer::close),
        ("close without notice", Peer::cut),
        ("reset", Peer::abort),
    ];
    for (name, close) in closes {
        rows.on_request(format!("{name} before the head"), LOST, close);
        rows.on_request(format!("{name} after the head"), LOST, move |peer| {
            peer.head();
            close(peer);
        });
        rows.on_request(format!("{name} in the body"), LOST, move |peer| {
            peer.head();
            peer.part();
            close(peer);
        });
        rows.on_request(format!("{name} in a frame"), LOST, move |peer| {
            peer.head();
            peer.write(&[0, 1, 0, DATA]);
            close(peer);
        });
    }
    rows.after_body("close after the body", Peer::close);
    rows.after_body("close without notice after the body", Peer::cut);
}

pub(super) fn dead_paths(rows: &mut Vec<Row>) {
    rows.row("dead from the start", Connected, DEAD, Peer::swallow);
    rows.row(
        "only pings from the start",
        Connected,
        DEAD,
        Peer::only_pings,
    );
    rows.on_request("dead before the head", DEAD, Peer::swallow);
    rows.on_request("only pings before the head", DEAD, Peer::only_pings);
    rows.on_request("dead after the head", DEAD, |peer| {
        peer.head();
        peer.swallow();
    });
    rows.on_request("only pings in the body", DEAD, |peer| {
        peer.head();
        peer.part();
        peer.only_pings();
    });
    rows.on_request("dead in a frame", DEAD, |peer| {
        peer.head();
        peer.write(&[0, 1, 0, DATA]);
        peer.swallow();
    });
    rows.on_request("dead after GOAWAY at the request", DEAD, |peer| {
        peer.go_away(peer.stream, NO_ERROR);
        peer.swallow();
    });
    rows.on_request("dead after a first call", DEAD_LATER, |peer| {
        peer.success();
        peer.swallow();
    });
    rows.on_request("only pings after a first call", DEAD_LATER, |peer| {
        peer.success();
        peer.only_pings();
    });
    rows.on_request("reads nothing after a first call", DEAD_LATER, |peer| {
        peer.success();
        std::thread::sleep(Duration::from_secs(600));
    });
}

pub(super) fn settings(rows: &mut Vec<Row>) {
    const PUSH: u16 = 2;
    const STREAMS: u16 = 3;
    const WINDOW: u16 = 4;
    for (name, expected, setting) in [
        ("a header table of 0", HARMLESS, (1, 0)),
        ("a header table of 4 GiB", HARMLESS, (1, u32::MAX)),
        ("push", BROKEN, (PUSH, 2)),
        ("1 stream", HARMLESS, (STREAMS, 1)),
        ("4 Gi streams", HARMLESS, (STREAMS, u32::MAX)),
        ("a window of 2 GiB", BROKEN, (WINDOW, 1 << 31)),
        ("a window of 2 GiB - 1", HARMLESS, (WINDOW, LAST)),
        ("frames of 100 bytes", BROKEN, (5, 100)),
        ("frames of 16 MiB", BROKEN, (5, 1 << 24)),
        ("heads of 0 bytes", HARMLESS, (6, 0)),
        ("an unknown id", HARMLESS, (0xabcd, 7)),
    ] {
        for when in [Settings, Asked] {
            let name = format!("SETTINGS, {when:?}: {name}");
            rows.row(name, when, expected, move |peer| {
                peer.settings(&[setting]);
                peer.success();
            });
        }
    }
    rows.row("no SETTINGS", Settings, HARMLESS, Peer::success);
    rows.on_request("SETTINGS of a thousand values", HARMLESS, |peer| {
        peer.settings(&[(STREAMS, 100); 1_000]);
        peer.success();
    });
    rows.on_request("SETTINGS of five bytes", BROKEN, |peer| {
        peer.frame(SETTINGS, 0, 0, &[0; 5]);
    });
    rows.on_request("SETTINGS on a stream", BROKEN, |peer| {
        peer.reply(SETTINGS, 0, &[]);
    });
    rows.on_request("an ACK with SETTINGS", BROKEN, |peer| {
        peer.frame(SETTINGS, END_STREAM, 0, &[0; 6]);
    });
    rows.on_request("an ACK of nothing", BROKEN, |peer| {
        peer.frame(SETTINGS, END_STREAM, 0, &[]);
    });
    rows.on_request("SETTINGS: no stream any more", DEAD_LATER, |peer| {
        peer.settings(&[(STREAMS, 0)]);
        peer.success();
    });
    rows.on_request("SETTINGS: a window of 0", DEAD_LATER, |peer| {
        peer.settings(&[(WINDOW, 0)]);
        peer.success();
    });
}

pub(super) fn windows(rows: &mut Vec<Row>) {
    rows.on_request("WINDOW_UPDATE of 0 on the stream", BROKEN, |peer| {
        peer.window_update(peer.stream, 0);
    });
    rows.on_request("WINDOW_UPDATE of 0 on the connection", BROKEN, |peer| {
        peer.window_update(0, 0);
    });
    rows.on_request("WINDOW_UPDATE overflows the stream", HARMLESS, |peer| {
        peer.window_update(peer.stream, LAST);
        peer.success();
    });
    rows.on_request("WINDOW_UPDATE overflows the connection", BROKEN, |peer| {
        peer.window_update(0, LAST);
    });
    rows.on_request(
        "WINDOW_UPDATE on a stream that was never opened",
        BROKEN,
        |peer| {
            peer.window_update(peer.stream + 100, 1);
        },
    );
    rows.on_request("WINDOW_UPDATE of three bytes", BROKEN, |peer| {
        peer.reply(WINDOW_UPDATE, 0, &[0; 3]);
    });
    rows.on_request("WINDOW_UPDATE after the body", HARMLESS, |peer| {
        peer.success();
        peer.window_update(peer.stream, 1);
    });
}
