//! Code without a network: IDs, requests and responses.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fmt::Write;
use std::hint::black_box;

use factify_benches::by_hand::KEY;
use factify_benches::responses::{self, INVITE, ORGANIZATION, PlainEnvelope, PlainPage};
use factify_benches::side_by_side::SideBySide;
use factify_core::invites::{ListOrganizationInvites, RevokeOrganizationInvite};
use factify_core::{BaseUrl, BearerToken, InviteId, Operation, OrganizationId};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use uuid::Uuid;

const UUID: &str = "0188bac7-4afa-7bcd-b38e-9d1db7d0b201";

fn main() {
    factify_benches::cost::pin(0);
    let bench = SideBySide::from_args();
    ids(&bench);
    decode(&bench);
    encode(&bench);
}

fn repeat(times: u32, mut work: impl FnMut()) {
    for _ in 0..times {
        work();
    }
}

fn ids(bench: &SideBySide) {
    const TIMES: u32 = 1_000_000;
    let parse = |times| {
        repeat(times, || {
            let _ = black_box(InviteId::parse(black_box(INVITE)));
        });
    };
    bench.compare("read an ID (uuid's parse_str)", TIMES, parse, |times| {
        repeat(times, || {
            let _ = black_box(Uuid::parse_str(black_box(UUID)));
        });
    });
    bench.compare(
        "read an ID (table lookup of 26 bytes)",
        TIMES,
        parse,
        |times| {
            repeat(times, || {
                black_box(all_symbols(black_box(&INVITE[4..])));
            });
        },
    );
    let id = InviteId::literal(INVITE);
    let uuid: Uuid = UUID.parse().unwrap();
    let (mut ours, mut theirs) = ([0; InviteId::LEN], [0; 36]);
    bench.compare(
        "write an ID (uuid's encode_lower)",
        TIMES,
        |times| {
            repeat(times, || {
                ours.copy_from_slice(black_box(&id).as_str().as_bytes());
                black_box(&ours);
            });
        },
        |times| {
            repeat(times, || {
                black_box(black_box(&uuid).hyphenated().encode_lower(&mut theirs));
            });
        },
    );
    let (mut ours, mut theirs) = (String::with_capacity(64), String::with_capacity(64));
    bench.compare(
        "print an ID (uuid's Display)",
        TIMES,
        |times| repeat(times, || shown(&mut ours, black_box(&id))),
        |times| repeat(times, || shown(&mut theirs, black_box(&uuid))),
    );
}

fn shown(text: &mut String, value: &impl std::fmt::Display) {
    text.clear();
    write!(text, "{value}").unwrap();
    black_box(text);
}

/// The minimal check of a suffix.
fn all_symbols(suffix: &str) -> bool {
    const TABLE: [u8; 256] = {
        let symbols = b"0123456789abcdefghjkmnpqrstvwxyz";
        let mut table = [0xff; 256];
        let mut at = 0;
        while at < symbols.len() {
            table[symbols[at] as usize] = 0;
            at += 1;
        }
        table
    };
    let faults = suffix
        .bytes()
        .fold(0, |faults, byte| faults | TABLE[byte as usize]);
    suffix.len() == 26 && faults == 0
}

fn decode(bench: &SideBySide) {
    let (invite, page) = (responses::invite(), responses::page(1, 2));
    let revoke = |times| {
        repeat(times, || {
            black_box(RevokeOrganizationInvite::decode_body(black_box(&invite))).unwrap();
        });
    };
    bench.compare(
        "decode an invite (from_slice to Strings)",
        100_000,
        revoke,
        |times| {
            repeat(times, || {
                black_box(serde_json::from_slice::<PlainEnvelope>(black_box(&invite))).unwrap();
            });
        },
    );
    bench.compare(
        "decode an invite (from_str to Strings)",
        100_000,
        revoke,
        |times| {
            repeat(times, || {
                let text = std::str::from_utf8(black_box(&invite)).unwrap();
                black_box(serde_json::from_str::<PlainEnvelope>(text)).unwrap();
            });
        },
    );
    let list = |times| {
        repeat(times, || {
            black_box(ListOrganizationInvites::decode_body(black_box(&page))).unwrap();
        });
    };
    bench.compare(
        "decode a page (from_slice to Strings)",
        1_000,
        list,
        |times| {
            repeat(times, || {
                black_box(serde_json::from_slice::<PlainPage>(black_box(&page))).unwrap();
            });
        },
    );
    bench.compare(
        "decode a page (from_str to Strings)",
        1_000,
        list,
        |times| {
            repeat(times, || {
                let text = std::str::from_utf8(black_box(&page)).unwrap();
                black_box(serde_json::from_str::<PlainPage>(text)).unwrap();
            });
        },
    );
}

fn encode(bench: &SideBySide) {
    let base: BaseUrl = "https://api.factify.com".parse().unwrap();
    let key = BearerToken::new(KEY).unwrap();
    let organization = OrganizationId::literal(ORGANIZATION);
    let revoke = RevokeOrganizationInvite::new(organization, InviteId::literal(INVITE));
    let authorization = HeaderValue::from_str(&format!("Bearer {KEY}")).unwrap();
    bench.compare(
        "encode a revocation (http's builder)",
        100_000,
        |times| repeat(times, || drop(black_box(black_box(&revoke).encode(&base, &key)))),
        |times| {
            repeat(times, || {
                let (organization, invite) = (black_box(ORGANIZATION), black_box(INVITE));
                let url = format!(
                    "https://api.factify.com/v1beta/organizations/{organization}/invites/{invite}/revoke"
                );
                let request = http::Request::post(url)
                    .header(AUTHORIZATION, authorization.clone())
                    .header(ACCEPT, "application/json")
                    .header(USER_AGENT, "by-hand/1.0")
                    .header(CONTENT_TYPE, "application/json")
                    .body(bytes::Bytes::from_static(b"{}"));
                drop(black_box(request));
            });
        },
    );
}
