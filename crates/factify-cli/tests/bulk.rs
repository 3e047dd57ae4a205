//! Thousands of invites in one run, on a failing network; and the rate of requests.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use factify_core::invites::OrganizationInviteStatus;
use factify_sandbox::{Fault, FaultPlan, Sandbox};
use support::Place;

const INVITES: u32 = 5_000;

/// A minute of the sandbox is a second.
const SPEED: u32 = 60;

#[test]
fn thousands_are_revoked_although_calls_fail() {
    let sandbox = Sandbox::builder().seed(1).running_clock().invites(INVITES);
    // With the documented limits, it would take minutes.
    let sandbox = sandbox.rate_limits(60_000, 6_000).build();
    let unavailable = |processed| Fault::Unavailable { processed };
    let faults = [
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Truncate,
        Fault::Delay(Duration::from_millis(50)),
        unavailable(false),
        unavailable(true),
    ];
    sandbox.inject(FaultPlan::random(7, 50, faults));
    let place = Place::new(sandbox);
    let revoke = [
        "invites", "revoke", "--status", "pending", "--rate", "60000",
    ];

    let done = place.run_at_terminal(&[&revoke[..], &["--yes", "-o", "ids", "-v"]].concat());
    assert_eq!(done.code, Some(0), "{}", tail(&done.stderr));
    let seen = positions(&done.stderr);
    assert!(seen.is_sorted() && seen.len() > 10, "progress: {seen:?}");
    let invites = place.sandbox.invites();
    let is_revoked = |status: &_| *status == OrganizationInviteStatus::Revoked;
    assert!(invites.iter().all(|invite| is_revoked(&invite.status)));
    let told: HashSet<_> = done.stdout.lines().collect();
    assert_eq!(told.len(), invites.len(), "each is reported once");
    assert_eq!(done.stdout.lines().count(), invites.len());
    assert!(
        invites
            .iter()
            .all(|invite| told.contains(invite.id.as_str()))
    );
    assert_eq!(summed(&done.stderr), INVITES);
    assert!(done.stderr.contains("attempt 2"), "there were faults");

    place.sandbox.inject(FaultPlan::default());
    let again = place.run(&[&revoke[..], &["--yes"]].concat());
    assert_eq!((again.code, again.stdout.as_str()), (Some(0), ""));
    assert_eq!(again.stderr, "No pending invite matches the filters.\n");
}

/// The positions of the progress bar.
fn positions(drawn: &str) -> Vec<u32> {
    let before = drawn
        .split("/5,000, ")
        .filter_map(|text| text.rsplit(' ').next());
    let mut seen: Vec<u32> = before
        .filter_map(|number| number.replace(',', "").parse().ok())
        .collect();
    seen.dedup();
    seen
}

/// The sum of the numbers in the summary.
fn summed(stderr: &str) -> u32 {
    let summary = stderr
        .lines()
        .last()
        .unwrap()
        .rsplit(['\r', '\u{1b}'])
        .next();
    let summary = summary.unwrap().trim_start_matches("[2K");
    assert!(summary.contains(" revoked"), "{summary:?}");
    let parts = summary.trim_end_matches('.').split(", ");
    parts
        .map(|part| part.split(' ').next().unwrap().parse::<u32>().unwrap())
        .sum()
}

#[test]
fn a_rate_above_the_limit_waits() {
    let place = Place::new(
        Sandbox::builder()
            .seed(1)
            .fast_clock(SPEED)
            .invites(1_500)
            .build(),
    );
    let rate = (10_000 * SPEED).to_string();
    let arguments = [
        "invites", "revoke", "--status", "pending", "--yes", "--rate", &rate, "-v",
    ];
    let done = place.run(&arguments);
    assert_eq!(done.code, Some(0), "{}", tail(&done.stderr));
    assert!(
        done.stderr.ends_with("1500 revoked.\n"),
        "{}",
        tail(&done.stderr)
    );
    let refused = done.stderr.matches("status 429").count();
    assert!(
        refused <= 64,
        "{refused} refusals: all wait when one must wait"
    );
}

#[test]
fn the_requests_within_a_call_keep_the_rate_too() {
    // The list is so long that looking for one invite takes several requests.
    let sandbox = Sandbox::builder().seed(1).running_clock();
    let place = Place::new(sandbox.invites(6_000).no_rate_limit().build());
    let invites = place.sandbox.invites();
    let ids: Vec<_> = invites.iter().skip(3_000).take(20).collect();
    let mut revoke = vec!["invites", "revoke", "-v", "--rate", "1200"];
    revoke.extend(ids.iter().map(|invite| invite.id.as_str()));
    assert_eq!(place.run(&revoke).code, Some(0));

    let started = Instant::now();
    let again = place.run(&revoke);
    let took = started.elapsed();
    assert_eq!(again.code, Some(0), "{}", tail(&again.stderr));
    assert!(
        again.stderr.ends_with("20 already revoked.\n"),
        "{}",
        tail(&again.stderr)
    );
    let sent = again.stderr.matches(" attempt ").count();
    assert!(sent > 150, "{sent} requests");
    // A tenth at once, and the rest spread over three quarters of a minute.
    let least = Duration::from_secs_f64((f64::from(u32::try_from(sent).unwrap()) - 120.0) / 27.0);
    assert!(took >= least, "{sent} requests in {took:?}");
}

fn tail(text: &str) -> &str {
    let from = text.len().saturating_sub(2_000);
    text.get(from..).unwrap_or(text)
}
