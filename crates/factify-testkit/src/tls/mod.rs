//! Which servers a transport trusts.

mod authority;
mod broken;
mod platform;
mod servers;

use std::error::Error as _;
use std::iter::successors;
use std::net::SocketAddr;
use std::time::Duration;

use factify_core::blocking::Client;
use factify_core::{Error, ErrorKind, Outcome, Roots};

use crate::fixtures::{failed, ids, one_attempt, three_attempts};
use crate::proxy::{TRUST_THE_SYSTEM, in_a_process};
use crate::transport::{Setup, TestTransport, build, url};
pub use authority::Authority;
use platform::End;
pub use servers::tunnel;
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

/// A TLS error after the handshake is a broken connection like any other: the request may have been
/// carried out, and the call is sent again only if it is idempotent.
pub fn a_session_that_breaks_is_a_broken_connection<T: TestTransport>() {
    let authority = Authority::new();
    let versions = [&rustls::version::TLS13, &rustls::version::TLS12];
    for (how, version) in broken::breaks().flat_map(|how| versions.map(|it| (how, it))) {
        let config = authority.config_of(&[version], "127.0.0.1", 2100);
        let address = broken::serve(config, &how);
        let roots = Roots::Custom(vec![authority.certificate()]);
        let transport = build::<T>(Setup::direct().roots(roots)).unwrap();
        let config = three_attempts(&url("https", address)).timeout(Duration::from_secs(20));
        let client = Client::new(transport, config);
        let (organization, invite) = ids();
        let call = client.organization(organization).invites().revoke(invite);
        let error = call.send().unwrap_err();
        let found = (error.kind(), error.outcome(), error.attempts());
        let expected = (ErrorKind::Interrupted, Outcome::Unknown, 3);
        assert_eq!(found, expected, "{}: {error:?}", how.name);
    }
}

/// When the transport is built, so no call fails because of them.
pub fn unusable_authorities_are_refused<T: TestTransport>() {
    let good = Authority::new().certificate();
    let but = |change: fn(&mut Vec<u8>)| {
        let mut certificate = good.clone();
        change(&mut certificate);
        certificate
    };
    let accepted = Roots::Custom(vec![good.clone(), Authority::new().certificate()]);
    assert!(build::<T>(Setup::direct().roots(accepted)).is_ok());
    for (name, certificates) in [
        ("none", vec![]),
        ("empty", vec![vec![]]),
        ("not DER", vec![b"no certificate".to_vec()]),
        ("PEM", vec![platform::pem(&Authority::new()).into_bytes()]),
        ("cut off", vec![but(|it| it.truncate(it.len() - 1))]),
        ("followed by a byte", vec![but(|it| it.push(0))]),
        ("two in one", vec![but(|it| it.extend_from_within(..))]),
        ("the second is unusable", vec![good.clone(), b"no".to_vec()]),
    ] {
        let error = build::<T>(Setup::direct().roots(Roots::Custom(certificates)));
        let error = error.err().unwrap_or_else(|| panic!("{name}"));
        assert!(
            error.to_string().contains("Roots::Custom"),
            "{name}: {error}"
        );
        let reason = error.source().map(ToString::to_string);
        assert_eq!(reason.is_none(), name == "none", "{name}: {reason:?}");
    }
}

/// Runs every row of the table in a separate process, because the variables are the process's.
pub fn the_authorities_of_the_system_are_trusted_or_their_absence_is_reported<T: TestTransport>() {
    let authority = Authority::new();
    for (variable, store, end) in platform::Stores::new(&authority).rows() {
        let target = authority.serve("127.0.0.1", 2100).to_string();
        let store = store.to_str().unwrap();
        let variables = [(variable, store), (TRUST_THE_SYSTEM, "1")];
        let said = in_a_process("in_an_environment", &target, &variables);
        let expected = match end {
            End::Reached => "status 404",
            End::NotTrusted => "the server's certificate was refused",
            End::Empty => "the system's store of certificate authorities is empty",
        };
        assert!(said.contains(expected), "{variable}, {store}: {said}");
    }
}
