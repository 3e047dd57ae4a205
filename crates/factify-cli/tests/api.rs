//! `factify api`: requests to any path, and their responses as they arrive.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::fs;

use factify_core::invites::ListOrganizationInvites;
use factify_core::{OPERATIONS, Operation};
use factify_sandbox::{Fault, FaultPlan, Sandbox};
use serde_json::Value;
use support::{Done, Place};
use tempfile::NamedTempFile;

const INVITES: &str = "/v1beta/organizations/{organization_id}/invites";

fn place() -> Place {
    Place::new(
        Sandbox::builder()
            .seed(1)
            .invites(3)
            .running_clock()
            .build(),
    )
}

/// Runs `factify api` with these words.
fn api(place: &Place, words: &[&str]) -> Done {
    place.run(&[&["api"], words].concat())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn assert_code(done: &Done, code: i32) {
    assert_eq!(done.code, Some(code), "{done:?}");
}

#[test]
fn the_body_of_a_response_is_printed_as_it_arrived() {
    let place = place();
    let organization = place.sandbox.organization_id();
    let url = {
        let command = place.command(&[]);
        let found = command
            .get_envs()
            .find(|(name, _)| *name == "FACTIFY_BASE_URL");
        found
            .unwrap()
            .1
            .unwrap()
            .to_str()
            .unwrap()
            .trim_end_matches('/')
            .to_owned()
    };
    let expected = api(
        &place,
        &["GET", &format!("/v1beta/organizations/{organization}")],
    );
    assert_code(&expected, 0);
    assert_eq!(expected.stderr, "");
    assert_eq!(
        json(&expected.stdout)["organization"]["id"],
        organization.as_str()
    );
    for words in [
        &["GET", "v1beta/organizations/{organization_id}"][..],
        &["get", "/v1beta/organizations/{organization_id}"],
        &[
            "GET",
            &format!("{url}/v1beta/organizations/{{organization_id}}"),
        ],
        &[
            "GET",
            "/v1beta/organizations/{organization_id}",
            "-o",
            "json",
        ],
        &[
            "GET",
            "/v1beta/organizations/{organization_id}",
            "-H",
            "X-Trace: 1",
        ],
    ] {
        let done = api(&place, words);
        assert_code(&done, 0);
        assert_eq!(done.stdout, expected.stdout, "{words:?}");
    }
    let done = api(
        &place,
        &[
            "GET",
            "/v1beta/organizations/{organization_id}",
            "--include",
        ],
    );
    let (head, body) = done.stdout.split_once("\n\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\n"), "{head}");
    assert!(head.contains("\ncontent-type: application/json"), "{head}");
    assert_eq!(body, expected.stdout);
}

#[test]
fn fields_become_the_query_or_the_body() {
    let place = place();
    let done = api(
        &place,
        &[
            "POST",
            INVITES,
            "-f",
            "email=new@example.com",
            "-f",
            "role=member",
        ],
    );
    // The API has no role there, and its error is the response.
    assert_code(&done, 3);
    let done = api(&place, &["POST", INVITES, "-f", "email=new@example.com"]);
    assert_code(&done, 0);
    let id = json(&done.stdout)["invite"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    // The API wants an object even if it has no fields.
    assert_code(
        &api(&place, &["POST", &format!("{INVITES}/{id}/revoke")]),
        0,
    );
    for (fields, count) in [
        (&["-f", "status=revoked"][..], 1),
        (&["-f", "status=revoked", "-f", "status=pending"], 4),
        (&["-F", "page_size=2"], 2),
        (&["-f", "created.after=2999-01-01T00:00:00Z"], 0),
    ] {
        let done = api(&place, &[&["GET", INVITES], fields].concat());
        assert_code(&done, 0);
        assert_eq!(
            json(&done.stdout)["items"].as_array().unwrap().len(),
            count,
            "{fields:?}"
        );
    }
    let done = api(&place, &["GET", &format!("{INVITES}?status=revoked")]);
    assert!(done.stdout.contains(&id), "{done:?}");
}

#[test]
fn a_body_comes_from_a_file_or_standard_input() {
    let place = place();
    let body = r#"{"email":"file@example.com","message":"héllo"}"#;
    let file = NamedTempFile::new().unwrap().into_temp_path();
    fs::write(&file, body).unwrap();
    let named = file.to_str().unwrap().to_owned();
    let done = api(&place, &["POST", INVITES, "--input", &named]);
    assert_code(&done, 0);
    let typed = format!("message=@{named}");
    let done = api(
        &place,
        &[
            "POST",
            INVITES,
            "-f",
            "email=typed@example.com",
            "-F",
            &typed,
        ],
    );
    assert_code(&done, 0);
    assert_eq!(json(&done.stdout)["invite"]["message"], body);
    let arguments = ["api", "POST", INVITES, "--input", "-"];
    let done = place.run_with_input(&arguments, &body.replace("file@", "stdin@"));
    assert_code(&done, 0);
    let emails: Vec<_> = place
        .sandbox
        .outbox()
        .into_iter()
        .map(|sent| sent.to)
        .collect();
    for expected in ["file@", "typed@", "stdin@"] {
        assert!(
            emails.iter().any(|to| to.starts_with(expected)),
            "{emails:?}"
        );
    }
    // The content type is the one of the header.
    let arguments = [&arguments[..], &["-H", "Content-Type: text/plain"]].concat();
    let done = place.run_with_input(&arguments, body);
    assert_code(&done, 3);
}

#[test]
fn all_pages_of_a_list_are_one_document_or_lines() {
    let place = place();
    let path = format!("{INVITES}?page_size=2");
    let ids: Vec<_> = place
        .sandbox
        .invites()
        .iter()
        .map(|it| it.id.to_string())
        .collect();
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(ToOwned::to_owned).collect();
        lines.sort();
        lines
    };
    let mut expected = ids.clone();
    expected.sort();
    let done = api(&place, &["GET", &path, "--paginate", "-o", "ids"]);
    assert_code(&done, 0);
    assert_eq!(sorted(&done.stdout), expected);
    let done = api(&place, &["GET", &path, "--paginate", "-o", "jsonl"]);
    let found = done
        .stdout
        .lines()
        .map(|line| json(line)["id"].as_str().unwrap().to_owned());
    assert_eq!(sorted(&found.collect::<Vec<_>>().join("\n")), expected);
    for format in [&[][..], &["-o", "json"]] {
        let done = api(&place, &[&["GET", &path, "--paginate"], format].concat());
        assert_code(&done, 0);
        assert_eq!(
            json(&done.stdout)["items"].as_array().unwrap().len(),
            3,
            "{done:?}"
        );
        assert!(
            done.stdout
                .ends_with("],\"pagination\":{\"has_more\":false}}\n"),
            "{done:?}"
        );
    }
    let done = api(&place, &["GET", &path, "-o", "ids"]);
    assert_eq!(done.stdout.lines().count(), 2, "{done:?}");
    assert!(
        done.stderr.contains("--paginate reads all pages"),
        "{done:?}"
    );
    let empty = format!("{INVITES}?status=accepted");
    let done = api(&place, &["GET", &empty, "--paginate"]);
    assert_eq!(json(&done.stdout)["items"], Value::Array(Vec::new()));
    // An error in the middle leaves a document that nobody takes for complete.
    let plan = FaultPlan::schedule([
        None,
        Some(Fault::Html {
            status: 418.try_into().unwrap(),
            processed: false,
        }),
    ]);
    place
        .sandbox
        .inject(plan.only(&ListOrganizationInvites::INFO));
    let done = api(&place, &["GET", &path, "--paginate", "--retries", "0"]);
    assert_code(&done, 3);
    assert!(
        done.stdout.starts_with("{\"items\":[") && !done.stdout.ends_with("}}\n"),
        "{done:?}"
    );
    assert!(
        serde_json::from_str::<Value>(&done.stdout).is_err(),
        "{done:?}"
    );
}

/// The timeline continues with a cursor.
#[test]
fn a_list_of_events_is_read_to_its_end() {
    let place = place();
    let client = place
        .sandbox
        .blocking_client(factify_sandbox::Persona::Admin);
    let upload = factify_core::Upload::bytes("a.csv", "a,b\n1,2\n");
    let document = client.documents().create(upload, "Report").send().unwrap();
    for title in ["One", "Two", "Three"] {
        client
            .document(document.id)
            .update()
            .title(title)
            .send()
            .unwrap();
    }
    let path = format!("/v1beta/documents/{}/timeline", document.id);
    let all = api(&place, &["GET", &path, "-o", "ids"]);
    assert_code(&all, 0);
    let paged = api(
        &place,
        &["GET", &path, "-f", "page_size=1", "--paginate", "-o", "ids"],
    );
    assert_code(&paged, 0);
    assert!(all.stdout.lines().count() > 2, "{all:?}");
    assert_eq!(paged.stdout, all.stdout);
}

#[test]
fn the_response_of_an_error_is_printed_and_the_error_too() {
    let place = place();
    let done = api(
        &place,
        &[
            "GET",
            "/v1beta/organizations/org_01h2xcejqtf2nbrexx3vqjhp41",
        ],
    );
    assert_code(&done, 3);
    assert_eq!(json(&done.stdout)["code"], "not_found");
    assert!(
        done.stderr
            .contains("error: GET /v1beta/organizations/org_"),
        "{done:?}"
    );
    assert!(done.stderr.contains("getOrganization"), "{done:?}");
    let done = api(&place, &["GET", "/v1beta/nothing", "-i"]);
    assert_code(&done, 3);
    assert!(
        done.stdout.starts_with("HTTP/1.1 404 Not Found\n"),
        "{done:?}"
    );
}

/// Only what is idempotent is sent again, and the exit code says whether it was applied.
#[test]
fn a_lost_response_has_an_honest_exit_code() {
    let place = place();
    let id = place.sandbox.invites()[0].id;
    let revoke = format!("{INVITES}/{id}/revoke");
    let lost = |plan: FaultPlan, words: &[&str]| {
        place.sandbox.inject(plan);
        let done = api(&place, &[words, &["--verbose"]].concat());
        place.sandbox.inject(FaultPlan::schedule([]));
        (done.code.unwrap(), done.stderr.matches(" attempt ").count())
    };
    let drop_after = || FaultPlan::schedule([Some(Fault::DropAfter)]);
    let refused = || FaultPlan::schedule([Some(Fault::Unavailable { processed: false })]);
    for (plan, words, code, attempts) in [
        (drop_after(), &["GET", INVITES][..], 0, 2),
        (
            drop_after(),
            &["POST", INVITES, "-f", "email=lost@example.com"],
            4,
            1,
        ),
        (
            refused(),
            &["POST", INVITES, "-f", "email=lost2@example.com"],
            4,
            1,
        ),
        // The API would refuse the second request, so the outcome is not known.
        (drop_after(), &["POST", &revoke], 4, 2),
        (drop_after(), &["POST", "/v1beta/unknown"], 4, 1),
        (drop_after(), &["PATCH", "/v1beta/unknown"], 4, 1),
        (drop_after(), &["PUT", "/v1beta/unknown"], 4, 2),
    ] {
        let found = lost(plan, words);
        assert_eq!(found, (code, attempts), "{words:?}");
    }
    let sent = place.sandbox.outbox();
    assert_eq!(
        sent.iter()
            .filter(|email| email.to == "lost@example.com")
            .count(),
        1
    );
}

#[test]
fn what_could_leak_or_cannot_work_is_refused_before_it_is_sent() {
    let place = place();
    let upload = ["POST", "/v1beta/documents", "-f", "title=x"];
    for (words, said) in [
        (
            &["GET", "https://evil.example/v1beta/me"][..],
            "the key is sent only there",
        ),
        (
            &["GET", "http://127.0.0.1:1@evil.example/"],
            "the key is sent only there",
        ),
        (&["GET", "//evil.example/v1beta/me"], "empty segment"),
        (&["GET", "/v1beta/../x"], "segment . or .."),
        (&["GET", "/v1beta/%2E%2e/x"], "segment . or .."),
        (&["GET", "/v1beta/a%2fb"], "percent-encoded"),
        (&["GET", "/v1beta/x#y"], "fragment"),
        (
            &["GET", "/v1beta/x\r\nHost: evil"],
            "must be percent-encoded",
        ),
        (&["GET", "/v1beta/documents/{document_id}"], "placeholder"),
        (
            &["GET", "/v1beta/me", "-H", "Authorization: Bearer s3cret"],
            "header authorization: only the client",
        ),
        (
            &["GET", "/v1beta/me", "-H", "Host: evil"],
            "header host: only the client",
        ),
        (
            &["GET", "/v1beta/me", "-H", "Content-Type: text/plain"],
            "header content-type: only the client",
        ),
        (
            &["GET", "/v1beta/me", "-H", "Authorization"],
            "it is not NAME:VALUE",
        ),
        (
            &["GET", "/v1beta/me", "-H", "A: \u{7f}s3cret"],
            "its value is not valid",
        ),
        (&["POST", INVITES, "-f", "email"], "it is not NAME=VALUE"),
        (
            &["POST", INVITES, "-f", "email=a", "-f", "email=b"],
            "is given twice",
        ),
        (
            &["POST", INVITES, "-f", "email=a", "--input", "-"],
            "cannot be used with",
        ),
        (&["GET", INVITES, "--input", "-"], "has no body"),
        (&["POST", INVITES, "--paginate"], "the method is GET"),
        (
            &["POST", INVITES, "--input", "/no/such/file"],
            "the file of --input cannot be read",
        ),
        (&["GET", INVITES, "-o", "csv"], "no columns"),
        (
            &["GET", INVITES, "-o", "jsonl", "--include"],
            "leave out -o",
        ),
        (
            &["GET", INVITES, "--paginate", "--include"],
            "cannot be used with",
        ),
        (&["HEAD", INVITES], "GET, POST, PUT, PATCH, DELETE"),
        (&["/v1beta/me"], "GET, POST, PUT, PATCH, DELETE"),
        (&upload, "takes a file"),
    ] {
        let done = api(&place, words);
        assert_eq!(done.code, Some(2), "{words:?}: {done:?}");
        assert!(done.stderr.contains(said), "{words:?}: {done:?}");
        assert!(
            done.stderr.contains("othing was sent"),
            "{words:?}: {done:?}"
        );
        assert!(!done.stderr.contains("s3cret"), "{words:?}: {done:?}");
        assert_eq!(done.stdout, "", "{words:?}");
    }
}

/// The name of each operation is in the report of its error, so its rules for retries are used.
#[test]
fn each_path_belongs_to_its_operation() {
    let place = place().with_key("ffy_test_wrong".into());
    for operation in OPERATIONS {
        let mut path = operation.path.to_owned();
        for (name, id) in [
            ("organization_id", "org"),
            ("document_id", "doc"),
            ("version_id", "ver"),
            ("invite_id", "inv"),
            ("api_key_id", "key"),
            ("user_id", "user"),
            ("recipient_id", "user"),
            ("policy_id", "pol"),
            ("access_request_id", "acr"),
        ] {
            path = path.replace(
                &format!("{{{name}}}"),
                &format!("{id}_01h2xcejqtf2nbrexx3vqjhp41"),
            );
        }
        let is_upload = operation
            .content_type
            .is_some_and(|kind| kind.starts_with("multipart"));
        let own = [
            "-H",
            "Content-Type: multipart/form-data; boundary=x",
            "--input",
            "-",
        ];
        let words = [
            &[operation.method.as_str(), &*path][..],
            if is_upload { &own } else { &[] },
        ]
        .concat();
        let done = api(&place, &words);
        assert_code(&done, 3);
        assert!(
            done.stderr.contains(operation.id),
            "{}: {done:?}",
            operation.id
        );
        assert!(!done.stderr.contains("ffy_test_wrong"), "{done:?}");
    }
}

#[test]
fn only_a_list_is_printed_item_by_item() {
    let place = place();
    let before = place.sandbox.outbox().len();
    for format in ["jsonl", "ids"] {
        let done = api(
            &place,
            &["POST", INVITES, "-f", "email=new@example.com", "-o", format],
        );
        assert_eq!(done.code, Some(2), "{done:?}");
        assert!(done.stderr.contains("the method is GET"), "{done:?}");
    }
    assert_eq!(place.sandbox.outbox().len(), before, "nothing was sent");
}
