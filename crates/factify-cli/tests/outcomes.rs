//! Exit codes and messages for responses of the API and faults of the network.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

#[cfg(target_os = "linux")]
use std::fs::File;
use std::process::Command;
use std::time::Duration;

use factify_core::invites::OrganizationInvite;
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};
use http::StatusCode;
use support::{Done, Place, Running, silent_address};

const UNKNOWN_INVITE: &str = "inv_01h2xcejqtf2nbrexx3vqjhp41";

fn place() -> Place {
    Place::new(
        Sandbox::builder()
            .seed(1)
            .running_clock()
            .invites(3)
            .build(),
    )
}

fn assert_ended(done: &Done, code: i32, said: &[&str], what: &str) {
    assert_eq!(done.code, Some(code), "{what}: {done:?}");
    for text in said {
        assert!(
            done.stderr.contains(text),
            "{what}: no {text:?} in {done:?}"
        );
    }
}

/// The first invite, and how the new user with its address accepts it.
fn accept(place: &Place, change: impl FnOnce(&mut Command)) -> (OrganizationInvite, Done) {
    let invite = place.sandbox.invites().remove(0);
    let key = place.sandbox.add_user("Guest", &invite.email).key;
    let email = place.sandbox.outbox().remove(0);
    let guest = Place::new(place.sandbox.clone()).with_key(key);
    let mut command = guest.command(&["invites", "accept"]);
    change(&mut command);
    let done = Running::start_with_input(&mut command, email.expose_token()).end();
    (invite, done)
}

/// The id of the first invite, after a new user has accepted it.
fn accepted(place: &Place) -> String {
    let (invite, done) = accept(place, |_| ());
    assert_eq!(done.code, Some(0), "{done:?}");
    invite.id.to_string()
}

#[test]
fn the_exit_code_and_message_match_the_outcome() {
    let html = |status| Fault::Html {
        status,
        processed: true,
    };
    let create = ["invites", "create", "dwight@example.com"];
    for (what, faults, code, said) in [
        ("no fault", vec![], 0, "1 invited."),
        (
            "never sent",
            vec![Fault::RateLimited { retry_after: None }],
            0,
            "1 invited.",
        ),
        (
            "response lost",
            vec![Fault::DropAfter],
            4,
            "possibly invited",
        ),
        (
            "a proxy's error",
            vec![html(StatusCode::BAD_GATEWAY)],
            4,
            "possibly invited",
        ),
        (
            "a proxy's success",
            vec![html(StatusCode::OK)],
            4,
            "possibly invited",
        ),
        (
            "a response of another shape",
            vec![Fault::Undocumented],
            5,
            "certainly invited",
        ),
        (
            "refused",
            vec![html(StatusCode::FORBIDDEN)],
            3,
            "not invited",
        ),
    ] {
        let place = place();
        let plan = faults.into_iter().map(Some);
        place.sandbox.inject(FaultPlan::schedule(plan));
        let done = place.run(&create);
        assert_ended(&done, code, &[said], what);
        assert_eq!(done.stdout.is_empty(), code != 0, "{what}: {done:?}");
    }
}

#[test]
fn a_timeout_ends_with_an_unknown_outcome() {
    let place = place();
    // On a busy machine the time may be over before the request is sent. Then another one is sent.
    let plan = std::iter::repeat_n(Some(Fault::Hang), 1_000);
    place.sandbox.inject(FaultPlan::schedule(plan));
    let create = ["invites", "create", "dwight@example.com"];
    let done = place.run(&[&create[..], &IMPATIENT].concat());
    let said = "it is not known whether it was applied";
    assert_ended(&done, 4, &[said], "no response");
    assert_eq!(done.stdout, "");
}

/// Little time for an attempt, but enough attempts that one of them succeeds.
const IMPATIENT: [&str; 4] = ["--timeout", "1s", "--retries", "50"];

#[test]
fn the_summary_separates_applied_from_unknown() {
    let create = ["invites", "create", "a@example.com", "b@example.com"];
    for (fault, code, said) in [
        (
            Fault::Undocumented,
            5,
            "1 invited, 1 applied, response unreadable.\n",
        ),
        (
            Fault::DropAfter,
            6,
            "1 invited, 1 unknown. If you run this again, those already invited get another email",
        ),
    ] {
        let place = place();
        place.sandbox.inject(FaultPlan::schedule([Some(fault)]));
        let done = place.run(&create);
        assert_ended(&done, code, &[said], said);
        assert_eq!(place.sandbox.outbox().len(), 5, "both were invited");
    }
}

#[test]
fn a_revocation_is_certain_whatever_happens_to_its_response() {
    for (fault, options) in [
        (Fault::DropBefore, &[][..]),
        (Fault::DropAfter, &[]),
        (Fault::Truncate, &[]),
        (Fault::Hang, &IMPATIENT),
    ] {
        let place = place();
        let id = place.sandbox.invites().remove(0).id.to_string();
        place.sandbox.inject(FaultPlan::schedule([Some(fault)]));
        let revoke = ["invites", "revoke", &id, "-o", "ids"];
        let done = place.run(&[&revoke[..], options].concat());
        assert_ended(&done, 0, &["1 revoked."], &id);
        assert_eq!(done.stdout, format!("{id}\n"));
        assert_eq!(place.sandbox.invites().remove(0).status.as_str(), "revoked");
    }
}

#[test]
fn an_accepted_invite_is_reported_after_the_rest_is_done() {
    let place = place();
    let id = accepted(&place);
    let pending = place.sandbox.invites().remove(1).id.to_string();
    let warning = "1 invite had already been accepted: somebody has joined";
    let done = place.run(&[
        "invites",
        "revoke",
        &id,
        &pending,
        UNKNOWN_INVITE,
        "-o",
        "ids",
    ]);
    let summary = "1 revoked, 1 already accepted, 1 not done.\n";
    assert_ended(
        &done,
        6,
        &[warning, summary, UNKNOWN_INVITE],
        "some not done",
    );
    assert_eq!(
        done.stdout,
        format!("{pending}\n"),
        "an accepted one is not revoked"
    );
    let done = place.run(&["invites", "revoke", &id, &pending, "--dry-run"]);
    assert_ended(&done, 7, &[warning, "0 pending invites"], "a dry run");
    let done = place.run(&["invites", "revoke", &id, &pending]);
    assert_ended(
        &done,
        7,
        &[warning, "1 already revoked, 1 already accepted."],
        "all done",
    );
    assert!(
        done.stdout.contains("accepted by guest0@example.net"),
        "{done:?}"
    );
}

#[test]
fn an_expired_invite_is_not_a_revoked_one() {
    let place = place();
    place.sandbox.advance(Duration::from_secs(8 * 24 * 60 * 60));
    let id = place.sandbox.invites().remove(0).id.to_string();
    let done = place.run(&["invites", "revoke", &id, "-o", "ids"]);
    assert_ended(&done, 0, &["1 expired."], "expired");
    assert_eq!(done.stdout, "");
}

/// The ids of 200 invites, one per line.
fn two_hundred() -> String {
    let sandbox = Sandbox::builder().seed(1).invites(200).build();
    let invites = sandbox.invites();
    let ids = invites.iter().map(|invite| invite.id.as_str());
    ids.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_error_that_concerns_all_calls_stops_the_run() {
    let input = two_hundred();
    for (what, persona) in [("no permission", Some(Persona::Member)), ("no key", None)] {
        let place = place();
        let key = persona.map_or("ffy_test_wrong".into(), |persona| {
            place.sandbox.key(persona)
        });
        let place = place.with_key(key);
        let done = place.run_with_input(&["invites", "revoke", "-", "-v"], &input);
        assert_ended(&done, 3, &["Stopped early: ", "200 not done"], what);
        assert!(!done.stderr.contains("not done: inv_"), "{done:?}");
        let sent = done.stderr.matches(" attempt ").count();
        assert!(sent <= 16, "{what}: {sent} requests");
    }
    let nobody = place();
    let command = &mut nobody.command(&["invites", "revoke", "-", "--retries", "0"]);
    let (address, _taken) = silent_address();
    command.env("FACTIFY_BASE_URL", format!("http://{address}"));
    let done = Running::start_with_input(command, &input).end();
    assert_ended(
        &done,
        3,
        &[
            "200 not done",
            "could not be reached",
            "16 calls in a row had no usable response",
        ],
        "no server",
    );
    assert!(
        done.stderr.matches("could not be reached").count() < 32,
        "{done:?}"
    );
}

#[test]
fn a_failing_or_overloaded_server_stops_the_run() {
    let input = two_hundred();
    let page = |status| Fault::Html {
        status,
        processed: false,
    };
    for (what, fault, code, said) in [
        (
            "an hour to wait",
            Fault::RateLimited {
                retry_after: Some(3_600),
            },
            3,
            "Stopped early: ",
        ),
        (
            "unavailable",
            Fault::Unavailable { processed: false },
            4,
            "Stopped early: 16 calls in a row had no usable response",
        ),
        (
            "another address",
            page(StatusCode::FOUND),
            4,
            "Stopped early: ",
        ),
    ] {
        let place = place();
        let plan = std::iter::repeat_n(Some(fault), 1_000);
        place.sandbox.inject(FaultPlan::schedule(plan));
        let arguments = ["invites", "revoke", "-", "--retries", "0", "-v"];
        let done = place.run_with_input(&arguments, &input);
        assert_ended(&done, code, &[said], what);
        let sent = done.stderr.matches(" attempt ").count();
        assert!(sent <= 2 * 24, "{what}: {sent} requests");
    }
}

#[test]
fn items_that_were_not_begun_are_listed_if_others_are_unknown() {
    let place = place();
    let login = Fault::Html {
        status: StatusCode::OK,
        processed: false,
    };
    let plan = std::iter::repeat_n(Some(login), 100);
    place.sandbox.inject(FaultPlan::schedule(plan));
    let emails: Vec<_> = (0..40).map(|n| format!("dwight{n}@example.com")).collect();
    let mut arguments = vec!["invites", "create", "--rate", "6000"];
    arguments.extend(emails.iter().map(String::as_str));
    let done = place.run(&arguments);
    let said = ["Check the base URL and the proxy", "Stopped early: 16"];
    assert_ended(&done, 4, &said, "a proxy that wants a login");
    let possibly = done.stderr.matches(": possibly invited").count();
    let named = done.stderr.matches("createOrganizationInvite").count();
    let not_done = done.stderr.matches("not done: dwight").count();
    assert!(possibly > 0 && not_done > 0, "{done:?}");
    assert_eq!(named + not_done, 40, "each is reported once: {done:?}");
}

#[test]
fn all_calls_wait_when_the_api_asks_one_to_wait() {
    let limited = Fault::RateLimited {
        retry_after: Some(1),
    };
    let (place, relay) = place().held_back(|_| false);
    place.sandbox.inject(FaultPlan::schedule([Some(limited)]));
    let before = place.sandbox.outbox().len();
    let emails: Vec<_> = (0..20).map(|n| format!("dwight{n}@example.com")).collect();
    let create = ["invites", "create", "--retries", "0", "--rate", "6000"];
    let mut arguments = [&create[..], &["--timeout", "10m"]].concat();
    arguments.extend(emails.iter().map(String::as_str));
    let running = Running::start(&mut place.command(&arguments));
    // The others in flight get their responses after one was asked to wait.
    relay.until_held(8);
    let asked = place.sandbox.now();
    relay.pass(|head| head.starts_with(b"HTTP/1.1 429"));
    running.until_said("not invited", 1);
    relay.pass_all();
    let done = running.end();
    assert_ended(&done, 6, &["19 invited, 1 not done."], "one was refused");
    let sent = place.sandbox.outbox().split_off(before);
    let waited = asked.checked_add(Duration::from_secs(1)).unwrap();
    let (early, late): (Vec<_>, _) = sent.iter().partition(|email| email.sent_at < waited);
    assert_eq!(
        (early.len(), late.len()),
        (7, 12),
        "since {asked}: {sent:?}"
    );
}

#[test]
fn invalid_input_sends_nothing() {
    let place = place();
    let long = "x".repeat(2_001);
    let user = "user_01h2xcejqtf2nbrexx3vqjhp41";
    let hint = "that is a user id; an invite id starts with inv_";
    let cases: &[(&[&str], &str, &str)] = &[
        (&["invites", "revoke", user], "", hint),
        (&["invites", "revoke", "-"], user, hint),
        (&["invites", "revoke"], "", "which invites?"),
        (
            &["invites", "revoke", "--email-contains", "", "--yes"],
            "",
            "it is empty",
        ),
        (
            &["invites", "revoke", UNKNOWN_INVITE, "--sender", user],
            "",
            "not both",
        ),
        (
            &["invites", "revoke", "--status", "accepted"],
            "",
            "possible values: pending",
        ),
        (&["invites", "create", "dwight"], "", "it has no @"),
        (
            &["invites", "create", "a@example.com", "--message", &long],
            "",
            "2001 bytes",
        ),
        (
            &[
                "invites",
                "list",
                "--created-after",
                "1d",
                "--created-before",
                "2d",
            ],
            "",
            "is not before",
        ),
        (
            &["invites", "list", "--base-url", "http://example.com"],
            "",
            "in the clear",
        ),
        (
            &["invites", "list", "--base-url", "http://127.0.0.1:abc"],
            "",
            "its port is not a number",
        ),
        (
            &["invites", "list", "--key-file", "/nonexistent"],
            "",
            "cannot be read",
        ),
        (
            &["invites", "list", "--org", "org_"],
            "",
            "not an organization id",
        ),
        (&["invites", "accept"], "", "standard input has no token"),
        (
            &["invites", "accept", "t0ken"],
            "",
            "must not be an argument",
        ),
    ];
    for (arguments, input, said) in cases {
        let done = place.run_with_input(arguments, input);
        assert_ended(&done, 2, &[said], &arguments.join(" "));
        assert_eq!(done.stdout, "");
        assert!(!done.stderr.contains("t0ken"), "{done:?}");
    }
    assert_eq!(place.sandbox.outbox().len(), 3, "no email was sent");
}

#[test]
fn a_failed_list_leaves_an_incomplete_document() {
    let place = Place::new(
        Sandbox::builder()
            .seed(1)
            .running_clock()
            .invites(150)
            .build(),
    );
    let forbidden = Fault::Html {
        status: StatusCode::FORBIDDEN,
        processed: false,
    };
    for (form, whole) in [
        ("json", false),
        ("jsonl", true),
        ("table", true),
        ("ids", true),
    ] {
        let plan = [None, Some(forbidden.clone())];
        place.sandbox.inject(FaultPlan::schedule(plan));
        let done = place.run(&["invites", "list", "-o", form]);
        assert_ended(&done, 3, &["stopped after 100"], form);
        assert_eq!(
            done.stdout.matches("inv_").count(),
            100,
            "{form}: the first page"
        );
        assert_eq!(done.stdout.ends_with('\n'), whole, "{form}");
        assert!(!done.stdout.contains("pagination"), "{form}");
    }
}

/// An output that cannot be written.
#[cfg(target_os = "linux")]
fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_failed_output_is_reported_with_the_summary() {
    let place = place();
    let id = place.sandbox.invites().remove(0).id.to_string();
    let mut command = place.command(&["invites", "revoke", &id]);
    let done = Running::start(command.stdout(full())).end();
    assert_ended(
        &done,
        1,
        &["standard output cannot be written", "1 revoked."],
        "full",
    );
}

/// A closed pipe is no error of a list, but nobody would know the id of what was created.
#[cfg(target_os = "linux")]
#[test]
fn a_lost_output_names_what_was_created() {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;

    let place = place();
    let (reader, closed) = UnixStream::pair().unwrap();
    drop(reader);
    let directory = tempfile::tempdir().unwrap();
    let secret = directory.path().join("ci.key");
    let create_key = ["keys", "create", "Sabre", "--secret-file"];
    let create_key = [&create_key[..], &[secret.to_str().unwrap()]].concat();
    for output in [OwnedFd::from(full()), OwnedFd::from(closed)] {
        for (create, id) in [
            (&["orgs", "create", "Sabre"][..], "(org_"),
            (&create_key, "(key_"),
        ] {
            let mut command = place.command(&[create, &["--error-format", "json"]].concat());
            let output = output.try_clone().unwrap();
            let done = Running::start(command.stdout(output)).end();
            assert_eq!(done.code, Some(1), "{done:?}");
            for expected in ["\"outcome\":\"applied\"", "Sabre", id, "created, but"] {
                assert!(done.stderr.contains(expected), "{expected}: {done:?}");
            }
        }
        let written = std::fs::read_to_string(&secret).unwrap();
        assert!(written.starts_with("ffy_"), "the secret is not lost");
        std::fs::remove_file(&secret).unwrap();
    }
}

/// The invitation cannot be accepted again.
#[cfg(target_os = "linux")]
#[test]
fn a_lost_output_says_that_the_invitation_is_accepted() {
    let (_, done) = accept(&place(), |command| {
        command.args(["--error-format", "json"]).stdout(full());
    });
    let said = ["\"outcome\":\"applied\"", ": accepted, but"];
    assert_ended(&done, 1, &said, "full");
}
