use std::net::IpAddr;

use super::{ProxyLogin, ProxyRefusal};

const VERSION: u8 = 5;
const LOGIN_VERSION: u8 = 1;
const NO_LOGIN: u8 = 0;
const LOGIN: u8 = 2;
const NO_METHOD: u8 = 0xff;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// The client's side of SOCKS 5 (RFC 1928 and 1929) without I/O. Each step contains the bytes to send and the
/// number of bytes to receive, so it never reads a byte of the server behind the proxy.
///
/// With a login it also offers the method without a login, because the proxy may not need one.
#[derive(Debug)]
pub struct SocksHandshake {
    login: Option<ProxyLogin>,
    /// The address of the server in the proxy's form.
    server: Vec<u8>,
    awaits: Awaits,
}

/// One step of a [`SocksHandshake`].
#[derive(Debug, PartialEq, Eq)]
pub struct SocksStep {
    /// The bytes to send.
    pub send: Vec<u8>,
    /// The number of bytes to receive then.
    pub receive: usize,
}

#[derive(Debug)]
enum Awaits {
    Start,
    Method,
    Login,
    Reply,
    AddressType,
    NameLength,
    Address,
}

impl SocksHandshake {
    /// Starts a handshake. `host` is a name that the proxy looks up, or an address.
    ///
    /// # Errors
    /// If the name is too long.
    pub fn new(host: &str, port: u16, login: Option<ProxyLogin>) -> Result<Self, ProxyRefusal> {
        let bare = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        let mut server = match bare.unwrap_or(host).parse() {
            Ok(IpAddr::V4(address)) => [&[IPV4][..], &address.octets()].concat(),
            Ok(IpAddr::V6(address)) => [&[IPV6][..], &address.octets()].concat(),
            Err(_) => with_length(vec![NAME], host).ok_or(ProxyRefusal::HostTooLong)?,
        };
        server.extend(port.to_be_bytes());
        Ok(Self {
            login,
            server,
            awaits: Awaits::Start,
        })
    }

    /// Returns the next step after the bytes of the last one were received, or `None` at the end. Pass no
    /// bytes at the start.
    ///
    /// # Errors
    /// If the proxy refuses.
    pub fn next(&mut self, received: &[u8]) -> Result<Option<SocksStep>, ProxyRefusal> {
        let (send, receive, awaits) = match (&self.awaits, received) {
            (Awaits::Start, []) => {
                let methods: &[u8] = match self.login {
                    Some(_) => &[VERSION, 2, LOGIN, NO_LOGIN],
                    None => &[VERSION, 1, NO_LOGIN],
                };
                (methods.to_vec(), 2, Awaits::Method)
            }
            (Awaits::Method, [VERSION, NO_LOGIN]) | (Awaits::Login, [LOGIN_VERSION, 0]) => {
                let request = [&[VERSION, CONNECT, 0][..], &self.server].concat();
                (request, 2, Awaits::Reply)
            }
            (Awaits::Method, [VERSION, LOGIN]) => match &self.login {
                Some(login) => {
                    let message = with_length(vec![LOGIN_VERSION], &login.user)
                        .and_then(|message| with_length(message, &login.password))
                        .ok_or(ProxyRefusal::Login)?;
                    (message, 2, Awaits::Login)
                }
                None => return Err(ProxyRefusal::Login),
            },
            (Awaits::Method, [VERSION, NO_METHOD]) => {
                return Err(match self.login {
                    Some(_) => ProxyRefusal::Method,
                    None => ProxyRefusal::Login,
                });
            }
            (Awaits::Login, [LOGIN_VERSION, _]) => return Err(ProxyRefusal::Login),
            (Awaits::Reply, [VERSION, 0]) => (Vec::new(), 2, Awaits::AddressType),
            (Awaits::Reply, [VERSION, _]) => return Err(ProxyRefusal::Connection),
            // The address and the port that the proxy uses. They are not needed.
            (Awaits::AddressType, [0, IPV4]) => (Vec::new(), 4 + 2, Awaits::Address),
            (Awaits::AddressType, [0, IPV6]) => (Vec::new(), 16 + 2, Awaits::Address),
            (Awaits::AddressType, [0, NAME]) => (Vec::new(), 1, Awaits::NameLength),
            (Awaits::NameLength, [length]) => {
                (Vec::new(), usize::from(*length) + 2, Awaits::Address)
            }
            (Awaits::Address, _) => return Ok(None),
            _ => return Err(ProxyRefusal::Protocol),
        };
        self.awaits = awaits;
        Ok(Some(SocksStep { send, receive }))
    }
}

/// Adds a text after its length, if that fits into a byte.
fn with_length(mut message: Vec<u8>, text: &str) -> Option<Vec<u8>> {
    message.push(u8::try_from(text.len()).ok()?);
    message.extend(text.as_bytes());
    Some(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a handshake with what the proxy sends. Returns what the client sent, and the end.
    fn run(
        host: &str,
        login: Option<(&str, &str)>,
        mut sends: &[u8],
    ) -> (Vec<u8>, Option<ProxyRefusal>) {
        let login = login.map(|(user, password)| ProxyLogin {
            user: user.to_owned(),
            password: password.to_owned(),
        });
        let (mut sent, mut received) = (Vec::new(), &[][..]);
        let mut handshake = match SocksHandshake::new(host, 443, login) {
            Ok(handshake) => handshake,
            Err(refusal) => return (sent, Some(refusal)),
        };
        loop {
            match handshake.next(received) {
                Ok(Some(step)) => {
                    sent.extend(step.send);
                    let Some((part, rest)) = sends.split_at_checked(step.receive) else {
                        return (sent, Some(ProxyRefusal::NoResponse));
                    };
                    (received, sends) = (part, rest);
                }
                Ok(None) => {
                    assert!(sends.is_empty(), "bytes of the server are left: {sends:?}");
                    return (sent, None);
                }
                Err(refusal) => return (sent, Some(refusal)),
            }
        }
    }

    const GREETING: &[u8] = &[5, 1, 0];
    const WITH_LOGIN: &[u8] = &[5, 2, 2, 0];
    const USER: Option<(&str, &str)> = Some(("u", "pw"));
    const SENT_LOGIN: &[u8] = &[1, 1, b'u', 2, b'p', b'w'];
    const TO_P: &[u8] = &[5, 1, 0, 3, 1, b'p', 1, 187];
    const CONNECTED: &[u8] = &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0];

    /// The host, the login, what the proxy sends, what it gets, and how it ends.
    type Row<'a> = (
        &'a str,
        Option<(&'a str, &'a str)>,
        &'a [u8],
        &'a [&'a [u8]],
        Option<ProxyRefusal>,
    );

    fn check(rows: &[Row<'_>]) {
        for (host, login, sends, gets, end) in rows {
            let expected = (gets.concat(), *end);
            let found = run(host, *login, sends);
            assert_eq!(found, expected, "{host}, {login:?}: {sends:?}");
        }
    }

    #[test]
    fn the_proxy_gets_the_login_and_the_address_of_the_server() {
        let v4 = &[5, 1, 0, 1, 192, 0, 2, 7, 1, 187][..];
        let v6 = &[
            5, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 187,
        ][..];
        let bound_v6 = [&[5, 0, 5, 0, 0, 4][..], &[9; 18]].concat();
        let bound_name = &[5, 0, 5, 0, 0, 3, 3, 8, 8, 8, 9, 9];
        let at_once = [&[5, 0], CONNECTED].concat();
        let after_login = [&[5, 2, 1, 0], CONNECTED].concat();
        let longest = "n".repeat(255);
        let to_longest = [&[5, 1, 0, 3, 255], longest.as_bytes(), &[1, 187]].concat();
        check(&[
            ("p", None, &at_once, &[GREETING, TO_P], None),
            ("p", None, &bound_v6, &[GREETING, TO_P], None),
            ("p", None, bound_name, &[GREETING, TO_P], None),
            ("192.0.2.7", None, &at_once, &[GREETING, v4], None),
            ("[::1]", None, &at_once, &[GREETING, v6], None),
            (&longest, None, &at_once, &[GREETING, &to_longest], None),
            ("p", USER, &at_once, &[WITH_LOGIN, TO_P], None),
            (
                "p",
                USER,
                &after_login,
                &[WITH_LOGIN, SENT_LOGIN, TO_P],
                None,
            ),
        ]);
    }

    #[test]
    fn a_proxy_that_does_not_connect_says_why() {
        use ProxyRefusal::{Connection, HostTooLong, Login, Method, NoResponse, Protocol};
        let long = "n".repeat(256);
        let http = b"HTTP/1.1 400 Bad Request\r\n\r\n";
        check(&[
            (&long, None, &[], &[], Some(HostTooLong)),
            (
                "p",
                None,
                &[5, 0, 5, 1],
                &[GREETING, TO_P],
                Some(Connection),
            ),
            (
                "p",
                USER,
                &[5, 2, 1, 1],
                &[WITH_LOGIN, SENT_LOGIN],
                Some(Login),
            ),
            ("p", Some((&long, "")), &[5, 2], &[WITH_LOGIN], Some(Login)),
            ("p", Some(("", &long)), &[5, 2], &[WITH_LOGIN], Some(Login)),
            ("p", USER, &[5, 255], &[WITH_LOGIN], Some(Method)),
            ("p", None, &[5, 255], &[GREETING], Some(Login)),
            ("p", None, &[5, 2], &[GREETING], Some(Login)),
            // Another protocol, or a version of it.
            ("p", None, &[4, 0], &[GREETING], Some(Protocol)),
            ("p", None, &[5, 1], &[GREETING], Some(Protocol)),
            ("p", None, http, &[GREETING], Some(Protocol)),
            (
                "p",
                USER,
                &[5, 2, 5, 0],
                &[WITH_LOGIN, SENT_LOGIN],
                Some(Protocol),
            ),
            ("p", None, &[5, 0, 4, 0], &[GREETING, TO_P], Some(Protocol)),
            (
                "p",
                None,
                &[5, 0, 5, 0, 1, 1],
                &[GREETING, TO_P],
                Some(Protocol),
            ),
            (
                "p",
                None,
                &[5, 0, 5, 0, 0, 2],
                &[GREETING, TO_P],
                Some(Protocol),
            ),
            // Cut off.
            ("p", None, &[], &[GREETING], Some(NoResponse)),
            ("p", None, &[5, 0], &[GREETING, TO_P], Some(NoResponse)),
            (
                "p",
                None,
                &[5, 0, 5, 0, 0, 1, 9],
                &[GREETING, TO_P],
                Some(NoResponse),
            ),
        ]);
    }
}
