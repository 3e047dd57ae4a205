//! The command's environment: one table for all variables, with the options that replace them.

#![allow(clippy::unwrap_used)]

mod support;

use std::io::Write;
use std::process::Command;

use factify_core::BaseUrl;
use factify_sandbox::Sandbox;
use support::{Done, Place, Running, silent_address};
use tempfile::NamedTempFile;

const ORGANIZATION: &str = "FACTIFY_ORG";
const KEY: &str = "FACTIFY_KEY";
const URL: &str = "FACTIFY_BASE_URL";

fn list(place: &Place, options: &[&str], change: impl FnOnce(&mut Command)) -> Done {
    let arguments = ["invites", "list", "--limit", "1", "--retries", "0"];
    let mut command = place.command(&[&arguments[..], options].concat());
    change(&mut command);
    Running::start(&mut command).end()
}

#[test]
fn every_variable_is_trimmed_and_an_empty_one_is_ignored() {
    let place = Place::new(Sandbox::builder().seed(1).invites(1).build());
    let command = place.command(&[]);
    let valid = |name: &str| {
        let mut variables = command.get_envs();
        let found = variables.find(|(found, _)| *found == name).unwrap();
        found.1.unwrap().to_str().unwrap().to_owned()
    };
    let (organization, key, url) = (valid(ORGANIZATION), valid(KEY), valid(URL));
    let mut key_file = NamedTempFile::new().unwrap();
    // Only the first line is the key.
    write!(key_file, "{key}\nkey_01h2xcejqtf2nbrexx3vqjhp41\n").unwrap();
    let key_file = key_file.path().to_str().unwrap();
    let padded = |text: &str| format!(" \t{text} \r\n");
    let none = &[][..];
    for (name, value, options, code, said) in [
        (ORGANIZATION, padded(&organization), none, 0, ""),
        (KEY, padded(&key), none, 0, ""),
        (URL, padded(&url), none, 0, ""),
        (ORGANIZATION, String::new(), none, 2, "which organization?"),
        (ORGANIZATION, padded(""), none, 2, "which organization?"),
        (ORGANIZATION, padded(""), &["--org", &organization], 0, ""),
        (
            ORGANIZATION,
            "org_".into(),
            none,
            2,
            "variable FACTIFY_ORG: not an organization id",
        ),
        (
            ORGANIZATION,
            "org_".into(),
            &["--org", &organization],
            0,
            "",
        ),
        (
            KEY,
            String::new(),
            none,
            2,
            "there is no API key\n  Set FACTIFY_KEY, or name a file",
        ),
        (KEY, padded(""), none, 2, "there is no API key"),
        (KEY, padded(""), &["--key-file", key_file], 0, ""),
        (
            KEY,
            "s3 cret".into(),
            none,
            2,
            "variable FACTIFY_KEY: not a usable bearer token: it has",
        ),
        (KEY, "s3 cret".into(), &["--key-file", key_file], 0, ""),
        (
            URL,
            "ftp://s3cret".into(),
            none,
            2,
            "variable FACTIFY_BASE_URL: not a usable base URL",
        ),
        (URL, "ftp://s3cret".into(), &["--base-url", &url], 0, ""),
        (
            URL,
            "http://a.example".into(),
            none,
            2,
            "http sends the token in the clear",
        ),
        (URL, padded(""), &["--base-url", ""], 2, "(from --base-url)"),
        (
            URL,
            url.clone(),
            &["--base-url", "ftp://s3cret"],
            2,
            "(from --base-url)",
        ),
    ] {
        let done = list(&place, options, |command| {
            command.env(name, &value);
        });
        let what = format!("{name}={value:?} {options:?}: {done:?}");
        assert_eq!(done.code, Some(code), "{what}");
        assert!(done.stderr.contains(said), "{what}");
        assert!(!done.stderr.contains("s3"), "{what}");
        assert_eq!(
            done.stderr.contains("Nothing was sent."),
            code == 2,
            "{what}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_unicode_is_an_error_that_names_it() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new(Sandbox::new(1));
    for name in [ORGANIZATION, KEY, URL] {
        let done = list(&place, &[], |command| {
            command.env(name, OsStr::from_bytes(b"s3cret\xff"));
        });
        let said = format!("the environment variable {name}: it is not Unicode");
        assert_eq!(done.code, Some(2), "{done:?}");
        assert!(
            done.stderr.contains(&said) && !done.stderr.contains("s3cret"),
            "{done:?}"
        );
    }
}

/// An empty URL means the production API, which is also what the help says.
#[test]
fn without_a_url_the_command_uses_the_production_api() {
    let place = Place::new(Sandbox::new(1));
    let (address, _reserved) = silent_address();
    for url in [Some(" "), None] {
        let done = list(&place, &[], |command| {
            command.env("HTTPS_PROXY", format!("http://{address}"));
            match url {
                Some(url) => command.env(URL, url),
                None => command.env_remove(URL),
            };
        });
        assert_eq!(done.code, Some(3), "{done:?}");
        assert!(done.stderr.contains("api.factify.com"), "{done:?}");
    }
    let help = place.run(&["invites", "list", "--help"]);
    let production = BaseUrl::production();
    let said = format!("[env: {URL}] [default: {production}]");
    let help = help.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains(&said), "{help}");
}
