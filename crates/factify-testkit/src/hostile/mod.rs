//! What a server can do to a call.

mod case;
mod meter;
mod serve;
mod table;
mod write;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use factify_core::{ClientConfig, Error, ErrorKind, Outcome};

use crate::fixtures::{ids, three_attempts};
use crate::transport::{TestTransport, direct, url};
use case::{CAP, Case, LONG, SHORT, Server};
use meter::Meter;
use serve::{closes_idle_connections, redirects, serve};

/// How much memory a call may take on top of what the test has, in KB.
const MEMORY: u64 = 16 << 10;

fn config(address: SocketAddr) -> ClientConfig {
    let config = three_attempts(&url("http", address));
    config.timeout(LONG).max_response_bytes(CAP)
}

/// Runs every row of the table, and prints what became of it.
pub fn each_hostile_server_has_its_kind_outcome_attempts_time_and_memory<T: TestTransport>() {
    for case in table::CASES {
        let (address, requests) = serve(case);
        let client = direct::<T>(config(address).timeout(case.timeout()).gzip(case.gzip));
        let (organization, invite) = ids();
        let invites = client.organization(organization).invites();
        let meter = Meter::start();
        let result = invites.revoke(invite).send().map(drop);
        check(case, &meter, &requests, result);
    }
}

/// Prints the row of a case, and holds it against what is expected.
#[allow(clippy::print_stdout)] // It is a table to look at.
fn check(case: &Case, meter: &Meter, requests: &AtomicU32, result: Result<(), Error>) {
    let (elapsed, memory) = meter.read();
    let attempts = match &result {
        Ok(()) => requests.load(Ordering::SeqCst),
        Err(error) => error.attempts(),
    };
    let found = result.err().map(|error| {
        let shown = format!("{error} {error:?} {error:#?} {}", error.report());
        assert!(!shown.contains("CANARY"), "{}: {shown}", case.name);
        let status = error.status().map(|status| status.as_u16());
        (error.kind(), error.outcome(), status)
    });
    let (name, seen) = (case.name, format!("{found:?}"));
    println!("{name:42} {seen:44} {attempts} {elapsed:>9.0?} {memory:>6} KB");
    let refused = Some((ErrorKind::TooLarge, Outcome::Unknown, None));
    if !(case.or_too_large && (found, attempts) == (refused, 1)) {
        assert_eq!((found, attempts), (case.expected, case.attempts), "{name}");
    }
    let bound = case.timeout().min(3 * SHORT) * case.attempts + Duration::from_secs(10);
    assert!(elapsed < bound, "{name} took {elapsed:?}");
    assert!(memory < MEMORY, "{name} took {memory} KB");
    if !matches!(case.server, Server::Absent | Server::Connected(_)) {
        assert_eq!(requests.load(Ordering::SeqCst), attempts, "{name}");
    }
}

/// A server closes connections that it said it would keep; a creation is not made twice.
pub fn a_pooled_connection_that_died_costs_no_second_email<T: TestTransport>() {
    let (address, requests) = closes_idle_connections();
    let client = direct::<T>(config(address));
    let invites = client.organization(ids().0).invites();
    let mut succeeded = 0;
    for sent in 1..=20 {
        let create = invites.create("a@example.com".parse().unwrap());
        match create.send() {
            Ok(_) => succeeded += 1,
            // It was closed while the request was on its way.
            Err(error) => {
                let found = (error.outcome(), error.attempts());
                assert_eq!(found, (Outcome::Unknown, 1), "{error:?}");
            }
        }
        assert!(
            requests.load(Ordering::SeqCst) <= sent,
            "an email was sent twice"
        );
        // Some find the connection closed already, some while it is being closed.
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(succeeded > 10, "{succeeded} of 20 succeeded");
}

/// With any status, to another server and to the same.
pub fn the_key_follows_no_redirect<T: TestTransport>() {
    let statuses = [301, 302, 303, 307, 308].into_iter();
    for (status, elsewhere) in statuses.flat_map(|status| [(status, true), (status, false)]) {
        let (address, arrived) = redirects(status, elsewhere);
        let client = direct::<T>(config(address));
        let (organization, invite) = ids();
        let call = client.organization(organization).invites().revoke(invite);
        let error = call.send().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect);
        assert_eq!(arrived.load(Ordering::SeqCst), 0);
    }
}
