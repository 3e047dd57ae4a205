//! Calls to hostile servers.

mod case;
mod meter;
mod serve;
mod table;
mod write;

use std::net::SocketAddr;
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::Duration;

use factify_core::{ClientConfig, Error, ErrorKind, Outcome};

use crate::fixtures::{ids, three_attempts};
use crate::transport::{TestTransport, direct, url};
use case::{CAP, Case, LONG, Server};
use meter::Meter;
use serve::{closes_idle_connections, redirects, serve};

/// How much additional memory a call may use, in KB.
const MEMORY: u64 = 16 << 10;

fn config(address: SocketAddr) -> ClientConfig {
    let config = three_attempts(&url("http", address));
    config.timeout(LONG).max_response_bytes(CAP)
}

/// Set in the process that runs the table.
const ALONE: &str = "FACTIFY_TEST_ALONE";

/// Runs every row of the table and prints its result: kind, outcome, attempts, time and memory.
pub fn each_hostile_server_causes_the_expected_error_within_limits<T: TestTransport>() {
    if std::env::var_os(ALONE).is_none() {
        in_its_own_process("each_hostile_server_causes_the_expected_error_within_limits");
        return;
    }
    for case in table::CASES {
        let server = serve(case);
        let client = direct::<T>(
            config(server.address)
                .timeout(case.timeout())
                .gzip(case.gzip),
        );
        let (organization, invite) = ids();
        let invites = client.organization(organization).invites();
        let meter = Meter::start();
        let result = invites.revoke(invite).send().map(drop);
        check(case, &meter, server.requests(), result);
        server.ended();
    }
}

/// Runs this test once more, without the other tests, whose memory would count.
#[allow(clippy::print_stdout)] // The table.
fn in_its_own_process(test: &str) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]);
    let output = command.env(ALONE, "1").output().unwrap();
    let [said, errors] = [output.stdout, output.stderr].map(|it| String::from_utf8(it).unwrap());
    println!("{said}{errors}");
    assert!(output.status.success() && said.contains("1 passed"));
}

/// Prints the result of a case and compares it with the expected result.
#[allow(clippy::print_stdout)] // A table for humans.
fn check(case: &Case, meter: &Meter, requests: u32, result: Result<(), Error>) {
    let (elapsed, memory) = meter.read();
    let attempts = match &result {
        Ok(()) => requests,
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
    assert_eq!((found, attempts), (case.expected, case.attempts), "{name}");
    assert!(memory < MEMORY, "{name} took {memory} KB");
    if !matches!(case.server, Server::Absent | Server::Connected(_)) {
        assert_eq!(requests, attempts, "{name}");
    }
}

/// The server closes connections without notice. The client must not create an invite twice.
pub fn a_closed_pooled_connection_causes_no_second_email<T: TestTransport>() {
    let (address, requests) = closes_idle_connections();
    let client = direct::<T>(config(address));
    let invites = client.organization(ids().0).invites();
    let mut succeeded = 0;
    for sent in 1..=20 {
        let create = invites.create("a@example.com".parse().unwrap());
        match create.send() {
            Ok(_) => succeeded += 1,
            // The server closed while the request was being sent.
            Err(error) => {
                let found = (error.outcome(), error.attempts());
                assert_eq!(found, (Outcome::Unknown, 1), "{error:?}");
            }
        }
        assert!(
            requests.load(Ordering::SeqCst) <= sent,
            "an email was sent twice"
        );
        // Some calls find a closed connection, others one that is closing.
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(succeeded > 10, "{succeeded} of 20 succeeded");
}

/// For every redirect status, to another server and to the same one.
pub fn the_api_key_is_not_sent_to_a_redirect_target<T: TestTransport>() {
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
