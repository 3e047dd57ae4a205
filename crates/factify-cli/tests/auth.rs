//! `factify auth`: what it says about the settings and the key, and that it never shows the key.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::process::Command;

use factify_core::UserId;
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};
use serde_json::{Value, json};
use support::{Done, Place, Running};
use tempfile::NamedTempFile;

fn place() -> Place {
    Place::new(Sandbox::builder().seed(1).running_clock().build())
}

fn status(place: &Place, options: &[&str], change: impl FnOnce(&mut Command)) -> Done {
    let mut command = place.command(&[&["auth", "status", "--retries", "0"], options].concat());
    change(&mut command);
    let done = Running::start(&mut command).end();
    assert!(
        !done.stdout.contains("ffy_") && !done.stderr.contains("ffy_"),
        "{done:?}"
    );
    done
}

fn report(done: &Done) -> Value {
    serde_json::from_str::<Value>(&done.stdout).unwrap()["status"].clone()
}

#[test]
fn the_result_says_whether_the_key_works() {
    let place = place();
    let organization = place.sandbox.organization_id().to_string();
    let user_token = place.sandbox.user_token_text(Persona::Member);
    for (key, options, code, result, user) in [
        (None, &[][..], 0, "works", None),
        (
            Some(&*user_token),
            &[],
            0,
            "works",
            Some(place.sandbox.user_id(Persona::Member)),
        ),
        (Some("ffy_test_wrong"), &[], 3, "refused", None),
        (
            Some("ffy_test_wrong"),
            &["--offline"],
            0,
            "not_checked",
            None,
        ),
        (Some(""), &[], 2, "not_checked", None),
        (Some(""), &["--offline"], 2, "not_checked", None),
    ] {
        let options = [options, &["-o", "json"]].concat();
        let done = status(&place, &options, |command| {
            if let Some(key) = key {
                command.env("FACTIFY_KEY", key);
            }
        });
        let found = report(&done);
        assert_eq!(
            (done.code, &found["result"]),
            (Some(code), &json!(result)),
            "{done:?}"
        );
        assert_eq!(
            found["user"]["id"].as_str(),
            user.as_ref().map(UserId::as_str),
            "{done:?}"
        );
        let works = result == "works";
        assert_eq!(
            found["organizations"][0]["id"] == *organization,
            works,
            "{done:?}"
        );
        assert_eq!(found["base_url"]["source"], "FACTIFY_BASE_URL");
        assert_eq!(
            found["organization"],
            json!({"value": organization, "source": "FACTIFY_ORG"})
        );
        assert_eq!(done.stderr.is_empty(), code == 0, "{done:?}");
    }
    place
        .sandbox
        .inject(FaultPlan::always(Fault::Unavailable { processed: false }));
    let done = status(&place, &["-o", "json"], |_| ());
    assert_eq!(
        (done.code, &report(&done)["result"]),
        (Some(3), &json!("unknown")),
        "{done:?}"
    );
}

#[test]
fn people_read_a_table_and_scripts_the_ids() {
    let place = place();
    let organization = place.sandbox.organization_id().to_string();
    let done = status(&place, &[], |_| ());
    assert_eq!(done.code, Some(0), "{done:?}");
    for row in [
        &["SETTING", "FROM", "VALUE"][..],
        &["configuration", "file", "none"],
        &["profile", "none"],
        &["organization", "FACTIFY_ORG", &organization],
        &["key", "FACTIFY_KEY", "set"],
        &["check", "API", "works"],
    ] {
        let mut lines = done.stdout.lines();
        let is_row = |line: &str| {
            line.split_whitespace()
                .take(row.len())
                .eq(row.iter().copied())
        };
        assert!(lines.any(is_row), "{row:?} {done:?}");
    }
    let done = status(&place, &["-o", "ids"], |_| ());
    assert_eq!(done.stdout, format!("{organization}\n"));
}

#[test]
fn a_profile_and_its_file_are_named() {
    let place = place();
    let file = NamedTempFile::new().unwrap().into_temp_path();
    let text = "profile = \"work\"\n\
        [profiles.other]\nbase_url = \"https://other.example\"\nkey_file = \"none\"\n\
        [profiles.work]\norganization = \"org_01h2xcejqtf2nbrexx3vqjhp41\"\nkey_command = [\"factify-no-such-program\"]\n";
    fs::write(&file, text).unwrap();
    let without = |command: &mut Command| {
        for name in ["FACTIFY_KEY", "FACTIFY_BASE_URL", "FACTIFY_ORG"] {
            command.env_remove(name);
        }
        command.env("FACTIFY_CONFIG", &file);
    };
    let done = status(&place, &["--offline", "-o", "json"], without);
    assert_eq!(done.code, Some(0), "{done:?}");
    let found = report(&done);
    assert_eq!(found["configuration_file"], file.to_str().unwrap());
    for (name, value, source) in [
        ("profile", "work", "default"),
        ("base_url", "https://api.factify.com", "default"),
        ("organization", "org_01h2xcejqtf2nbrexx3vqjhp41", "profile"),
        ("key", "key_command", "profile"),
    ] {
        assert_eq!(
            found[name],
            json!({"value": value, "source": source}),
            "{name}"
        );
    }
    let done = status(
        &place,
        &["--offline", "--profile", "other", "-o", "json"],
        |_| (),
    );
    assert_eq!(done.code, Some(2), "{done:?}");
    let other = ["--offline", "--profile", "other", "-o", "json"];
    let found = report(&status(&place, &other, without));
    assert_eq!(
        found["profile"],
        json!({"value": "other", "source": "--profile"})
    );
    assert_eq!(
        found["base_url"],
        json!({"value": "https://other.example", "source": "profile"})
    );
    // A key that may not go to the API is an error without a request.
    let done = status(
        &place,
        &["--base-url", "https://elsewhere.example", "-o", "json"],
        without,
    );
    assert_eq!(
        (done.code, &report(&done)["result"]),
        (Some(2), &json!("not_checked")),
        "{done:?}"
    );

    let profiles = |options: &[&str]| {
        let mut command = place.command(&[&["auth", "profiles"], options].concat());
        without(&mut command);
        Running::start(&mut command).end().stdout
    };
    assert_eq!(profiles(&["-o", "ids"]), "other\nwork\n");
    let listed: Value = serde_json::from_str(&profiles(&["-o", "json"])).unwrap();
    let work = json!({
        "name": "work", "in_use": true, "base_url": "https://api.factify.com",
        "organization": "org_01h2xcejqtf2nbrexx3vqjhp41", "key": "key_command",
    });
    assert_eq!(listed["items"][1], work);
    assert!(profiles(&[]).contains("key_file"), "{}", profiles(&[]));
    let done = place.run(&["auth", "profiles"]);
    assert_eq!(
        (done.code, &*done.stderr),
        (Some(0), "No profiles.\n"),
        "{done:?}"
    );
}
