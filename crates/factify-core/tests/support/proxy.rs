//! Proxies that let nothing through, and environments. Shared by the tests of the transports.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

/// Nobody listens there until the process ends: it is the own end of a connection.
pub fn nobody() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let connection = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let address = connection.local_addr().unwrap();
    std::mem::forget((connection, listener));
    address
}

/// Gives one connection these answers, each after it has read a message.
fn answering(answers: &'static [&'static [u8]]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        for answer in answers {
            let (mut message, mut part) = (Vec::new(), [0; 4096]);
            // `CONNECT` comes in parts, what SOCKS and TLS say in one.
            while !matches!(message.first(), Some(1 | 5 | 22)) && !message.ends_with(b"\r\n\r\n") {
                let length = client.read(&mut part).unwrap();
                assert_ne!(length, 0, "{message:?}");
                message.extend(part.iter().take(length));
            }
            let _ = client.write_all(answer);
        }
        let _ = client.shutdown(std::net::Shutdown::Write);
        let _ = client.read(&mut [0; 4096]);
    });
    address
}

/// Accepts connections, and nothing more.
pub fn silent() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let _connections: Vec<_> = listener.incoming().collect();
    });
    address
}

/// A proxy through which there is no way, and what the report says of it.
pub struct NoWay {
    pub url: String,
    pub timed_out: bool,
    pub connecting: Duration,
    pub attempt: Duration,
    pub said: Vec<String>,
}

pub fn no_ways() -> Vec<NoWay> {
    const REFUSED: &str = "because Connection refused";
    const WANTS: &str = "because the proxy wants credentials";
    const PLAIN: &[u8] = b"HTTP/1.1 400 Bad Request\r\n\r\n";
    const CONNECTED: &[u8] = &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    let (short, long) = (Duration::from_millis(200), Duration::from_secs(10));
    let mut ways = Vec::new();
    for (scheme, address, cause) in [
        ("http://", nobody(), REFUSED),
        ("http://user:CANARY@", nobody(), REFUSED),
        ("socks5h://", nobody(), REFUSED),
        ("socks5h://user:CANARY@", nobody(), REFUSED),
        ("http://", answering(&[b"HTTP/1.1 407 No\r\n\r\n"]), WANTS),
        (
            "http://user:CANARY@",
            answering(&[b"HTTP/1.1 407 No\r\n\r\n"]),
            WANTS,
        ),
        ("socks5h://", answering(&[&[5, 0xff]]), WANTS),
        (
            "socks5h://user:CANARY@",
            answering(&[&[5, 0xff]]),
            "because the proxy takes none of the ways to log in that were offered",
        ),
        (
            "socks5h://user:CANARY@",
            answering(&[&[5, 2], &[1, 1]]),
            WANTS,
        ),
        (
            "http://user:CANARY@",
            answering(&[b"HTTP/1.1 403 CANARY\r\n\r\n"]),
            "because the proxy refused the connection",
        ),
        (
            "http://",
            answering(&[b""]),
            "because the proxy gave no response",
        ),
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
    // It lets the connection through, and what is behind it speaks no TLS.
    for (scheme, address) in [
        ("http://", answering(&[b"HTTP/1.1 200 OK\r\n\r\n", PLAIN])),
        ("socks5h://", answering(&[&[5, 0], CONNECTED, PLAIN])),
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
    // Too long for the name of a host, which is found without asking a server.
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

/// The words of the libraries below, which say nothing to a user.
pub const INSIDES: [&str; 5] = [
    "client error",
    "timeout: ",
    "global",
    "elapsed",
    "CONNECT proxy failed",
];

/// A report says nothing twice, and where it names the system's error a caller finds it.
pub fn check_causes(error: &(dyn Error + 'static), report: &str) {
    let mut lines: Vec<_> = report.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), report.lines().count(), "{report}");
    if report.contains("Connection refused") {
        let mut causes = std::iter::successors(Some(error), |cause| (*cause).source());
        let found = causes.find_map(|cause| cause.downcast_ref::<io::Error>());
        let kind = found.map(io::Error::kind);
        assert_eq!(kind, Some(io::ErrorKind::ConnectionRefused), "{report}");
    }
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    Direct,
    Through,
    /// It cannot be made, because of this variable.
    Refused(&'static str),
}

/// What becomes of a call in a process with these variables; `PROXY` stands for a proxy's address.
pub type Environment = (&'static [(&'static str, &'static str)], Way);

const ENVIRONMENTS: &[Environment] = &[
    (&[], Way::Direct),
    (&[("HTTPS_PROXY", "")], Way::Direct),
    (&[("HTTPS_PROXY", "http://PROXY")], Way::Through),
    (
        &[("HTTPS_PROXY", "http://user:CANARY@PROXY/")],
        Way::Through,
    ),
    (&[("HTTPS_PROXY", "PROXY")], Way::Through),
    (
        &[("HTTPS_PROXY", "socks5://user:CANARY@PROXY")],
        Way::Through,
    ),
    (&[("https_proxy", "http://PROXY")], Way::Through),
    (
        &[("HTTPS_PROXY", ""), ("https_proxy", "http://PROXY")],
        Way::Through,
    ),
    (&[("ALL_PROXY", "http://PROXY")], Way::Through),
    (&[("all_proxy", "socks5h://PROXY")], Way::Through),
    (
        &[("HTTPS_PROXY", "PROXY/CANARY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    // Only that of `https` requests, which a client of a CGI server cannot set.
    (&[("HTTP_PROXY", "http://PROXY")], Way::Direct),
    (&[("http_proxy", "ftp://PROXY")], Way::Direct),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("REQUEST_METHOD", "GET")],
        Way::Through,
    ),
    (
        &[("HTTPS_PROXY", "ftp://PROXY"), ("REQUEST_METHOD", "GET")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("ALL_PROXY", "ftp://PROXY"),
        ],
        Way::Through,
    ),
    (
        &[
            ("https_proxy", "ftp://PROXY"),
            ("ALL_PROXY", "http://PROXY"),
        ],
        Way::Refused("https_proxy"),
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "a,127.0.0.1")],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("no_proxy", "127.0.0.1")],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "example.com")],
        Way::Through,
    ),
    (
        &[("HTTPS_PROXY", "ftp://user:CANARY@PROXY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[("HTTPS_PROXY", "garbage::CANARY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[("HTTPS_PROXY", "http//PROXY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[("HTTPS_PROXY", "nonsense:://CANARY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[("HTTPS_PROXY", "http://user:CANARY@127.0.0.1:99999")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[("https_proxy", "ftp://PROXY")],
        Way::Refused("https_proxy"),
    ),
    (&[("ALL_PROXY", "ftp://PROXY")], Way::Refused("ALL_PROXY")),
    (&[("all_proxy", "ftp://PROXY")], Way::Refused("all_proxy")),
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("https_proxy", "ftp://PROXY"),
        ],
        Way::Through,
    ),
    (
        &[("HTTPS_PROXY", "ftp://PROXY"), ("NO_PROXY", "*")],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "a, *")],
        Way::Direct,
    ),
];

/// The same of the target `localhost`.
const NAMED: &[Environment] = &[
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("NO_PROXY", ""),
            ("no_proxy", "localhost"),
        ],
        Way::Direct,
    ),
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("NO_PROXY", "a, localhost"),
        ],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "a, *")],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "host")],
        Way::Through,
    ),
];

/// Of a host that there is not.
const BELOW: &[Environment] = &[
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("NO_PROXY", ".factify.invalid"),
        ],
        Way::Direct,
    ),
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("NO_PROXY", "tify.invalid,a.api.factify.invalid"),
        ],
        Way::Through,
    ),
];

/// The target of the call in a process of its own.
pub const TARGET: &str = "FACTIFY_TEST_TARGET";

/// Runs the ignored test `name` in each environment, these included, and reads what it prints: the
/// error.
pub fn check_environments(name: &str, more: &[Environment]) {
    let (proxy, target) = (nobody().to_string(), nobody().to_string());
    let local = target.replace("127.0.0.1", "localhost");
    let with = |target: &str, table: &[Environment]| {
        for (variables, way) in table {
            check(name, &proxy, target, variables, *way);
        }
    };
    with(&target, ENVIRONMENTS);
    with(&target, more);
    with(&local, NAMED);
    // Which no resolver asks for.
    with(&format!("{}.factify.invalid", "n".repeat(64)), BELOW);
}

fn check(name: &str, proxy: &str, target: &str, variables: &[(&str, &str)], way: Way) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", name, "--ignored", "--nocapture"]);
    for variable in [
        "ALL_PROXY",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "NO_PROXY",
        "REQUEST_METHOD",
    ] {
        command.env_remove(variable);
        command.env_remove(variable.to_ascii_lowercase());
    }
    for (variable, value) in variables {
        command.env(variable, value.replace("PROXY", proxy));
    }
    let output = command.env(TARGET, target).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let what = format!("{variables:?}, {way:?}: {said}");
    assert!(
        output.status.success() && !said.contains("CANARY"),
        "{what}"
    );
    let (through, reached) = (
        said.contains(&format!("through the proxy {proxy}\n")),
        said.contains("could not be reached") && said.contains("because Connection refused"),
    );
    // Where a name leads, and how it fails there, is the machine's.
    let reached_for = reached || !target.starts_with("127.");
    match way {
        Way::Direct => assert!(reached_for && !said.contains("the proxy"), "{what}"),
        Way::Through => assert!(reached_for && through, "{what}"),
        Way::Refused(variable) => {
            let named = format!("the environment variable {variable} cannot be used: ");
            assert!(said.contains(&named), "{what}");
            assert!(!said.contains(proxy) && !reached, "{what}");
        }
    }
}
