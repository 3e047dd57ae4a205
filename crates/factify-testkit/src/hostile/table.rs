//! The hostile servers, each with the expected result.

use super::case::Server::{Absent, Asked, Connected};
use super::case::{CAP, Case, fails, succeeds};
use super::write::{
    arrived, compressed, drip, endless, fixed, gzip, head, padded, pause, reset, silence,
    with_field,
};
use crate::fixtures::INVITE;
use factify_core::ErrorKind::{
    Api, Connect, Decode, Interrupted, Malformed, Redirect, Timeout, TooLarge,
};
use factify_core::Outcome::{Applied, NotApplied, Unknown};

pub(super) const CASES: &[Case] = &[
    // The connection.
    fails("nothing listens", Absent, Connect, NotApplied, None, 3),
    fails(
        "closed with the request unread",
        Connected(|stream| arrived(stream)),
        Interrupted,
        Unknown,
        None,
        3,
    ),
    fails(
        "reset with the request unread",
        Connected(|stream| {
            arrived(stream);
            reset(stream);
        }),
        Interrupted,
        Unknown,
        None,
        3,
    ),
    fails(
        "closed after the request",
        Asked(|_| {}),
        Interrupted,
        Unknown,
        None,
        3,
    ),
    fails(
        "reset after the request",
        Asked(|stream| reset(stream)),
        Interrupted,
        Unknown,
        None,
        3,
    ),
    fails(
        "half closed after the request",
        Asked(|stream| {
            let _ = stream.shutdown(std::net::Shutdown::Write);
            silence(stream);
        }),
        Interrupted,
        Unknown,
        None,
        3,
    ),
    // Time.
    fails("silence", Asked(silence), Timeout, Unknown, None, 3),
    fails(
        "silence after the head",
        Asked(|stream| {
            head(stream, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n");
            silence(stream);
        }),
        Timeout,
        Unknown,
        Some(200),
        3,
    ),
    fails(
        "silence after the head of a 404",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\n\r\n",
            );
            silence(stream);
        }),
        Api,
        NotApplied,
        Some(404),
        1,
    ),
    fails(
        "a head byte by byte",
        Asked(|stream| {
            head(stream, "HTTP/1.1 200 OK\r\nx: ");
            drip(stream, b"x");
        }),
        Timeout,
        Unknown,
        None,
        3,
    ),
    fails(
        "a body byte by byte",
        Asked(|stream| {
            head(stream, "HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n");
            drip(stream, b" ");
        }),
        Timeout,
        Unknown,
        Some(200),
        3,
    ),
    // The head.
    fails(
        "not HTTP",
        Asked(|stream| head(stream, "SSH-2.0-OpenSSH_9.6\r\n\r\n")),
        Malformed,
        Unknown,
        None,
        3,
    ),
    fails(
        "an endless header",
        Asked(|stream| {
            head(stream, "HTTP/1.1 200 OK\r\nx: ");
            endless(stream, &[b'x'; 4096]);
        }),
        TooLarge,
        Unknown,
        None,
        1,
    ),
    fails(
        "10,000 headers",
        Asked(|stream| {
            head(stream, "HTTP/1.1 200 OK\r\n");
            for _ in 0..10_000 {
                head(stream, "x-header: value\r\n");
            }
            head(stream, "content-length: 0\r\n\r\n");
        }),
        TooLarge,
        Unknown,
        None,
        1,
    ),
    fails(
        "endless 1xx",
        Asked(|stream| endless(stream, b"HTTP/1.1 103 Early Hints\r\n\r\n")),
        TooLarge,
        Unknown,
        None,
        1,
    ),
    fails(
        "65 1xx before the response",
        Asked(|stream| {
            head(stream, &"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(65));
            fixed(stream, "200 OK", INVITE.as_bytes());
        }),
        TooLarge,
        Unknown,
        None,
        1,
    ),
    succeeds(
        "64 1xx before the response",
        Asked(|stream| {
            head(stream, &"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(64));
            fixed(stream, "200 OK", INVITE.as_bytes());
        }),
    ),
    succeeds(
        "a few 1xx before the response",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",
            );
            fixed(stream, "200 OK", INVITE.as_bytes());
        }),
    ),
    succeeds(
        "1xx with header fields before the response",
        Asked(|stream| {
            head(stream, "HTTP/1.1 100 Continue\r\ndate: now\r\nx: y\r\n\r\n");
            head(stream, "HTTP/1.1 102 Processing\r\nx: y\r\n\r\n");
            head(stream, "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");
            head(stream, "HTTP/1.1 199 Odd\r\nx: y\r\n\r\n");
            head(stream, "HTTP/1.1 100 Continue\r\nx: y\r\n\r\n");
            fixed(stream, "200 OK", INVITE.as_bytes());
        }),
    ),
    succeeds(
        "1xx that announce a body",
        Asked(|stream| {
            head(stream, "HTTP/1.1 100 Continue\r\ncontent-length: 9\r\n\r\n");
            head(stream, "HTTP/1.1 103 Hints\r\ncontent-length: 9\r\n\r\n");
            fixed(stream, "200 OK", INVITE.as_bytes());
        }),
    ),
    succeeds(
        "a 1xx with header fields in two parts",
        Asked(|stream| {
            head(stream, "HTTP/1.1 100 Con");
            pause();
            head(stream, "tinue\r\nx: y\r\n\r\nHTTP/1.1 200 OK\r\n");
            pause();
            let length = INVITE.len();
            head(stream, &format!("content-length: {length}\r\n\r\n{INVITE}"));
        }),
    ),
    fails(
        "a 1xx with header fields and nothing else",
        Asked(|stream| head(stream, "HTTP/1.1 100 Continue\r\nx: y\r\n\r\n")),
        Interrupted,
        Unknown,
        None,
        3,
    ),
    fails(
        "a body that looks like a 1xx",
        Asked(|stream| {
            head(stream, "HTTP/1.1 200 OK\r\ncontent-length: 25\r\n\r\n");
            pause();
            head(stream, "HTTP/1.1 100 Continue\r\n\r\n");
        }),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    fails(
        "a redirect",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
            );
        }),
        Redirect,
        Unknown,
        Some(307),
        1,
    ),
    // The body.
    succeeds(
        "a success",
        Asked(|stream| fixed(stream, "200 OK", INVITE.as_bytes())),
    ),
    succeeds(
        "a body of exactly the limit",
        Asked(|stream| padded(stream, CAP)),
    ),
    fails(
        "a body of one byte over the limit",
        Asked(|stream| padded(stream, CAP + 1)),
        TooLarge,
        Unknown,
        Some(200),
        1,
    ),
    fails(
        "a length over the limit, and no body",
        Asked(|stream| {
            let length = CAP + 1;
            head(
                stream,
                &format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n"),
            );
            silence(stream);
        }),
        TooLarge,
        Unknown,
        Some(200),
        1,
    ),
    fails(
        "a body of 1 GB",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n",
            );
            endless(stream, &[b' '; 4096]);
        }),
        TooLarge,
        Unknown,
        Some(200),
        1,
    ),
    fails(
        "endless chunks",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            );
            endless(stream, format!("400\r\n{:1024}\r\n", "").as_bytes());
        }),
        TooLarge,
        Unknown,
        Some(200),
        1,
    ),
    fails(
        "a fixed body cut off",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{\"invite\":",
            );
        }),
        Interrupted,
        Unknown,
        Some(200),
        3,
    ),
    fails(
        "a chunk cut off",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{\"invite\":",
            );
        }),
        Interrupted,
        Unknown,
        Some(200),
        3,
    ),
    fails(
        "complete JSON without the last chunk",
        Asked(|stream| {
            let start = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            head(
                stream,
                &format!("{start}{:x}\r\n{INVITE}\r\n", INVITE.len()),
            );
        }),
        Interrupted,
        Unknown,
        Some(200),
        3,
    ),
    fails(
        "the last chunk without its end",
        Asked(|stream| {
            let start = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            head(
                stream,
                &format!("{start}{:x}\r\n{INVITE}\r\n0\r\n", INVITE.len()),
            );
        }),
        Interrupted,
        Unknown,
        Some(200),
        3,
    ),
    succeeds(
        "a body until the end of the connection",
        Asked(|stream| head(stream, &format!("HTTP/1.1 200 OK\r\n\r\n{INVITE}"))),
    ),
    fails(
        "a body until the reset of the connection",
        Asked(|stream| {
            head(stream, &format!("HTTP/1.1 200 OK\r\n\r\n{INVITE}"));
            pause();
            reset(stream);
        }),
        Interrupted,
        Unknown,
        Some(200),
        3,
    ),
    fails(
        "a transfer coding that was not requested",
        Asked(|stream| {
            let start = "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n";
            head(
                stream,
                &format!("{start}{:x}\r\n{INVITE}\r\n0\r\n\r\n", INVITE.len()),
            );
        }),
        Malformed,
        Unknown,
        Some(200),
        3,
    ),
    fails(
        "the body of a 404 cut off",
        Asked(|stream| {
            head(
                stream,
                "HTTP/1.1 404 Not Found\r\ncontent-length: 400\r\n\r\n{",
            );
        }),
        Api,
        NotApplied,
        Some(404),
        1,
    ),
    fails(
        "compressed without a request for it",
        Asked(|stream| compressed(stream, "200 OK", &gzip(INVITE.as_bytes()))),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    Case {
        gzip: true,
        ..succeeds(
            "a compressed success",
            Asked(|stream| compressed(stream, "200 OK", &gzip(INVITE.as_bytes()))),
        )
    },
    Case {
        gzip: true,
        ..succeeds(
            "claims to be compressed but is not",
            Asked(|stream| compressed(stream, "200 OK", INVITE.as_bytes())),
        )
    },
    Case {
        gzip: true,
        ..fails(
            "100 MB in 100 KB",
            Asked(|stream| {
                let bomb = gzip(&vec![b' '; 1 << 20]).repeat(100);
                compressed(stream, "200 OK", &bomb);
            }),
            TooLarge,
            Unknown,
            Some(200),
            1,
        )
    },
    Case {
        gzip: true,
        ..fails(
            "compressed and cut off",
            Asked(|stream| {
                let whole = gzip(INVITE.as_bytes());
                compressed(stream, "200 OK", &whole[..whole.len() - 9]);
            }),
            Decode,
            Applied,
            Some(200),
            1,
        )
    },
    Case {
        gzip: true,
        ..fails(
            "a compressed 404",
            Asked(|stream| compressed(stream, "404 Not Found", &gzip(b"{\"code\":\"not_found\"}"))),
            Api,
            NotApplied,
            Some(404),
            1,
        )
    },
    // The content.
    succeeds(
        "another content type",
        Asked(|stream| {
            let length = INVITE.len();
            head(
                stream,
                &format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\r\n{INVITE}"
                ),
            );
        }),
    ),
    fails(
        "an empty success",
        Asked(|stream| fixed(stream, "200 OK", b"")),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    fails(
        "a success without content",
        Asked(|stream| head(stream, "HTTP/1.1 204 No Content\r\n\r\n")),
        Decode,
        Applied,
        Some(204),
        1,
    ),
    fails(
        "HTML as a success, with its content type",
        Asked(|stream| {
            let head_of_html = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n";
            head(
                stream,
                &format!("{head_of_html}content-length: 6\r\n\r\n<html>"),
            );
        }),
        Decode,
        Unknown,
        Some(200),
        1,
    ),
    fails(
        "HTML with the content type of JSON",
        Asked(|stream| {
            let head_of_json = "HTTP/1.1 200 OK\r\ncontent-type: Application/JSON ;x=y\r\n";
            head(
                stream,
                &format!("{head_of_json}content-length: 6\r\n\r\n<html>"),
            );
        }),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    fails(
        "HTML as a success",
        Asked(|stream| fixed(stream, "200 OK", b"<html>")),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    fails(
        "invalid UTF-8",
        Asked(|stream| fixed(stream, "200 OK", b"{\"invite\":\"\xff\"}")),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    fails(
        "a duplicate field",
        Asked(|stream| with_field(stream, r#""status":"pending""#)),
        Decode,
        Applied,
        Some(200),
        1,
    ),
    succeeds(
        "a number out of range in an unknown field",
        Asked(|stream| with_field(stream, r#""x":1e999"#)),
    ),
    succeeds(
        "100,000 open brackets in an unknown field",
        Asked(|stream| {
            with_field(
                stream,
                &format!("\"x\":{}{}", "[".repeat(100_000), "]".repeat(100_000)),
            );
        }),
    ),
    fails(
        "an empty 401",
        Asked(|stream| fixed(stream, "401 Unauthorized", b"")),
        Api,
        NotApplied,
        Some(401),
        1,
    ),
    fails(
        "HTML from a gateway",
        Asked(|stream| fixed(stream, "502 Bad Gateway", b"<html>")),
        Api,
        Unknown,
        Some(502),
        3,
    ),
    fails(
        "an undefined status",
        Asked(|stream| fixed(stream, "799 Odd", b"")),
        Api,
        Unknown,
        Some(799),
        1,
    ),
];
