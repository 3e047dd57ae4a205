//! What the command says about its arguments: one table for all of them.

#![allow(clippy::unwrap_used)]

mod support;

use std::io::Write;

use factify_sandbox::{Fault, FaultPlan, Sandbox};
use support::{Done, Place};
use tempfile::NamedTempFile;

fn place() -> Place {
    Place::new(
        Sandbox::builder()
            .seed(1)
            .running_clock()
            .invites(3)
            .build(),
    )
}

fn assert_said(done: &Done, code: i32, said: &str, what: &str) {
    assert_eq!(done.code, Some(code), "{what}: {done:?}");
    assert!(done.stderr.contains(said), "{what}: {done:?}");
}

#[test]
fn each_wrong_value_has_a_message_that_says_what_to_change() {
    let place = place();
    for (arguments, said) in [
        ("invites list --email-exact nobody", "it has no @"),
        ("invites revoke --email-exact nobody --yes", "it has no @"),
        ("invites list --limit 0", "it must be at least 1"),
        ("invites revoke - --rate 0", "it must be at least 1"),
        ("sandbox --clock-speed 0", "it must be at least 1"),
        ("invites list --limit x", "it is not a whole number"),
        (
            "invites list --limit 99999999999999999999",
            "it is not a whole number",
        ),
        (
            "invites list --created-before -5d",
            "an age has no minus: 5d",
        ),
        (
            "invites list --created-after -12h",
            "an age has no minus: 12h",
        ),
        (
            "invites list --created-after +12h",
            "an age has no plus: 12h",
        ),
        ("invites list --created-after --yes", "it is neither a time"),
        (
            "invites list --created-after 1d --created-before 5d",
            "--created-after: ",
        ),
        (
            "invites list --created-after 1d --created-before 5d",
            ", which is --created-before",
        ),
        ("revoke", "factify invites revoke"),
        ("list --limit 1", "factify invites list"),
        ("help accept", "factify invites accept"),
        (
            "--profile work invites list",
            "put '--profile' after the command",
        ),
        (
            "--profile=work invites list",
            "put '--profile' after the command",
        ),
        ("-ojson invites list", "put '-o' after the command"),
        // No value: the same words for all.
        ("invites list --org \u{a0}", "it is empty"),
        ("invites list --base-url \u{a0}", "it is empty"),
        ("invites list \u{a0}", "it is empty"),
        ("invites list --email-contains \u{a0}", "it is empty"),
        (
            "invites revoke --email-contains \u{a0} --yes",
            "it is empty",
        ),
        ("invites list --email-exact \u{a0}", "it is empty"),
        ("invites list --sender \u{a0}", "it is empty"),
        ("invites list --created-after \u{a0}", "it is empty"),
        ("invites list --limit \u{a0}", "it is empty"),
        ("invites list --page-token \u{a0}", "it is empty"),
        ("invites list --timeout \u{a0}", "it is empty"),
        ("invites revoke \u{a0}", "it is empty"),
        ("invites create \u{a0}", "it is empty"),
    ] {
        let words = arguments.split(' ');
        let words: Vec<_> = words.map(|word| word.trim_matches('\u{a0}')).collect();
        assert_said(&place.run(&words), 2, said, arguments);
    }
}

/// A command that does not call the API has no profile, in any place.
#[test]
fn an_option_that_a_command_does_not_have_is_not_moved() {
    let done = place().run(&["sandbox", "--profile", "work"]);
    assert_said(&done, 2, "unexpected argument '--profile'", "sandbox");
    assert!(!done.stderr.contains("after the command"), "{done:?}");
}

#[test]
fn only_commands_that_send_say_that_nothing_was_sent() {
    let place = place();
    for (arguments, is_said) in [
        ("invites list --nonsense", true),
        ("--color never invites list --nonsense", true),
        ("revoke", true),
        ("sandbox --nonsense", false),
        ("--color never sandbox --nonsense", false),
        ("--color=never completions nonsense", false),
        ("man", false),
        ("help nonsense", false),
    ] {
        let words: Vec<_> = arguments.split(' ').collect();
        let done = place.run(&words);
        assert_eq!(done.code, Some(2), "{arguments}: {done:?}");
        let found = done.stderr.contains("Nothing was sent.");
        assert_eq!(found, is_said, "{arguments}: {done:?}");
    }
}

#[test]
fn filters_that_match_nothing_are_reported() {
    let place = place();
    let filter = ["invites", "revoke", "--email-contains", "nobody"];
    for option in ["--yes", "--dry-run"] {
        let done = place.run(&[&filter[..], &[option]].concat());
        assert_said(&done, 0, "", option);
        assert_eq!(
            done.stderr, "No pending invite matches the filters.\n",
            "{option}"
        );
    }
    let done = place.run(&[&filter[..], &["--yes", "--output", "json"]].concat());
    assert!(done.stdout.contains("\"items\":[]"), "{done:?}");
}

#[test]
fn a_token_that_is_missing_is_reported_as_missing() {
    let place = place();
    for input in ["", " \n"] {
        let done = place.run_with_input(&["invites", "accept"], input);
        assert_said(&done, 2, "standard input has no token", input);
    }
    let mut file = NamedTempFile::new().unwrap();
    writeln!(file).unwrap();
    let file = file.path().to_str().unwrap();
    let done = place.run(&["invites", "accept", "--token-file", file]);
    assert_said(&done, 2, "the file of --token-file has no token", "file");
}

#[test]
fn a_table_that_a_limit_ends_says_that_there_are_more() {
    let place = place();
    for (limit, format, is_said) in [
        ("1", "table", true),
        ("3", "table", false),
        ("1", "ids", false),
        ("1", "json", false),
    ] {
        let done = place.run(&["invites", "list", "--limit", limit, "--output", format]);
        let said = if is_said {
            "There are more invites"
        } else {
            ""
        };
        assert_said(&done, 0, said, format);
        assert_eq!(
            done.stderr.is_empty(),
            !is_said,
            "{limit} {format}: {done:?}"
        );
    }
}

#[test]
fn a_long_table_has_its_titles_once_and_keeps_its_columns() {
    let place = Place::new(
        Sandbox::builder()
            .seed(1)
            .running_clock()
            .invites(1_100)
            .build(),
    );
    let done = place.run(&["invites", "list"]);
    let lines: Vec<_> = done.stdout.lines().collect();
    assert_eq!(lines.len(), 1_101, "{}", done.stderr);
    let start = lines[0].find("EMAIL").unwrap();
    for line in &lines[1..] {
        assert!(line.starts_with("inv_"), "{line}");
        assert!(
            line[..start].ends_with("  ") && line[start..].starts_with("guest"),
            "{line}"
        );
    }
}

#[test]
fn verbose_names_the_kind_of_an_error_by_its_label() {
    let place = place();
    place
        .sandbox
        .inject(FaultPlan::schedule([Some(Fault::DropBefore)]));
    let done = place.run(&["invites", "list", "--verbose"]);
    assert_said(&done, 0, "attempt 1: failed (interrupted) after", "verbose");
}

#[test]
fn the_usage_of_revoke_requires_no_particular_filter() {
    let help = place().run(&["invites", "revoke", "--help"]).stdout;
    assert!(
        help.contains("factify invites revoke [OPTIONS] [ORG] <FILTERS>"),
        "{help}"
    );
    assert!(!help.contains("[ORG] --status"), "{help}");
}

#[test]
fn a_parameter_that_is_too_long_is_named_like_its_option_or_argument() {
    let place = place();
    let long = "x".repeat(3_000);
    let key = "key_01h2xcejqtf2nbrexx3vqjhp41";
    let document = "doc_01h2xcejqtf2nbrexx3vqjhp41";
    for (arguments, said) in [
        (
            &["documents", "list", "--title-contains", &long][..],
            "--title-contains: it has 3000",
        ),
        (
            &["documents", "update", document, "--title", &long],
            "--title: it has 3000",
        ),
        (&["orgs", "create", &long], "NAME: it has 3000"),
        (&["orgs", "update", "--name", ""], "--name: it has 0"),
        (
            &["orgs", "update", "--logo-image-url", &long],
            "--logo-image-url: ",
        ),
        (
            &["keys", "create", "", "--secret-file", "-"],
            "NAME: it has 0",
        ),
        (
            &["keys", "revoke", key, "--reason", &long],
            "--reason: it has 3000",
        ),
        (
            &["quota", "set", key, "4294967295"],
            "LIMIT: it is 4294967295",
        ),
        (
            &[
                "documents",
                "duplicates",
                document,
                "--file-contents-hash",
                "x",
            ],
            "--file-contents-hash: ",
        ),
        (
            &["invites", "create", "a@example.com", "--message", &long],
            "--message: it has 3000",
        ),
    ] {
        let done = place.run(arguments);
        assert_said(&done, 2, said, &arguments.join(" "));
        assert!(done.stderr.contains("Nothing was sent."), "{done:?}");
    }
}

#[test]
fn an_uncertain_outcome_names_the_command_that_looks() {
    let place = place();
    let document = "doc_01h2xcejqtf2nbrexx3vqjhp41";
    let organization = place.sandbox.organization_id();
    let invite = place
        .run(&["invites", "list", "--limit", "1", "-o", "ids"])
        .stdout;
    for (arguments, look) in [
        ("orgs create New", "To look: factify orgs list".to_owned()),
        (
            &format!("access-requests create {document} --permission view"),
            format!("`factify access-requests status {document}`"),
        ),
        (
            "invites create new@example.com",
            format!("To look: factify invites list {organization} --created-after 1h"),
        ),
        (
            &format!("invites resend {invite}"),
            format!("To look: factify invites show {organization} {invite}"),
        ),
        (
            "keys create ci --secret-file -",
            format!("To look: factify keys list {organization}"),
        ),
    ] {
        place
            .sandbox
            .inject(FaultPlan::schedule([Some(Fault::DropAfter)]));
        let words: Vec<_> = arguments.split_whitespace().collect();
        let done = place.run(&words);
        assert_said(&done, 4, look.trim_end(), arguments);
    }
}
