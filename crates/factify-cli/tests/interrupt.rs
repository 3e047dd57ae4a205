//! Ctrl-C: what is in flight is finished, what was done is told, and running again is safe.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command};
use std::time::Duration;

use factify_sandbox::{Fault, FaultPlan, Sandbox};
use support::{Place, spawn};

const REVOKE: [&str; 6] = [
    "invites", "revoke", "--status", "pending", "--yes", "-ojsonl",
];
const INVITES: usize = 90;

fn interrupt(child: &Child) {
    // The shell's own, which is on every machine.
    let kill = format!("kill -INT {}", child.id());
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
    let place = place(Fault::Delay(Duration::from_millis(500)));
    let mut child = spawn(&mut place.command(&REVOKE));
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut lines = String::new();
    stdout.read_line(&mut lines).unwrap();
    interrupt(&child);
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

#[test]
fn thrice_ends_it_although_nobody_reads_its_output() {
    // More than a pipe holds.
    let invites = 500;
    let sandbox = Sandbox::builder().seed(1).running_clock().no_rate_limit();
    let place = Place::new(sandbox.invites(invites).build());
    let arguments = [&REVOKE[..], &["--rate", "1000000"]].concat();
    let mut child = spawn(&mut place.command(&arguments));
    while revoked(&place) < usize::try_from(invites).unwrap() {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(child.try_wait().unwrap(), None, "it waits for its reader");
    for _ in 0..3 {
        interrupt(&child);
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(child.wait().unwrap().code(), Some(130));
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
