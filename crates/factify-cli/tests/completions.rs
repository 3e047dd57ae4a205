//! What the completion scripts offer, in each shell.

#![allow(clippy::unwrap_used)]

mod support;

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use factify_sandbox::Sandbox;
use support::{Place, Running};

fn place() -> Place {
    Place::new(Sandbox::builder().seed(1).invites(3).build())
}

/// A place that counts its responses.
fn counting() -> (Place, Arc<AtomicUsize>, impl Sized) {
    let responses = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&responses);
    let (place, relay) = place().held_back(move |_| {
        counted.fetch_add(1, Relaxed);
        true
    });
    (place, responses, relay)
}

/// What is offered for the last word of a line, as a script asks for it.
fn offered_by(mut command: Command, line: &str) -> Vec<String> {
    let words: Vec<_> = line.split(' ').collect();
    command
        .env("FACTIFY_COMPLETE", "fish")
        .args(["--", "factify"])
        .args(words);
    let done = Running::start(&mut command).end();
    assert_eq!((done.code, &*done.stderr), (Some(0), ""), "{line}");
    done.stdout.lines().map(str::to_owned).collect()
}

fn offered(place: &Place, line: &str) -> Vec<String> {
    offered_by(place.command(&[]), line)
}

#[test]
fn values_are_ids_of_the_organization_with_a_description() {
    let place = place();
    for (line, expected) in [
        ("invites revoke ", "inv_…\tguest0@example.net"),
        ("invites show inv_", "inv_…\tguest0@example.net"),
        ("members remove ", "user_…\tmember@example.com"),
        ("invites list --sender ", "user_…\tadmin@example.com"),
        ("keys revoke k", "key_…\tadmin"),
        ("orgs show ", "org_…\tDunder Mifflin"),
        ("invites list --org=", "--org=org_…\tDunder Mifflin"),
        ("invites revoke o", "org_…\tDunder Mifflin"),
        ("invites list --status pending,e", "pending,expired"),
        (
            "invites",
            "invites\tInvite people to an organization: create, resend, revoke, …",
        ),
    ] {
        let found = offered(&place, line);
        let (start, end) = expected.split_once('…').unwrap_or((expected, ""));
        let matches = |one: &String| one.starts_with(start) && one.ends_with(end);
        assert!(found.iter().any(matches), "{line}: {found:?}");
        assert!(
            !found.iter().any(|one| one.starts_with("--h")),
            "{line}: {found:?}"
        );
    }
}

#[test]
fn only_pending_invites_are_offered_to_be_revoked_and_none_twice() {
    let place = place();
    let all = offered(&place, "invites revoke ");
    assert_eq!(all.len(), 3, "{all:?}");
    let (first, _) = all[0].split_once('\t').unwrap();
    let others = offered(&place, &format!("invites revoke {first} "));
    assert_eq!(others, all[1..]);
    assert_eq!(place.run(&["invites", "revoke", first]).code, Some(0));
    assert_eq!(offered(&place, "invites revoke "), all[1..]);
    assert_eq!(offered(&place, "invites show ").len(), 3);
}

#[test]
fn each_completion_sends_one_request_at_most() {
    let (place, responses, _relay) = counting();
    for (line, requests) in [
        ("invites revoke ", 1),
        ("orgs show ", 1),
        ("invites ", 0),
        ("invites list -", 0),
        ("invites list --status ", 0),
        ("sharing update ", 1),
        // Without a document.
        ("policies detach x ", 0),
    ] {
        offered(&place, line);
        assert_eq!(responses.swap(0, Relaxed), requests, "{line}");
    }
}

#[test]
fn without_a_key_or_a_correct_setting_nothing_is_sent() {
    let (place, responses, _relay) = counting();
    for (name, value) in [
        ("FACTIFY_KEY", ""),
        ("FACTIFY_BASE_URL", "nonsense"),
        ("FACTIFY_PROFILE", "nonsense"),
        ("FACTIFY_CONFIG", "/nonsense"),
        ("FACTIFY_ORG", "nonsense"),
    ] {
        let mut command = place.command(&[]);
        command.env(name, value);
        let found = offered_by(command, "invites revoke ");
        assert!(
            found.iter().all(|one| one.starts_with('-')),
            "{name}: {found:?}"
        );
    }
    for line in [
        "invites revoke --key-file /nonsense i",
        "invites revoke --org=org_x i",
        "invites revoke --profile nonsense i",
    ] {
        assert_eq!(offered(&place, line), Vec::<String>::new(), "{line}");
    }
    assert_eq!(responses.load(Relaxed), 0);
}

#[test]
fn an_api_that_refuses_is_silent() {
    let place = place().with_key("ffy_nonsense_nonsense".to_owned());
    assert_eq!(offered(&place, "invites revoke i"), Vec::<String>::new());
}

/// A command may ask for a password in the middle of the line.
#[test]
fn profiles_are_offered_but_their_commands_do_not_run() {
    let place = place();
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let (file, ran) = (directory.join("config.toml"), directory.join("ran"));
    let text = format!(
        "[profiles.work]\nkey_command = [\"touch\", {ran:?}]\n\
         [profiles.home]\nkey_file = \"key\"\norganization = \"org_01h2xcejqtf2nbrexx3vqjhp41\"\n"
    );
    std::fs::write(&file, text).unwrap();
    let command = || {
        let mut command = place.command(&[]);
        command
            .env("FACTIFY_CONFIG", &file)
            .env_remove("FACTIFY_BASE_URL");
        command
    };
    let profiles = ["home\torg_01h2xcejqtf2nbrexx3vqjhp41", "work"];
    assert_eq!(offered_by(command(), "orgs list --profile "), profiles);
    let found = offered_by(command(), "orgs show --profile work o");
    assert_eq!(found, Vec::<String>::new());
    assert!(!ran.exists());
}

/// The script is loaded and used by the shell itself. Shells that are not installed are left out, except bash.
#[cfg(unix)]
#[test]
fn the_scripts_work_in_their_shells() {
    const BASH: &str = "\
source <(factify completions bash)
COMP_WORDS=(factify invites revoke i) COMP_CWORD=3 COMP_TYPE=9
_clap_complete_factify factify i revoke
printf '%s\\n' \"${COMPREPLY[@]}\"
complete -p factify >/dev/null";
    // The function that shows what there is, for a shell without a terminal.
    const ZSH: &str = "\
compdef() {}
_describe() { print -l -- ${(P)${@[-1]}} }
source <(factify completions zsh)
words=(factify invites revoke i) CURRENT=4
_clap_dynamic_completer_factify";
    const FISH: &str = "\
factify completions fish | source
complete -C 'factify invites revoke i'";
    let place = place();
    let factify = place.command(&[]);
    let directory = std::path::Path::new(factify.get_program())
        .parent()
        .unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let places = [directory.to_owned()]
        .into_iter()
        .chain(std::env::split_paths(&path));
    let path = std::env::join_paths(places).unwrap();
    let settings: Vec<_> = factify.get_envs().collect();
    for (shell, options, script, has_descriptions) in [
        ("bash", &["--norc", "-c"][..], BASH, false),
        ("zsh", &["-fc"], ZSH, true),
        ("fish", &["--no-config", "-c"], FISH, true),
    ] {
        let mut command = Command::new(shell);
        command
            .args(options)
            .arg(script)
            .env_clear()
            .stdin(Stdio::null());
        let set = settings
            .iter()
            .filter_map(|(name, value)| Some((name, (*value)?)));
        command.envs(set).env("PATH", &path).env("HOME", directory);
        match command.output() {
            Err(error) if shell != "bash" => eprintln!("{shell} is left out: {error}"),
            done => {
                let done = done.unwrap();
                let (out, err) = (
                    String::from_utf8(done.stdout).unwrap(),
                    String::from_utf8(done.stderr).unwrap(),
                );
                assert_eq!(
                    (err.as_str(), done.status.code()),
                    ("", Some(0)),
                    "{shell}: {out}"
                );
                let lines: Vec<_> = out.lines().collect();
                assert_eq!(lines.len(), 3, "{shell}: {out}");
                for line in lines {
                    assert!(line.starts_with("inv_"), "{shell}: {line}");
                    assert_eq!(
                        line.contains("@example.net"),
                        has_descriptions,
                        "{shell}: {line}"
                    );
                }
            }
        }
    }
}
