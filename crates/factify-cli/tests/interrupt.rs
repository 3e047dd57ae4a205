//! Ctrl-C: calls in flight are finished, what was done is reported, and running again is safe.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::io::{ErrorKind, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use factify_sandbox::Sandbox;
use support::{Done, Place, Relay, Running, until};

/// The timeout is longer than any test, so no call times out.
const REVOKE: [&str; 8] = [
    "invites",
    "revoke",
    "--status",
    "pending",
    "--yes",
    "-ojsonl",
    "--timeout",
    "10m",
];
const INVITES: usize = 90;

/// How many calls are in flight at once.
const IN_FLIGHT: usize = 8;

fn place() -> Place {
    let invites = u32::try_from(INVITES).unwrap();
    let sandbox = Sandbox::builder().seed(1).running_clock();
    Place::new(sandbox.invites(invites).build())
}

/// A run that gets this number of responses, including that of the list, and waits for the others.
fn in_flight(responses: usize) -> (Place, Relay, Running) {
    in_flight_as(responses, |command| command)
}

/// The same, started from the command that `start` returns.
fn in_flight_as(
    responses: usize,
    start: impl FnOnce(Command) -> Command,
) -> (Place, Relay, Running) {
    let mut left = responses;
    let (place, relay) = place().held_back(move |_| {
        let passes = left > 0;
        left = left.saturating_sub(1);
        passes
    });
    let running = Running::start(&mut start(place.command(&REVOKE)));
    relay.until_held(IN_FLIGHT);
    (place, relay, running)
}

fn signal(running: &Running, name: &str) {
    running.signal(name);
}

fn interrupt(running: &Running) {
    signal(running, "INT");
}

fn revoked(place: &Place) -> usize {
    let invites = place.sandbox.invites();
    invites
        .iter()
        .filter(|invite| invite.status.as_str() == "revoked")
        .count()
}

/// An output whose buffer is full, and its reader.
fn full() -> (UnixStream, OwnedFd) {
    let (reader, writer) = UnixStream::pair().unwrap();
    writer.set_nonblocking(true).unwrap();
    for size in [4_096, 1] {
        let filling = FILLING.repeat(size);
        let error = loop {
            if let Err(error) = (&writer).write(filling.as_bytes()) {
                break error;
            }
        };
        assert_eq!(error.kind(), ErrorKind::WouldBlock);
    }
    writer.set_nonblocking(false).unwrap();
    (reader, writer.into())
}

const FILLING: &str = ".";

/// Starts the command with an output that nobody reads yet.
fn unread(place: &Place, arguments: &[&str]) -> (Running, UnixStream) {
    let (reader, stdout) = full();
    let running = Running::start(place.command(arguments).stdout(stdout));
    (running, reader)
}

/// A run whose output nobody reads, after it has stalled.
fn stalled() -> (Place, Running, UnixStream) {
    let place = place();
    // So that not all calls run at once when the output is read.
    let (running, reader) = unread(&place, &[&REVOKE[..], &["--rate", "300"]].concat());
    until(
        "calls that are done",
        || revoked(&place),
        |done| *done == UNREAD,
    );
    running.until_at_rest();
    (place, running, reader)
}

/// How many calls end while nobody reads: one whose result is being written, a full channel of results,
/// and a result for each thread that waits for the channel.
const UNREAD: usize = 1 + 2 * IN_FLIGHT;

/// The number of results. What was not begun, or has an unknown outcome, has a line too.
fn finished(results: &str) -> usize {
    results.matches("\"result\":\"revoked\"").count()
}

#[test]
fn one_interruption_finishes_the_calls_in_flight() {
    for name in ["INT", "TERM", "HUP"] {
        let (place, relay, running) = match name {
            "HUP" if is_left_alone() => continue,
            _ => in_flight(2),
        };
        running.until_told(1);
        signal(&running, name);
        let announced = format!("Interrupted: {IN_FLIGHT} calls in flight will be finished");
        running.until_said(&announced, 1);
        relay.pass_all();
        let ended = running.end();
        assert_eq!(ended.code, Some(130), "{ended:?}");
        let done = 1 + IN_FLIGHT;
        assert_eq!(finished(&ended.stdout), done, "{ended:?}");
        assert_eq!(done, revoked(&place), "the report matches what was done");
        let left = INVITES - done;
        let not_done = ended.stderr.matches("not done: inv_").count();
        assert_eq!(not_done, left, "{ended:?}");
        let summary = format!("{done} revoked, {left} not done. It is safe to run this again.");
        assert!(ended.stderr.contains(&summary), "{ended:?}");

        let again = place.run(&REVOKE);
        assert_eq!(again.code, Some(0), "{again:?}");
        assert_eq!(again.stdout.lines().count(), left);
        assert_eq!(revoked(&place), INVITES);
    }
}

/// Whether the command does not catch SIGHUP: if it cannot know whether the signal is ignored, or if
/// this test ignores it, and so its children.
fn is_left_alone() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.is_none_or(|mask| {
        mask.trim()
            .ends_with(['1', '3', '5', '7', '9', 'b', 'd', 'f'])
    })
}

/// The command as `nohup`, or a shell in the background, would start it.
fn ignoring(name: &str, command: &Command) -> Command {
    let variables = command.get_envs();
    let mut started = Command::new("sh");
    started
        .args(["-c", &format!("trap '' {name}; exec \"$@\""), "sh"])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(variables.filter_map(|(name, value)| Some((name, value?))))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    started
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    for name in ["INT", "TERM", "HUP"] {
        let (place, relay, running) = in_flight_as(1, |command| ignoring(name, &command));
        signal(&running, name);
        running.until_at_rest();
        relay.pass_all();
        let ended = running.end();
        assert_eq!(ended.code, Some(0), "{name}: {ended:?}");
        assert_eq!(revoked(&place), INVITES, "{name}");
    }
}

/// It ends with an exit code, not by the signal, so it has a handler. Without a handler, a signal does not
/// end process 1 of a container.
#[test]
fn a_signal_ends_the_sandbox() {
    for name in ["INT", "TERM", "HUP"] {
        if name == "HUP" && is_left_alone() {
            continue;
        }
        let running = Running::start(&mut place().command(&["sandbox", "--json"]));
        running.until_told(1);
        signal(&running, name);
        assert_eq!(running.end().code, Some(130), "{name}");
    }
}

#[test]
fn results_that_nobody_read_are_reported_later() {
    for times in [1, 2] {
        let (place, mut running, reader) = stalled();
        for _ in 0..times {
            interrupt(&running);
            running.until_at_rest();
        }
        running.read_stdout(reader);
        let ended = running.end();
        assert_eq!(ended.code, Some(130), "{ended:?}");
        let results = ended.stdout.trim_start_matches(FILLING);
        let told = finished(results);
        assert_eq!(revoked(&place), UNREAD, "the calls wait for the reader");
        // After the second interruption, results outside of the channel are reported only if they come
        // at once.
        assert!(told > IN_FLIGHT, "{ended:?}");
        let unknown = ended.stderr.matches("unknown: inv_").count();
        assert!(times == 2 || unknown == 0, "{ended:?}");
        assert_eq!(told + unknown, UNREAD, "{ended:?}");
        let not_done = ended.stderr.matches("not done: inv_").count();
        assert_eq!(not_done, INVITES - UNREAD, "{ended:?}");
    }
}

#[test]
fn three_interruptions_end_it_even_if_nobody_reads() {
    tell_at_last("17 of 90 calls had begun.\n", || {
        let (place, mut running, _reader) = stalled();
        for _ in 0..2 {
            interrupt(&running);
            running.until_at_rest();
            running.assert_runs();
        }
        interrupt(&running);
        let ended = running.end();
        assert_eq!(revoked(&place), UNREAD, "the calls wait for the reader");
        ended
    });
}

/// Repeats an interrupted run until its last message is `word`. The command has a second to print it,
/// which may be too short on a busy machine.
fn tell_at_last(word: &str, run: impl Fn() -> Done) {
    let mut last = String::new();
    for _ in 0..3 {
        let ended = run();
        assert_eq!(ended.code, Some(130), "{ended:?}");
        if ended.stderr.ends_with(word) {
            return;
        }
        last = ended.stderr;
    }
    panic!("no {word:?} in {last:?}");
}

#[test]
fn an_interruption_that_stops_no_call_changes_nothing() {
    let (place, relay) = place().held_back(|_| false);
    let unknown = [
        "inv_01h2xcejqtf2nbrexx3vqjhp41",
        "inv_01h2xcejqtf2nbrexx3vqjhp42",
    ];
    let arguments = [&["invites", "resend", "--timeout", "10m"], &unknown[..]].concat();
    let running = Running::start(&mut place.command(&arguments));
    relay.until_held(unknown.len());
    interrupt(&running);
    running.until_said("Interrupted: 2 calls in flight", 1);
    relay.pass_all();
    let ended = running.end();
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.stderr.ends_with("\n2 not done.\n"), "{ended:?}");
}

#[test]
fn the_summary_is_printed_even_if_nobody_reads_the_results() {
    tell_at_last("\n3 invited.\n", || {
        let place = place();
        let emails = ["a@example.com", "b@example.com", "c@example.com"];
        // A table is written at the end.
        let arguments = [&["invites", "create", "-v"], &emails[..]].concat();
        let (running, _reader) = unread(&place, &arguments);
        running.until_said("status 200", emails.len());
        running.until_at_rest();
        interrupt(&running);
        running.end()
    });
}

#[test]
fn an_interrupted_single_call_says_what_is_unknown() {
    tell_at_last("To check: factify orgs list\n", || {
        let place = place();
        let first = place.sandbox.invites().remove(0);
        let key = place.sandbox.add_user("Guest", &first.email).key;
        let token = place.sandbox.outbox().remove(0);
        let (guest, relay) = place.with_key(key).held_back(|_| false);
        let mut accept = guest.command(&["invites", "accept", "--timeout", "10m"]);
        let running = Running::start_with_input(&mut accept, token.expose_token());
        relay.until_held(1);
        interrupt(&running);
        let ended = running.end();
        assert!(
            guest.sandbox.invites().remove(0).accepted_by.is_some(),
            "accepted, but the command cannot know: {ended:?}"
        );
        ended
    });

    tell_at_last("Interrupted: nothing was changed.\n", || {
        let (place, relay) = place().held_back(|_| false);
        let running = Running::start(&mut place.command(&["invites", "list", "--timeout", "10m"]));
        relay.until_held(1);
        interrupt(&running);
        running.end()
    });
}

#[test]
fn an_interrupted_change_is_not_denied() {
    let directory = tempfile::tempdir().unwrap();
    let secret = directory.path().join("ci.key");
    let secret_file = secret.to_str().unwrap();
    for (arguments, said) in [
        (&["orgs", "update", "--name", "New"][..], "possibly updated"),
        (
            &["keys", "create", "ci", "--secret-file", secret_file],
            "possibly created. An API key with the name",
        ),
        (
            &["api", "POST", "v1beta/organizations", "-f", "name=New"],
            "POST v1beta/organizations: possibly applied",
        ),
    ] {
        let (place, relay) = place().held_back(|_| false);
        let arguments = [arguments, &["--timeout", "10m"]].concat();
        let running = Running::start(&mut place.command(&arguments));
        relay.until_held(1);
        interrupt(&running);
        let ended = running.end();
        assert_eq!(ended.code, Some(130), "{ended:?}");
        assert!(ended.stderr.contains(said), "{ended:?}");
        assert!(!ended.stderr.contains("nothing was changed"), "{ended:?}");
    }
    assert!(
        !secret.exists(),
        "the next run can use the name of the file"
    );
}

#[test]
fn two_interruptions_abandon_the_calls_in_flight() {
    let (place, _relay, running) = in_flight(1);
    interrupt(&running);
    let announced = format!("Interrupted: {IN_FLIGHT} calls in flight");
    running.until_said(&announced, 1);
    interrupt(&running);
    let ended = running.end();
    assert_eq!(ended.code, Some(130), "{ended:?}");
    assert_eq!(revoked(&place), IN_FLIGHT);
    let unknown = ended.stderr.matches("unknown: inv_").count();
    assert_eq!(unknown, IN_FLIGHT, "{ended:?}");
    let left = INVITES - IN_FLIGHT;
    let not_done = ended.stderr.matches("not done: inv_").count();
    assert_eq!(not_done, left, "{ended:?}");
    let summary = format!("{unknown} unknown, {left} not done. It is safe");
    assert!(ended.stderr.contains(&summary), "{ended:?}");
}
