//! The secret of a new API key arrives in every form of a body, and no log shows it.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use factify_core::blocking::Client;
use factify_core::{BaseUrl, BearerToken, ClientConfig, OrganizationId, Proxy, RetryPolicy, Roots};
use factify_testkit::{Authority, tunnel};
use factify_ureq::UreqTransport;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

const BODY: &str = r#"{"api_key":{"id":"key_01h2xcejqtf2nbrexx3vqjhp41","organization_id":
    "org_01h2xcejqtf2nbrexx3vqjhp41","name":"n","key_prefix":"ffy_shown","is_active":true,
    "created_at":"2026-01-15T01:30:15Z"},"secret":"ffy_CANARYCANARY"}"#;

static LOG: Mutex<String> = Mutex::new(String::new());

struct Log;

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let mut log = LOG.lock().unwrap();
        log.push_str(&record.args().to_string());
        log.push('\n');
    }

    fn flush(&self) {}
}

/// The chunks of the body, each of this size.
fn chunks(size: usize) -> String {
    let chunks = BODY.as_bytes().chunks(size);
    let chunks = chunks.map(|chunk| format!("{:x}\r\n{}\r\n", chunk.len(), chunk.escape_ascii()));
    let chunks: String = chunks.collect();
    chunks.replace("\\\"", "\"").replace("\\n", "\n")
}

/// How the client is connected to the server.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Plain,
    Tls,
    TlsBehindProxy,
}

/// Sends this response to one request, in pieces of this size.
fn serve(response: String, piece: usize, tls: Option<ServerConfig>) -> BaseUrl {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let scheme = if tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut plain, _) = listener.accept().unwrap();
        plain.set_nodelay(true).unwrap();
        let Some(tls) = tls else {
            return respond(&mut plain, &response, piece);
        };
        let session = ServerConnection::new(Arc::new(tls)).unwrap();
        let mut stream = StreamOwned::new(session, plain);
        respond(&mut stream, &response, piece);
        stream.conn.send_close_notify();
        let _ = stream.flush();
    });
    url.parse().unwrap()
}

fn respond(stream: &mut (impl Read + Write), response: &str, piece: usize) {
    let mut request = Vec::new();
    let mut buffer = [0; 4_096];
    while !request.ends_with(b"}") {
        let read = stream.read(&mut buffer).unwrap();
        request.extend_from_slice(&buffer[..read]);
    }
    for bytes in response.as_bytes().chunks(piece) {
        stream.write_all(bytes).unwrap();
        stream.flush().unwrap();
        thread::sleep(Duration::from_micros(200));
    }
}

#[test]
fn a_secret_response_arrives_and_is_not_logged() {
    log::set_logger(&Log).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let ok = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let chunked = format!("{ok}transfer-encoding: chunked\r\n\r\n");
    let length = BODY.len();
    for (response, arrives) in [
        (format!("{ok}content-length: {length}\r\n\r\n{BODY}"), true),
        (
            format!("HTTP/1.1 103 Early\r\n\r\n{ok}content-length: {length}\r\n\r\n{BODY}"),
            true,
        ),
        (format!("{ok}\r\n{BODY}"), true),
        (format!("{chunked}{}0\r\n\r\n", chunks(1_000)), true),
        (format!("{chunked}{}0\r\nx: y\r\n\r\n", chunks(7)), true),
        (format!("{chunked}{}", chunks(7)), false),
        (format!("{ok}content-length: 1000\r\n\r\n{BODY}"), false),
        // An error that repeats a secret.
        (
            format!("HTTP/1.1 400 Bad Request\r\ncontent-length: {length}\r\n\r\n{BODY}"),
            false,
        ),
    ] {
        let ways = [Way::Plain, Way::Tls, Way::TlsBehindProxy];
        for (piece, way) in [1, 50, 10_000]
            .into_iter()
            .flat_map(|piece| ways.map(|way| (piece, way)))
        {
            let authority = Authority::new();
            let tls = (way != Way::Plain).then(|| authority.config("127.0.0.1", 2100));
            let proxy = match way {
                Way::TlsBehindProxy => Proxy::Url(format!("http://user:CANARY@{}", tunnel())),
                _ => Proxy::Direct,
            };
            let transport = UreqTransport::builder()
                .roots(Roots::Custom(vec![authority.certificate()]))
                .proxy(proxy);
            let config = ClientConfig::new(BearerToken::new("ffy_test_example").unwrap())
                .base_url(serve(response.clone(), piece, tls))
                .retry(RetryPolicy::never());
            let client = Client::new(transport.build().unwrap(), config);
            let organization = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
            let created = client.api_keys().create(organization, "n").send();
            let secret = created.as_ref().map(|created| created.secret.expose()).ok();
            let expected = arrives.then_some("ffy_CANARYCANARY");
            assert_eq!(
                secret, expected,
                "{response:?} {piece} {way:?}: {created:?}"
            );
        }
    }
    let log = LOG.lock().unwrap();
    assert!(
        log.contains("2a2a 2a2a"),
        "the placeholders are logged as bytes: {log}"
    );
    assert!(
        !log.contains("CANARY") && !log.contains("4341 4e41"),
        "{log}"
    );
}
