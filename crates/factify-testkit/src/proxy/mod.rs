//! Proxies, and environments that name them.

mod environments;
mod no_way;
mod process;
mod socks;

use std::error::Error as StdError;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use factify_core::{ErrorKind, Outcome, Roots};

use crate::fixtures::failed;
use crate::servers::{nobody, silent};
use crate::tls::{Authority, tunnel};
use crate::transport::{Setup, TestTransport, build, url};
pub(crate) use process::{TRUST_THE_SYSTEM, in_a_process};

/// Words of the underlying libraries that do not help a user.
const INSIDES: [&str; 5] = [
    "client error",
    "timeout: ",
    "global",
    "elapsed",
    "CONNECT proxy failed",
];

/// A report repeats no line. If it shows a system error, the error is among the causes.
fn check_causes(error: &(dyn StdError + 'static), report: &str) {
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

/// Runs every row of the table: kind, outcome, report and causes.
pub fn the_error_names_a_failing_proxy_without_its_credentials<T: TestTransport>() {
    for way in no_way::no_ways() {
        let setup = Setup::direct().connect_timeout(way.connecting);
        let transport = build::<T>(setup.proxy(&way.url)).unwrap();
        let error = failed(transport, "https://api.example.com", way.attempt);
        let kind = if way.timed_out {
            ErrorKind::Timeout
        } else {
            ErrorKind::Connect
        };
        let report = error.report().to_string();
        let text = format!("{}: {report}", way.url);
        assert_eq!(
            (error.kind(), error.outcome()),
            (kind, Outcome::NotApplied),
            "{text}"
        );
        for expected in &way.said {
            assert!(report.contains(expected), "{expected}: {text}");
        }
        check_causes(&error, &report);
        assert!(!INSIDES.iter().any(|word| report.contains(word)), "{text}");
        let text = format!("{report}\n{error:#?}");
        assert!(!text.contains("CANARY"), "{text}");
    }
}

/// The report shows one cause, in the SDK's words.
pub fn a_timeout_has_no_other_cause<T: TestTransport>() {
    let transport = build::<T>(Setup::direct()).unwrap();
    let attempt = Duration::from_millis(200);
    let error = failed(transport, &url("http", silent()), attempt);
    let text = error.report().to_string();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Timeout, Outcome::Unknown),
        "{text}"
    );
    assert!(text.contains("no complete response within 200ms"), "{text}");
    assert!(
        text.contains("\n  because the attempt timed out\n"),
        "{text}"
    );
    assert_eq!(text.matches("because").count(), 1, "{text}");
}

/// A caller can find it by downcasting.
pub fn the_systems_error_is_among_the_causes<T: TestTransport>() {
    let transport = build::<T>(Setup::direct()).unwrap();
    for scheme in ["http", "https"] {
        let base_url = url(scheme, nobody());
        let error = failed(&transport, &base_url, Duration::from_secs(10));
        let text = error.report().to_string();
        assert!(text.contains("because Connection refused"), "{text}");
        check_causes(&error, &text);
    }
}

/// A SOCKS 5 proxy for one connection.
pub(crate) fn socks_proxy() -> SocketAddr {
    socks::proxy(socks::LOGIN).0
}

/// With credentials the proxy connects, without them it does not.
pub fn a_proxy_gets_its_credentials<T: TestTransport>() {
    let authority = Authority::new();
    for (credentials, kind) in [("user:CANARY@", ErrorKind::Api), ("", ErrorKind::Connect)] {
        let proxy = format!("http://{credentials}{}", tunnel());
        let roots = Roots::Custom(vec![authority.certificate()]);
        let transport = build::<T>(Setup::direct().proxy(proxy).roots(roots)).unwrap();
        let base_url = url("https", authority.serve("127.0.0.1", 2100));
        let error = failed(transport, &base_url, Duration::from_secs(5));
        assert_eq!(
            (error.kind(), error.outcome()),
            (kind, Outcome::NotApplied),
            "{error:?}"
        );
        assert!(!format!("{error:#?} {}", error.report()).contains("CANARY"));
    }
}

/// Runs every row of the table, with each way to look up the server's name.
pub fn a_socks_proxy_gets_the_login_of_the_url<T: TestTransport>() {
    let authority = Authority::new();
    for (row, scheme) in socks::ROWS
        .iter()
        .flat_map(|row| ["socks5", "socks5h"].map(|scheme| (row, scheme)))
    {
        let (address, login) = socks::proxy(row.method);
        let proxy = format!("{scheme}://{}{address}", row.in_url);
        let roots = Roots::Custom(vec![authority.certificate()]);
        let transport = build::<T>(Setup::direct().proxy(&proxy).roots(roots)).unwrap();
        let base_url = url("https", authority.serve("127.0.0.1", 2100));
        let error = failed(transport, &base_url, Duration::from_secs(10));
        assert_eq!(error.kind(), ErrorKind::Api, "{proxy}: {error:?}");
        let login = login.recv().unwrap();
        let login = login
            .as_ref()
            .map(|(user, password)| (user.as_str(), password.as_str()));
        assert_eq!(login, row.login, "{proxy}");
    }
}

/// When the transport is built, so no call fails because of it.
pub fn a_login_that_cannot_be_sent_is_refused<T: TestTransport>() {
    let (longest, too_long) = ("u".repeat(255), "u".repeat(256));
    for (url, is_accepted) in [
        (format!("socks5://{longest}:{longest}@p"), true),
        (format!("socks5://{too_long}:CANARY@p"), false),
        (format!("socks5h://user:{too_long}CANARY@p"), false),
        (format!("http://{too_long}:CANARY@p"), true),
        ("socks5://%ff:CANARY@p".to_owned(), false),
        ("http://user:CANARY%80@p".to_owned(), false),
    ] {
        let result = build::<T>(Setup::direct().proxy(&url));
        let shown = format!("{:?}", result.as_ref().err());
        assert!(
            result.is_ok() == is_accepted && !shown.contains("CANARY"),
            "{url}"
        );
    }
}

/// The error does not show the URL, because it may hold a password.
pub fn a_proxy_of_another_scheme_is_refused<T: TestTransport>() {
    for url in ["ftp://user:CANARY@127.0.0.1", "", "http://"] {
        let error = build::<T>(Setup::direct().proxy(url)).err().unwrap();
        assert!(!format!("{error} {error:?}").contains("CANARY"));
    }
}

/// Runs every row of the tables in a separate process.
pub fn an_environment_names_the_proxy_or_is_refused<T: TestTransport>() {
    environments::check_all::<T>("in_an_environment");
}

/// A call in the environment of this process, for the test above.
#[allow(clippy::print_stdout)] // That test reads it.
pub fn in_an_environment<T: TestTransport>() {
    let Ok(target) = std::env::var(process::TARGET) else {
        return;
    };
    let mut builder = T::builder();
    if std::env::var_os(TRUST_THE_SYSTEM).is_some() {
        builder = T::set(builder, Setup::direct().roots(Roots::Platform));
    }
    match T::build(builder) {
        Ok(transport) => {
            let base_url = format!("https://{target}");
            let error = failed(transport, &base_url, Duration::from_secs(10));
            println!("{}\n{error:?}", error.report());
        }
        Err(error) => println!("{error}\n{error:?}"),
    }
}
