//! Logins at a SOCKS 5 proxy.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

/// The methods of RFC 1928.
pub(super) const NONE: u8 = 0;
pub(super) const LOGIN: u8 = 2;

/// The login in the URL, the method that the proxy chooses, and the login that it must get.
pub(super) struct Row {
    pub(super) in_url: &'static str,
    pub(super) method: u8,
    pub(super) login: Option<(&'static str, &'static str)>,
}

const fn row(in_url: &'static str, method: u8, login: Option<(&'static str, &'static str)>) -> Row {
    Row {
        in_url,
        method,
        login,
    }
}

pub(super) const ROWS: &[Row] = &[
    row("", NONE, None),
    row("user:CANARY@", LOGIN, Some(("user", "CANARY"))),
    // A proxy that needs no login gets none.
    row("user:CANARY@", NONE, None),
    row("user@", LOGIN, Some(("user", ""))),
    row("user:@", LOGIN, Some(("user", ""))),
    row("user@", NONE, None),
    row(":CANARY@", LOGIN, Some(("", "CANARY"))),
    row("user:CANARY:b@", LOGIN, Some(("user", "CANARY:b"))),
    row(
        "us%3Aer:CANARY%40%2f%23%25@",
        LOGIN,
        Some(("us:er", "CANARY@/#%")),
    ),
    row("%C3%BC%20%00:%F0%9F%94%91@", LOGIN, Some(("ü \0", "🔑"))),
    row(
        "us+er!$&'()*,;=~:CANARY+@",
        LOGIN,
        Some(("us+er!$&'()*,;=~", "CANARY+")),
    ),
];

/// A proxy for one connection. It chooses this method if it is offered, sends the login that it got, and
/// connects.
pub(super) fn proxy(method: u8) -> (SocketAddr, Receiver<Option<(String, String)>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (got, login) = channel();
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let connected = (|| {
            let [version, count] = array(&mut client)?;
            assert_eq!(version, 5);
            let offered = bytes(&mut client, count)?;
            if !offered.contains(&method) {
                client.write_all(&[5, 0xff])?;
                return Err(io::ErrorKind::Unsupported.into());
            }
            client.write_all(&[5, method])?;
            let mut login = None;
            if method == LOGIN {
                let [version, length] = array(&mut client)?;
                assert_eq!(version, 1);
                let user = bytes(&mut client, length)?;
                let [length] = array(&mut client)?;
                let password = bytes(&mut client, length)?;
                let text = |bytes| String::from_utf8(bytes).unwrap();
                login = Some((text(user), text(password)));
                client.write_all(&[1, 0])?;
            }
            let _ = got.send(login);
            let [5, 1, 0, 1, a, b, c, d, high, low] = array(&mut client)? else {
                panic!("the request is not for an IPv4 address");
            };
            let server = (Ipv4Addr::new(a, b, c, d), u16::from_be_bytes([high, low]));
            let server = TcpStream::connect(server)?;
            // The bound address is a name.
            client.write_all(&[5, 0, 0, 3, 1, b'p', 0, 1])?;
            io::Result::Ok(server)
        })();
        let Ok(mut server) = connected else { return };
        let (mut from_server, mut to_client) =
            (server.try_clone().unwrap(), client.try_clone().unwrap());
        std::thread::spawn(move || io::copy(&mut from_server, &mut to_client));
        let _ = io::copy(&mut client, &mut server);
    });
    (address, login)
}

fn array<const LENGTH: usize>(stream: &mut TcpStream) -> io::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn bytes(stream: &mut TcpStream, length: u8) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length.into()];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}
