//! Which servers a transport trusts.

mod authority;
mod servers;

use std::error::Error as _;
use std::iter::successors;
use std::net::SocketAddr;
use std::time::Duration;

use factify_core::blocking::Client;
use factify_core::{Error, ErrorKind, Outcome, Roots};

use crate::fixtures::{failed, ids, one_attempt};
use crate::transport::{Setup, TestTransport, build, url};
pub use authority::Authority;
pub(crate) use servers::tunnel;
use servers::{downgrade, self_signed};

fn call<T: TestTransport>(address: SocketAddr, roots: Roots) -> Error {
    let transport = build::<T>(Setup::direct().roots(roots)).unwrap();
    failed(transport, &url("https", address), Duration::from_secs(5))
}

/// It refuses another authority, another host and an expired certificate.
pub fn only_a_valid_certificate_of_a_trusted_authority_is_accepted<T: TestTransport>() {
    let authority = Authority::new();
    let ours = Roots::Custom(vec![authority.certificate()]);
    let stranger = Roots::Custom(vec![Authority::new().certificate()]);
    for (name, host, year, roots, kind) in [
        ("trusted", "127.0.0.1", 2100, ours.clone(), ErrorKind::Api),
        (
            "another authority",
            "127.0.0.1",
            2100,
            stranger,
            ErrorKind::Certificate,
        ),
        (
            "the web's authorities",
            "127.0.0.1",
            2100,
            Roots::WebPki,
            ErrorKind::Certificate,
        ),
        (
            "another host",
            "example.com",
            2100,
            ours.clone(),
            ErrorKind::Certificate,
        ),
        ("expired", "127.0.0.1", 2020, ours, ErrorKind::Certificate),
    ] {
        let error = call::<T>(authority.serve(host, year), roots);
        assert_eq!(
            (error.kind(), error.outcome()),
            (kind, Outcome::NotApplied),
            "{name}: {error:?}"
        );
        let mut causes = successors(error.source(), |cause| (*cause).source());
        let found = causes.any(|it| it.downcast_ref::<rustls::Error>().is_some());
        assert_eq!(found, kind == ErrorKind::Certificate, "{name}: {error:?}");
        assert!(!format!("{error:#?} {}", error.report()).contains("CANARY"));
    }
}

/// With any trusted roots.
pub fn a_self_signed_or_outdated_server_gets_no_request<T: TestTransport>() {
    let ours = || Roots::Custom(vec![Authority::new().certificate()]);
    for (address, roots, kind) in [
        (self_signed(), Roots::WebPki, ErrorKind::Certificate),
        (self_signed(), ours(), ErrorKind::Certificate),
        (downgrade(), ours(), ErrorKind::Connect),
    ] {
        let error = call::<T>(address, roots);
        assert_eq!(
            (error.kind(), error.outcome()),
            (kind, Outcome::NotApplied),
            "{error:?}"
        );
    }
}

/// With either time limit: for the connection or for the attempt.
pub fn a_server_that_does_not_finish_the_handshake_gets_no_request<T: TestTransport>() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (short, long) = (Duration::from_millis(200), Duration::from_secs(10));
    for (connecting, attempt) in [(short, long), (long, short)] {
        let transport = build::<T>(Setup::direct().connect_timeout(connecting)).unwrap();
        let client = Client::new(transport, one_attempt(&url("https", address), attempt));
        let invites = client.organization(ids().0).invites();
        let create = invites.create("a@example.com".parse().unwrap());
        let error = create.send().unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Timeout, Outcome::NotApplied),
            "{error:?}"
        );
    }
    drop(listener);
}

/// The server responds to the handshake with plain HTTP.
pub fn a_server_that_speaks_plaintext_gets_no_request<T: TestTransport>() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
        let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
    });
    let error = call::<T>(address, Roots::WebPki);
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Connect, Outcome::NotApplied)
    );
}
