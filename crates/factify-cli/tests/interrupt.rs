//! Ctrl-C: what is in flight is finished, what was done is told, and running again is safe.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command};
use std::time::Duration;

use factify_sandbox::{Fault, FaultPlan, Sandbox};
use support::{Place, spawn};

const REVOKE: [&str; 6] = [
    "invites", "revoke", "--status", "pending", "--yes", "-ojsonl",
];
const INVITES: usize = 90;

fn interrupt(child: &Child) {
    signal(child, "INT");
}

fn signal(child: &Child, name: &str) {
    // The shell's own, which is on every machine.
    let kill = format!("kill -{name} {}", child.id());
    assert!(
        Command::new("sh")
            .args(["-c", &kill])
            .status()
            .unwrap()
            .success()
    );
}

fn revoked(place: &Place) -> usize {
    let invites = place.sandbox.invites();
    invites
        .iter()
        .filter(|invite| invite.status.as_str() == "revoked")
        .count()
}

fn place(fault: Fault) -> Place {
    let invites = u32::try_from(INVITES).unwrap();
    let sandbox = Sandbox::builder()
        .seed(1)
        .running_clock()
        .invites(invites)
        .build();
    // The list is answered at once.
    let plan = std::iter::once(None).chain(std::iter::repeat_n(Some(fault), 1_000));
    sandbox.inject(FaultPlan::schedule(plan));
    Place::new(sandbox)
}

#[test]
fn once_finishes_what_is_in_flight() {
    for name in ["INT", "TERM"] {
        once(name);
    }
}

fn once(name: &str) {
    let place = place(Fault::Delay(Duration::from_millis(500)));
    let mut child = spawn(&mut place.command(&REVOKE));
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut lines = String::new();
    stdout.read_line(&mut lines).unwrap();
    signal(&child, name);
    stdout.read_to_string(&mut lines).unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    let done = lines.lines().count();
    assert!((1..INVITES).contains(&done), "{done}");
    assert_eq!(done, revoked(&place), "what was told is what was done");
    assert_eq!(
        stderr.matches("not done: inv_").count(),
        INVITES - done,
        "{stderr}"
    );
    let summary = format!(
        "{done} revoked, {} not done. Run it again: it is safe.",
        INVITES - done
    );
    assert!(stderr.contains(&summary), "{stderr}");

    place.sandbox.inject(FaultPlan::default());
    let again = place.run(&REVOKE);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert_eq!(again.stdout.lines().count(), INVITES - done);
    assert_eq!(revoked(&place), INVITES);
}

/// A run whose output nobody reads, when it stands still.
fn stalled() -> (Place, Child) {
    // More than a pipe holds.
    let sandbox = Sandbox::builder().seed(1).running_clock().no_rate_limit();
    let place = Place::new(sandbox.invites(MANY).build());
    let arguments = [&REVOKE[..], &["--rate", "1000000"]].concat();
    let mut child = spawn(&mut place.command(&arguments));
    let mut before = 0;
    loop {
        std::thread::sleep(Duration::from_millis(300));
        let now = revoked(&place);
        if now > 0 && now == before {
            break;
        }
        before = now;
    }
    assert!(before < MANY as usize, "the calls wait for the reader");
    assert_eq!(child.try_wait().unwrap(), None);
    (place, child)
}

const MANY: u32 = 500;

#[test]
fn what_ended_while_nobody_read_is_told_when_somebody_does() {
    for times in [1, 2] {
        let (place, child) = stalled();
        for _ in 0..times {
            interrupt(&child);
            std::thread::sleep(Duration::from_millis(100));
        }
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{stderr}");
        let told = String::from_utf8(output.stdout).unwrap().lines().count();
        assert_eq!(told, revoked(&place), "{stderr}");
        let not_done = stderr.matches("not done: inv_").count();
        assert_eq!(told + not_done, MANY as usize, "{stderr}");
    }
}

#[test]
fn thrice_ends_it_although_nobody_reads_its_output() {
    let (_place, mut child) = stalled();
    for _ in 0..3 {
        assert_eq!(child.try_wait().unwrap(), None);
        interrupt(&child);
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn an_interruption_that_all_calls_outlive_changes_nothing() {
    let place = place(Fault::Delay(Duration::from_millis(800)));
    assert_eq!(
        place.run(&["invites", "list", "--limit", "1"]).code,
        Some(0)
    );
    let unknown = [
        "inv_01h2xcejqtf2nbrexx3vqjhp41",
        "inv_01h2xcejqtf2nbrexx3vqjhp42",
    ];
    let child = spawn(&mut place.command(&[&["invites", "resend"], &unknown[..]].concat()));
    std::thread::sleep(Duration::from_millis(400));
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(
        stderr.contains("Interrupted: 2 calls in flight"),
        "{stderr}"
    );
    assert!(stderr.ends_with("\n2 not done.\n"), "{stderr}");
}

#[test]
fn the_summary_is_told_although_nobody_reads_the_results() {
    // A table that a pipe does not hold, and that is written at the end.
    let emails: Vec<_> = (0..900).map(|n| format!("dwight{n}@example.com")).collect();
    let sandbox = Sandbox::builder().seed(1).running_clock().no_rate_limit();
    let place = Place::new(sandbox.build());
    let mut command = place.command(&["invites", "create", "-", "--rate", "1000000"]);
    let mut child = spawn(command.stdin(std::process::Stdio::piped()));
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(emails.join("\n").as_bytes()).unwrap();
    drop(stdin);
    while place.sandbox.outbox().len() < emails.len() {
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(500));
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let stderr = std::io::read_to_string(child.stderr.take().unwrap());
    assert_eq!(stderr.unwrap(), "900 invited.\n");
}

#[test]
fn a_single_call_ends_with_the_same_code_and_says_what_is_not_known() {
    let sandbox = place(Fault::Hang).sandbox.clone();
    let first = sandbox.invites().remove(0);
    let key = sandbox.add_user("Guest", &first.email);
    let token = sandbox.outbox().remove(0);
    let guest = Place::new(sandbox.clone()).with_key(key);
    let is_accepted = || {
        let mut found = sandbox.invites().into_iter();
        found.any(|invite| invite.accepted_by.is_some())
    };
    // The list takes the answer that is not held back.
    assert_eq!(
        guest.run(&["invites", "list", "--limit", "1"]).code,
        Some(3)
    );
    let mut child = spawn(
        guest
            .command(&["invites", "accept"])
            .stdin(std::process::Stdio::piped()),
    );
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(token.expose_token().as_bytes()).unwrap();
    drop(stdin);
    while !is_accepted() {
        std::thread::sleep(Duration::from_millis(10));
    }
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("it is not known whether"), "{stderr}");

    let place = place(Fault::Hang);
    assert_eq!(
        place.run(&["invites", "list", "--limit", "1"]).code,
        Some(0)
    );
    let child = spawn(&mut place.command(&["invites", "list"]));
    std::thread::sleep(Duration::from_millis(300));
    interrupt(&child);
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
}

#[test]
fn twice_leaves_what_is_in_flight_and_says_so() {
    let place = place(Fault::Hang);
    let mut child = spawn(&mut place.command(&REVOKE));
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut told = String::new();
    while revoked(&place) == 0 {
        std::thread::sleep(Duration::from_millis(10));
    }
    interrupt(&child);
    stderr.read_line(&mut told).unwrap();
    let in_flight = told
        .strip_prefix("Interrupted: ")
        .and_then(|rest| rest.split_once(' '))
        .and_then(|(count, _)| count.parse::<usize>().ok());
    interrupt(&child);
    stderr.read_to_string(&mut told).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let (unknown, waiting) = (
        told.matches("not known: inv_"),
        told.matches("not done: inv_"),
    );
    let (unknown, waiting) = (unknown.count(), waiting.count());
    // One more may begin while it is told.
    assert!(
        in_flight.is_some_and(|told| (1..=unknown).contains(&told)),
        "{told}"
    );
    assert_eq!(unknown + waiting, INVITES, "{told}");
    assert!(
        told.contains(&format!(
            "{unknown} not known, {waiting} not done. Run it again"
        )),
        "{told}"
    );
}
