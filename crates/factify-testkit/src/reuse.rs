//! Which connections are used again.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use factify_core::Roots;
use factify_core::blocking::Client;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::fixtures::{INVITE, ids, three_attempts};
use crate::tls::Authority;
use crate::transport::{Setup, TestTransport, build, url};

/// The calls, one after the other.
const CALLS: usize = 10;

/// What the server sends before the length of the body, and how many responses it sends on a connection.
const ROWS: &[(&str, usize)] = &[
    ("HTTP/1.1 200 OK\r\n", CALLS),
    ("HTTP/1.1 200 OK\r\nconnection: keep-alive\r\n", CALLS),
    ("HTTP/1.1 200 OK\r\n", 4),
    // Closed, at last without notice.
    ("HTTP/1.1 200 OK\r\nconnection: close\r\n", 1),
    ("HTTP/1.0 200 OK\r\n", 1),
    ("HTTP/1.1 200 OK\r\n", 1),
];

/// Without and with TLS.
pub fn a_connection_is_used_again_while_the_server_keeps_it<T: TestTransport>() {
    let authority = Authority::new();
    for (row, scheme) in ROWS
        .iter()
        .flat_map(|row| ["http", "https"].map(|it| (row, it)))
    {
        let (head, responses) = *row;
        let config = authority.config("127.0.0.1", 2100);
        let config = (scheme == "https").then_some(config);
        let (address, connections) = serve(head, responses, config);
        let roots = Roots::Custom(vec![authority.certificate()]);
        let transport = build::<T>(Setup::direct().roots(roots)).unwrap();
        let config = three_attempts(&url(scheme, address)).timeout(Duration::from_secs(20));
        let client = Client::new(transport, config);
        let (organization, invite) = ids();
        for _ in 0..CALLS {
            let call = client.organization(organization).invites().revoke(invite);
            call.send().unwrap();
            // Gives the transport time to take back the connection.
            std::thread::sleep(Duration::from_millis(20));
        }
        let found = connections.load(Ordering::SeqCst);
        let expected = CALLS.div_ceil(responses);
        // A transport that takes it back on another thread may be late once.
        let is_expected = (expected..=expected + 1).contains(&found) && found <= CALLS;
        assert!(is_expected, "{scheme}, {responses}, {found}: {head}");
    }
}

/// Closes each connection after this number of responses, and counts the connections with a request.
fn serve(
    head: &'static str,
    responses: usize,
    config: Option<ServerConfig>,
) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let config = config.map(Arc::new);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            let (config, counted) = (config.clone(), Arc::clone(&counted));
            std::thread::spawn(move || match config {
                None => respond(stream, head, responses, &counted),
                Some(config) => {
                    let session = ServerConnection::new(config).unwrap();
                    let mut stream = StreamOwned::new(session, stream);
                    respond(&mut stream, head, responses, &counted);
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                }
            });
        }
    });
    (address, connections)
}

fn respond(mut stream: impl Read + Write, head: &str, responses: usize, counted: &AtomicUsize) {
    for number in 0..responses {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n{}") {
            let mut byte = [0];
            if !matches!(stream.read(&mut byte), Ok(1)) {
                return;
            }
            request.extend(byte);
        }
        if number == 0 {
            counted.fetch_add(1, Ordering::SeqCst);
        }
        let length = INVITE.len();
        let _ = write!(stream, "{head}content-length: {length}\r\n\r\n{INVITE}");
        let _ = stream.flush();
    }
}
