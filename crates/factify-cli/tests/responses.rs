//! Responses that the API may send and the sandbox does not.

#![allow(clippy::unwrap_used)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use factify_sandbox::Sandbox;
use serde_json::{Value, json};
use support::{Done, Place, Running};

const ORGANIZATION: &str = "org_01h2xcejqtf2nbrexx3vqjhp41";
const IDS: [&str; 2] = [
    "inv_01h2xcejqtf2nbrexx3vqjhp41",
    "inv_01h2xcejqtf2nbrexx3vqjhp42",
];

/// Runs the command on a server that responds to each request, given by its first line.
fn run(respond: impl Fn(&str) -> (u16, Value) + Send + 'static, arguments: &[&str]) -> Done {
    let respond = move |request: &str| {
        let (status, body) = respond(request);
        (status, body.to_string())
    };
    // The token of an invitation, which only `accept` reads.
    Running::start_with_input(&mut command(respond, arguments), "token").end()
}

fn command(
    respond: impl Fn(&str) -> (u16, String) + Send + 'static,
    arguments: &[&str],
) -> Command {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // The thread ends with the test.
    thread::spawn(move || {
        for stream in listener.incoming() {
            serve(&mut stream.unwrap(), &respond);
        }
    });
    let place = Place::new(Sandbox::builder().build());
    let mut command = place.command(arguments);
    command.env("FACTIFY_BASE_URL", format!("http://{address}"));
    command.env("FACTIFY_ORG", ORGANIZATION);
    command
}

fn serve(stream: &mut TcpStream, respond: impl Fn(&str) -> (u16, String)) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut request, mut length) = (String::new(), 0);
    reader.read_line(&mut request).unwrap();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        if header.trim().is_empty() {
            break;
        }
        let header = header.to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    reader.take(length).read_to_end(&mut Vec::new()).unwrap();
    let (status, body) = respond(&request);
    write!(
        stream,
        "HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
}

fn invite(id: &str, text: &str) -> Value {
    let user = json!({"id": "user_01h2xcejqtf2nbrexx3vqjhp41", "name": text, "email": text});
    json!({
        "id": id,
        "organization_id": ORGANIZATION,
        "email": text,
        "status": "pending",
        "sender": user,
        "created_at": "2026-01-15T01:30:15Z",
        "expires_at": "2026-01-22T01:30:15Z",
    })
}

/// Two pages with a token but without `has_more`, as the document allows.
fn without_has_more(request: &str) -> (u16, Value) {
    let (id, pagination) = if request.contains("page_token=second") {
        (IDS[1], json!({}))
    } else {
        (IDS[0], json!({"next_page_token": "second"}))
    };
    let page = json!({"items": [invite(id, "dwight@example.com")], "pagination": pagination});
    (200, page)
}

#[test]
fn a_list_continues_while_there_is_a_token() {
    let list = run(without_has_more, &["invites", "list", "-oids"]);
    assert_eq!(list.stdout.lines().collect::<Vec<_>>(), IDS, "{list:?}");
    let filters = ["invites", "revoke", "--status", "pending", "--dry-run"];
    let found = run(without_has_more, &filters);
    assert!(
        found.stderr.starts_with("2 pending invites would"),
        "{found:?}"
    );
    let named = ["invites", "revoke", IDS[1], "--dry-run"];
    assert_eq!(run(without_has_more, &named).code, Some(0));

    let first = run(
        without_has_more,
        &["invites", "list", "--limit", "1", "-ojson"],
    );
    let rest = json!({"has_more": true, "next_page_token": "second"});
    assert_eq!(document(&first)["pagination"], rest);
    let token = ["invites", "list", "--page-token", "second", "-oids"];
    assert_eq!(run(without_has_more, &token).stdout.trim_end(), IDS[1]);
}

#[test]
fn an_invite_that_cannot_be_read_is_reported_and_hides_no_other() {
    let respond = |_: &str| {
        let mut odd = invite(IDS[0], "odd@example.com");
        odd["created_at"] = json!(7);
        let items = [odd, invite(IDS[1], "dwight@example.com")];
        (200, json!({"items": items, "pagination": {}}))
    };
    let list = run(respond, &["invites", "list", "-oids"]);
    let found = (list.stdout.trim_end(), list.code);
    assert_eq!(found, (IDS[1], Some(3)), "{list:?}");
    assert!(
        list.stderr.starts_with("error: 1 invite of org_"),
        "{list:?}"
    );
    // A filter may match it, so a revocation by filter does not start.
    let filters = ["invites", "revoke", "--status", "pending", "--yes"];
    let revoked = run(respond, &filters);
    for done in [list, revoked] {
        assert_eq!(done.code, Some(3), "{done:?}");
        assert!(done.stderr.contains("items[0].created_at"), "{done:?}");
    }
}

#[test]
fn a_list_continues_after_its_limit() {
    let place = Place::new(Sandbox::builder().seed(1).invites(250).build());
    let all = place.run(&["invites", "list", "-oids"]).stdout;
    let mut found = Vec::new();
    let mut arguments = vec!["invites", "list", "-ojson", "--limit", "130"];
    let first = document(&place.run(&arguments));
    let token = first["pagination"]["next_page_token"].as_str().unwrap();
    arguments.extend(["--page-token", token]);
    let second = document(&place.run(&arguments));
    assert_eq!(second["pagination"], json!({"has_more": false}));
    for (list, length) in [(&first, 130), (&second, 120)] {
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), length);
        found.extend(items.iter().map(|item| item["id"].as_str().unwrap()));
    }
    assert_eq!(found, all.lines().collect::<Vec<_>>());
}

/// A page that always names itself as the next one.
#[test]
fn an_endless_list_stops() {
    let again = |_: &str| {
        let items = [invite(IDS[0], "dwight@example.com")];
        (
            200,
            json!({"items": items, "pagination": {"next_page_token": "-t"}}),
        )
    };
    for arguments in [
        &["invites", "list"][..],
        &["invites", "list", "--limit", "7"],
    ] {
        let done = run(again, arguments);
        assert_eq!(done.code, Some(3), "{done:?}");
        assert!(done.stderr.contains("stopped after 2"), "{done:?}");
        assert!(
            done.stderr.contains("the same page token again"),
            "{done:?}"
        );
    }
    let done = run(
        again,
        &["invites", "list", "--limit", "1", "--page-token", "-t"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
}

/// A success that does not match the request is not a success.
#[test]
fn a_response_that_does_not_match_has_an_unknown_outcome() {
    const OTHER: &str = "org_01h2xcejqtf2nbrexx3vqjhp42";
    let invite = |id: &str, email: &str, organization: &str| {
        let mut invite = invite(id, email);
        invite["organization_id"] = organization.into();
        json!({ "invite": invite })
    };
    let organization = |id: &str| {
        let created_at = "2026-01-15T01:30:15Z";
        json!({"organization": {"id": id, "name": "", "created_at": created_at}})
    };
    let create = ["invites", "create", "a@example.com"];
    let resend = ["invites", "resend", IDS[0]];
    let accept = ["invites", "accept"];
    for (arguments, response, code) in [
        (
            &create[..],
            invite(IDS[0], "b@example.com", ORGANIZATION),
            4,
        ),
        (&create, invite(IDS[0], "a@example.com", OTHER), 4),
        (&create, invite(IDS[0], "a@example.com", ORGANIZATION), 0),
        (&create, invite(IDS[0], "A@Example.com", ORGANIZATION), 0),
        (&resend, invite(IDS[1], "a@example.com", ORGANIZATION), 4),
        (&resend, invite(IDS[0], "a@example.com", OTHER), 4),
        (&resend, invite(IDS[0], "a@example.com", ORGANIZATION), 0),
        (&accept, organization(OTHER), 4),
        (&accept, organization(ORGANIZATION), 0),
    ] {
        let what = format!("{arguments:?} {response}");
        let done = run(move |_| (200, response.clone()), arguments);
        assert_eq!(done.code, Some(code), "{what}: {done:?}");
        assert_eq!(done.stdout.is_empty(), code != 0, "{what}: {done:?}");
        let said = done.stderr.contains("possibly");
        assert_eq!(said, code != 0, "{what}: {done:?}");
    }
}

/// Filters that match the invite of [`invite`].
const FILTERS: [&str; 12] = [
    "invites",
    "revoke",
    "--email-contains",
    "DWIGHT",
    "--sender",
    "user_01h2xcejqtf2nbrexx3vqjhp41",
    "--created-after",
    "2026-01-15T01:30:15Z",
    "--created-before",
    "2026-01-15T01:30:16Z",
    "-oids",
    "--rate=6000",
];

/// What a server lists after an invite that matches all filters, as a change to that invite.
#[test]
fn a_revocation_by_filter_concerns_each_matching_invite_once() {
    let other = json!({"id": "user_01h2xcejqtf2nbrexx3vqjhp42", "name": "", "email": "a@b.co"});
    for (what, change, matches, once) in [
        ("another one", json!({}), true, false),
        ("the same again", json!({"id": IDS[0]}), true, true),
        (
            "another address",
            json!({"email": "jim@example.com"}),
            false,
            false,
        ),
        ("another sender", json!({ "sender": other }), false, false),
        (
            "an older one",
            json!({"created_at": "2026-01-15T01:30:14Z"}),
            false,
            false,
        ),
        (
            "a newer one",
            json!({"created_at": "2026-01-15T01:30:16.1Z"}),
            false,
            false,
        ),
        ("a revoked one", json!({"status": "revoked"}), false, false),
        (
            "an accepted one",
            json!({"status": "accepted"}),
            false,
            false,
        ),
        (
            "an unknown status",
            json!({"status": "paused"}),
            false,
            false,
        ),
    ] {
        let mut second = invite(IDS[1], "dwight@example.com");
        let fields = second.as_object_mut().unwrap();
        fields.extend(change.as_object().unwrap().clone());
        for pages in [1, 2] {
            let posted = Arc::new(Mutex::new(Vec::new()));
            let server = {
                let (posted, second) = (Arc::clone(&posted), second.clone());
                move |request: &str| {
                    let first = invite(IDS[0], "dwight@example.com");
                    if let Some(id) = IDS.iter().find(|id| request.contains(*id)) {
                        posted.lock().unwrap().push(*id);
                        let mut revoked = invite(id, "dwight@example.com");
                        revoked["status"] = "revoked".into();
                        return (200, json!({ "invite": revoked }));
                    }
                    let page = match (pages, request.contains("page_token=second")) {
                        (1, _) => json!({"items": [first, second], "pagination": {}}),
                        (_, false) => json!({
                            "items": [first], "pagination": {"next_page_token": "second"}
                        }),
                        (_, true) => json!({"items": [second], "pagination": {}}),
                    };
                    (200, page)
                }
            };
            let expected = if matches && !once {
                &IDS[..]
            } else {
                &IDS[..1]
            };
            let is_or_are = if expected.len() == 1 {
                "invite"
            } else {
                "invites"
            };
            let what = format!("{what}, pages: {pages}");
            for (option, summary) in [
                (
                    "--dry-run",
                    format!("{} pending {is_or_are} would be", expected.len()),
                ),
                ("--yes", format!("{} revoked.", expected.len())),
            ] {
                let done = run(server.clone(), &[&FILTERS[..], &[option]].concat());
                assert_eq!(done.code, Some(0), "{what}: {done:?}");
                let mut ids: Vec<_> = done.stdout.lines().collect();
                ids.sort_unstable();
                assert_eq!(ids, expected, "{what}: {done:?}");
                assert!(done.stderr.contains(&summary), "{what}: {done:?}");
                let warned = done
                    .stderr
                    .contains("the server listed 1 invite that the filters do not match");
                assert_eq!(warned, !matches, "{what}: {done:?}");
            }
            let mut posted = posted.lock().unwrap().clone();
            posted.sort_unstable();
            assert_eq!(posted, expected, "{what}");
        }
    }
}

/// Exit code 2 means that nothing was sent.
#[test]
fn a_page_token_that_is_too_long_is_not_bad_usage() {
    let long = "x".repeat(50_000);
    for (arguments, length) in [
        (&["invites", "list"][..], 70_000),
        // Only together are they too long.
        (&["invites", "list", "--email-contains", &long], 16_000),
        (
            &["invites", "revoke", "--status", "pending", "--yes"],
            70_000,
        ),
        (
            &["invites", "revoke", "--status", "pending", "--dry-run"],
            70_000,
        ),
        (&["invites", "revoke", IDS[0], "--dry-run"], 70_000),
    ] {
        let unusable = move |_: &str| {
            let items = [invite(IDS[1], "dwight@example.com")];
            let pagination = json!({"next_page_token": "x".repeat(length)});
            (200, json!({"items": items, "pagination": pagination}))
        };
        let done = run(unusable, arguments);
        let what = arguments.get(..3).unwrap_or(arguments);
        assert_eq!(done.code, Some(3), "{what:?}");
        assert!(!done.stderr.contains("Nothing was sent"), "{what:?}");
    }
}

fn document(done: &Done) -> Value {
    serde_json::from_str(&done.stdout).unwrap()
}

#[test]
fn no_text_from_a_server_controls_the_terminal() {
    const TEXT: &str = "\u{1b}]0;x\u{7}\u{1b}[2J\r\u{202e}\u{feff}\u{9b}\nerror: forged";
    let steers = |text: &str| {
        text.contains(|symbol: char| symbol != '\n' && symbol.is_control())
            || text.contains(['\u{202e}', '\u{feff}'])
            || text
                .lines()
                .any(|line| line.trim_start().starts_with("error: forged"))
    };
    let refused = |_: &str| {
        let detail = json!({"reason": TEXT, "param": TEXT, "request_id": TEXT});
        (
            400,
            json!({"code": TEXT, "message": TEXT, "details": [detail]}),
        )
    };
    for arguments in [
        &["invites", "list", "-v"][..],
        &["invites", "revoke", IDS[0], IDS[1], "-v"],
        &["invites", "resend", IDS[0], "-v"],
        &["invites", "create", "a@example.com", "-v"],
    ] {
        let done = run(refused, arguments);
        assert_eq!(done.code, Some(3), "{done:?}");
        assert!(done.stderr.contains("\\u{1b}[2J"), "{done:?}");
        assert!(!steers(&done.stderr), "{done:?}");
    }
    for form in ["table", "json", "jsonl"] {
        let list = |_: &str| {
            (
                200,
                json!({"items": [invite(IDS[0], TEXT)], "pagination": {}}),
            )
        };
        let done = run(list, &["invites", "list", "-o", form]);
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(done.stdout.contains("[2J"), "{done:?}");
        assert!(!steers(&done.stdout), "{done:?}");
    }
}

#[test]
fn no_secret_that_a_server_repeats_escaped_is_printed() {
    const KEY: &str = "ffy_test_0123456789abcdef";
    const TOKEN: &str = "from/the\"email";
    let escaped =
        |secret: &str, escape: fn(char) -> String| secret.chars().map(escape).collect::<String>();
    let styles: [fn(char) -> String; 4] = [
        |char| format!("\\u{:04x}", u32::from(char)),
        |char| match char {
            '"' | '/' => format!("\\{char}"),
            _ => char.into(),
        },
        |char| format!("%{:02X}", u32::from(char)),
        |char| format!("&#{};", u32::from(char)),
    ];
    for escape in styles {
        let text = format!("{} {}", escaped(KEY, escape), escaped(TOKEN, escape));
        for body in [
            format!(
                r#"{{"code":"{text}","message":"{text}","details":[
                    {{"reason":"{text}","param":"{text}","request_id":"{text}"}}]}}"#
            ),
            format!("<html>{text}"),
        ] {
            for arguments in [
                &["invites", "list", "-vv"][..],
                &["invites", "create", "a@example.com", "-vv"],
                &["invites", "revoke", IDS[0], "-vv"],
                &["invites", "accept", "-vv"],
            ] {
                let body = body.clone();
                let mut command = command(move |_| (403, body.clone()), arguments);
                command.env("FACTIFY_KEY", KEY);
                let done = Running::start_with_input(&mut command, TOKEN).end();
                let printed = format!("{}{}", done.stdout, done.stderr);
                assert!(printed.contains("403"), "{done:?}");
                for secret in
                    [KEY, TOKEN].map(|secret| [secret.to_owned(), escaped(secret, escape)])
                {
                    // `accept` alone knows the token.
                    let is_known = arguments.contains(&"accept") || secret[0] == KEY;
                    let is_shown = secret.iter().any(|secret| printed.contains(secret));
                    assert!(!(is_known && is_shown), "{done:?}");
                }
            }
        }
    }
}
