//! Proxies that do not connect.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use crate::servers::{nobody, silent};

/// A proxy that does not connect, and the expected texts of the report.
pub(super) struct NoWay {
    pub(super) url: String,
    pub(super) timed_out: bool,
    pub(super) connecting: Duration,
    pub(super) attempt: Duration,
    pub(super) said: Vec<String>,
}

pub(super) fn no_ways() -> Vec<NoWay> {
    const REFUSED: &str = "because Connection refused";
    const WANTS: &str = "because the proxy requires credentials";
    const SILENT: &str = "because the proxy did not respond";
    const PLAIN: &[u8] = b"HTTP/1.1 400 Bad Request\r\n\r\n";
    const CONNECTED: &[u8] = &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    let (short, long) = (Duration::from_millis(200), Duration::from_secs(10));
    let mut ways = Vec::new();
    for (scheme, address, cause) in [
        ("http://", nobody(), REFUSED),
        ("http://user:CANARY@", nobody(), REFUSED),
        ("socks5h://", nobody(), REFUSED),
        ("socks5h://user:CANARY@", nobody(), REFUSED),
        ("http://", responding(&[b"HTTP/1.1 407 No\r\n\r\n"]), WANTS),
        (
            "http://user:CANARY@",
            responding(&[b"HTTP/1.1 407 No\r\n\r\n"]),
            WANTS,
        ),
        ("socks5h://", responding(&[&[5, 0xff]]), WANTS),
        (
            "socks5h://user:CANARY@",
            responding(&[&[5, 0xff]]),
            "because the proxy accepts none of the offered authentication methods",
        ),
        (
            "socks5h://user:CANARY@",
            responding(&[&[5, 2], &[1, 1]]),
            WANTS,
        ),
        (
            "http://user:CANARY@",
            responding(&[b"HTTP/1.1 403 CANARY\r\n\r\n"]),
            "because the proxy refused the connection",
        ),
        ("http://", responding(&[b""]), SILENT),
        ("socks5h://", responding(&[b""]), SILENT),
    ] {
        ways.push(NoWay {
            url: format!("{scheme}{address}"),
            timed_out: false,
            connecting: long,
            attempt: long,
            said: vec![
                format!("no connection could be made through the proxy {address}\n"),
                cause.to_owned(),
            ],
        });
    }
    // The proxy connects, but the server behind it does not use TLS.
    for (scheme, address) in [
        ("http://", responding(&[b"HTTP/1.1 200 OK\r\n\r\n", PLAIN])),
        ("socks5h://", responding(&[&[5, 0], CONNECTED, PLAIN])),
    ] {
        ways.push(NoWay {
            url: format!("{scheme}{address}"),
            timed_out: false,
            connecting: long,
            attempt: long,
            said: vec![format!(
                "the TLS handshake failed through the proxy {address}\n"
            )],
        });
    }
    for (connecting, attempt) in [(short, long), (long, short)] {
        for scheme in ["http://user:CANARY@", "socks5h://"] {
            let address = silent();
            let mut said = vec![format!(
                "the attempt timed out through the proxy {address}\n"
            )];
            if connecting == short {
                said.push("because no connection within 200ms\n".to_owned());
            }
            ways.push(NoWay {
                url: format!("{scheme}{address}"),
                timed_out: true,
                connecting,
                attempt,
                said,
            });
        }
    }
    // Too long for a host name, so it fails without a query.
    let nowhere = format!("{}:3128", "n".repeat(64));
    ways.push(NoWay {
        url: format!("http://user:CANARY@{nowhere}"),
        timed_out: false,
        connecting: long,
        attempt: long,
        said: vec![format!(
            "the host name of the proxy {nowhere} could not be resolved\n"
        )],
    });
    ways
}

/// Accepts one connection. Sends each of these responses after it reads a message.
fn responding(responses: &'static [&'static [u8]]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        for response in responses {
            let (mut message, mut part) = (Vec::new(), [0; 4096]);
            // A `CONNECT` request arrives in parts, a SOCKS or TLS message in one.
            while !matches!(message.first(), Some(1 | 5 | 22)) && !message.ends_with(b"\r\n\r\n") {
                let length = client.read(&mut part).unwrap();
                assert_ne!(length, 0, "{message:?}");
                message.extend(part.iter().take(length));
            }
            let _ = client.write_all(response);
        }
        let _ = client.shutdown(std::net::Shutdown::Write);
        let _ = client.read(&mut [0; 4096]);
    });
    address
}
