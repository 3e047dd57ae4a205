//! Profiles: which setting is used, which key goes where, and how the key is read.

#![allow(clippy::too_many_lines, clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use factify_sandbox::{Persona, Sandbox};
use support::{Done, Place, Running};
use tempfile::TempDir;

/// A folder for the files of one test.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes a file that only the user can read.
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        #[cfg(unix)]
        set_mode(&path, 0o600);
        path
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

const ORGANIZATION: &str = "FACTIFY_ORG";
const KEY: &str = "FACTIFY_KEY";
const URL: &str = "FACTIFY_BASE_URL";
const PROFILE: &str = "FACTIFY_PROFILE";
const CONFIG: &str = "FACTIFY_CONFIG";

/// Nothing listens there, and no request is sent there.
const ELSEWHERE: &str = "https://elsewhere.example";

fn url(place: &Place) -> String {
    let command = place.command(&[]);
    let mut variables = command.get_envs();
    let found = variables.find(|(name, _)| *name == URL).unwrap();
    found.1.unwrap().to_str().unwrap().to_owned()
}

/// Lists invites without the variables of the environment, except for those that `set` adds.
fn list(place: &Place, options: &[&str], set: impl FnOnce(&mut Command)) -> Done {
    let arguments = ["invites", "list", "--limit", "1", "--retries", "0"];
    let mut command = place.command(&[&arguments[..], options].concat());
    for name in [ORGANIZATION, KEY, URL] {
        command.env_remove(name);
    }
    set(&mut command);
    Running::start(&mut command).end()
}

/// Each row of the tables in `docs/configuration.md`: what is set, and what happens.
#[test]
fn each_key_goes_only_to_its_api() {
    let place = Place::new(Sandbox::builder().seed(1).invites(1).build());
    let here = &*url(&place);
    let organization = place.sandbox.organization_id().to_string();
    let key = place.sandbox.key(Persona::Admin);
    let folder = Folder::new();
    folder.write("good.key", &key);
    let key_file = folder.write("other.key", &key).to_str().unwrap().to_owned();
    folder.write("wrong.key", "ffy_test_wrong");
    let text = format!(
        "[profiles.here]\nbase_url = \"{here}\"\norganization = \"{organization}\"\nkey_file = \"good.key\"\n\
         [profiles.elsewhere]\nbase_url = \"{ELSEWHERE}\"\nkey_file = \"wrong.key\"\n\
         [profiles.production]\nkey_file = \"wrong.key\"\n\
         [profiles.wrong]\nbase_url = \"{here}\"\norganization = \"{organization}\"\nkey_file = \"wrong.key\"\n"
    );
    let without_default = folder.write("none.toml", &text);
    let with_default = |name: &str| {
        let text = format!("profile = \"{name}\"\n{text}");
        folder.write(&format!("{name}.toml"), &text)
    };
    let (here_default, elsewhere_default) = (with_default("here"), with_default("elsewhere"));
    let (production_default, wrong_default) = (with_default("production"), with_default("wrong"));
    let none = &without_default;
    let org = (ORGANIZATION, &*organization);
    let good = (KEY, &*key);
    let used = (0, "");
    let refused_by_api = (3, "invalid_api_key");
    let other_api = |of: &'static str| (2, of);
    for (file, options, variables, (code, said)) in [
        // No profile.
        (none, &[][..], &[good, org, (URL, here)][..], used),
        (none, &[], &[org, (URL, here)], (2, "there is no API key")),
        // The default profile, and the one of the variable.
        (&here_default, &[], &[], used),
        (none, &[], &[(PROFILE, "here")], used),
        (&wrong_default, &[], &[(PROFILE, "here")], used),
        (&wrong_default, &[], &[], refused_by_api),
        // They are weaker than the other variables.
        (&wrong_default, &[], &[good, (URL, here)], used),
        (&elsewhere_default, &[], &[good, org, (URL, here)], used),
        // FACTIFY_KEY, and an API that only the profile names.
        (
            &elsewhere_default,
            &[],
            &[good, org],
            other_api("whether the key of FACTIFY_KEY is for"),
        ),
        (
            none,
            &[],
            &[good, org, (PROFILE, "elsewhere")],
            other_api("whether the key of FACTIFY_KEY is for"),
        ),
        // The key of the profile, and an API that the profile does not name.
        (
            &here_default,
            &[],
            &[(URL, ELSEWHERE)],
            other_api("but FACTIFY_BASE_URL says"),
        ),
        (
            &here_default,
            &["--base-url", ELSEWHERE],
            &[],
            other_api("but --base-url says"),
        ),
        (
            &production_default,
            &[],
            &[org, (URL, here)],
            other_api("but FACTIFY_BASE_URL says"),
        ),
        (&here_default, &[], &[(URL, here)], used),
        // An option is stronger than the environment.
        (none, &["--profile", "here"], &[], used),
        (
            none,
            &["--profile", "here"],
            &[
                (KEY, "ffy_test_wrong"),
                (URL, ELSEWHERE),
                (ORGANIZATION, "org_"),
            ],
            used,
        ),
        (
            none,
            &["--profile", "here"],
            &[(KEY, "s3 cret"), (PROFILE, "wrong")],
            used,
        ),
        (
            &here_default,
            &["--profile", "wrong"],
            &[good],
            refused_by_api,
        ),
        // Two options name the key and the API.
        (
            none,
            &["--profile", "production", "--base-url", here],
            &[org],
            refused_by_api,
        ),
        (
            none,
            &["--profile", "wrong", "--key-file", &key_file],
            &[],
            used,
        ),
        (&wrong_default, &["--key-file", &key_file], &[], used),
        // The last of two options counts, as for other options.
        (
            none,
            &["--profile", "wrong", "--profile", "here"],
            &[],
            used,
        ),
        // No such profile.
        (
            none,
            &["--profile", "her"],
            &[],
            (2, "there is no profile \"her\", which --profile names"),
        ),
        (
            none,
            &[],
            &[(PROFILE, "her")],
            (2, "which FACTIFY_PROFILE names"),
        ),
        (
            none,
            &["--profile", "ffy_test_s3"],
            &[],
            (2, "(not shown: it looks like a secret"),
        ),
        (none, &["--profile", ""], &[], (2, "it is empty")),
    ] {
        let done = list(&place, options, |command| {
            command.env(CONFIG, file).envs(variables.iter().copied());
        });
        let what = format!("{} {options:?} {variables:?}: {done:?}", file.display());
        assert_eq!(done.code, Some(code), "{what}");
        assert!(done.stderr.contains(said), "{what}");
        assert!(!done.stderr.contains("s3"), "{what}");
    }
}

#[test]
fn the_organization_of_a_profile_is_weaker_than_a_variable_unless_an_option_names_the_profile() {
    let place = Place::new(Sandbox::builder().seed(1).invites(1).build());
    let folder = Folder::new();
    folder.write("key", &place.sandbox.key(Persona::Admin));
    let (here, organization) = (url(&place), place.sandbox.organization_id());
    let other = "org_01h2xcejqtf2nbrexx3vqjhp41";
    let text = format!("[profiles.work]\nbase_url = \"{here}\"\nkey_file = \"key\"\n");
    let bare = folder.write("bare.toml", &text);
    let full = folder.write(
        "full.toml",
        &format!("{text}organization = \"{organization}\"\n"),
    );
    for (file, by_option, named, code) in [
        (&full, false, None, 0),
        (&full, false, Some(other), 3),
        (&full, true, Some(other), 0),
        (&bare, true, None, 2),
        (&bare, true, Some(organization.as_str()), 0),
    ] {
        let options = if by_option {
            &["--profile", "work"][..]
        } else {
            &[]
        };
        let done = list(&place, options, |command| {
            command.env(CONFIG, file);
            if !by_option {
                command.env(PROFILE, "work");
            }
            if let Some(named) = named {
                command.env(ORGANIZATION, named);
            }
        });
        let what = format!("{} {options:?} {named:?}: {done:?}", file.display());
        assert_eq!(done.code, Some(code), "{what}");
    }
}

/// The file is in the folder of the platform, or where `FACTIFY_CONFIG` says.
#[cfg(all(unix, not(target_os = "ios")))]
#[test]
fn the_configuration_file_has_its_place() {
    let place = Place::new(Sandbox::new(1));
    let folder = Folder::new();
    let text = "profile = \"x\"\n[profiles.x]\nkey_file = \"missing\"\n";
    folder.write("xdg/factify/config.toml", text);
    folder.write("home/.config/factify/config.toml", text);
    let named = folder.write("named.toml", text);
    let at = |name: &str| folder.0.path().join(name);
    let empty = folder.write("empty.toml", "");
    let found = "the file of key_file of the profile \"x\" cannot be read";
    let none = "there is no API key";
    for (variables, said) in [
        (&[("XDG_CONFIG_HOME", at("xdg"))][..], found),
        (&[("XDG_CONFIG_HOME", at("nowhere"))], none),
        (&[("XDG_CONFIG_HOME", at("")), ("HOME", at("home"))], none),
        (
            &[("XDG_CONFIG_HOME", PathBuf::new()), ("HOME", at("home"))],
            found,
        ),
        (&[(CONFIG, named.clone())], found),
        (
            &[(CONFIG, " ".into()), ("XDG_CONFIG_HOME", at("xdg"))],
            found,
        ),
        (&[(CONFIG, empty), ("XDG_CONFIG_HOME", at("xdg"))], none),
        (
            &[(CONFIG, at("nowhere"))],
            "the file of FACTIFY_CONFIG cannot be read",
        ),
        (
            &[(CONFIG, at(""))],
            "the file of FACTIFY_CONFIG cannot be read",
        ),
    ] {
        let done = list(&place, &[], |command| {
            command.env(ORGANIZATION, place.sandbox.organization_id().as_str());
            command.envs(variables.iter().map(|(name, value)| (name, value)));
        });
        assert_eq!(done.code, Some(2), "{variables:?}: {done:?}");
        assert!(done.stderr.contains(said), "{variables:?}: {done:?}");
    }
    // A mistake in it has a line, and help needs no file.
    let wrong = folder.write("wrong.toml", "\nkey = \"s3cret\"\n");
    let run = |options: &[&str]| {
        list(&place, options, |command| {
            command.env(CONFIG, &wrong);
        })
    };
    let done = run(&[]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.stderr
            .contains("the file of FACTIFY_CONFIG, line 2: unknown field \"key\""),
        "{done:?}"
    );
    assert!(!done.stderr.contains("s3cret"), "{done:?}");
    assert_eq!(run(&["--help"]).code, Some(0));
}

/// Lists with a profile whose key comes from this field.
#[cfg(unix)]
fn with_key(place: &Place, folder: &Folder, field: &str) -> Done {
    let (here, organization) = (url(place), place.sandbox.organization_id());
    let text = format!(
        "profile = \"work\"\n[profiles.work]\nbase_url = \"{here}\"\norganization = \"{organization}\"\n{field}\n"
    );
    let file = folder.write("config.toml", &text);
    list(place, &[], |command| {
        command.env(CONFIG, file).env("HOME", folder.0.path());
    })
}

#[cfg(unix)]
#[test]
fn a_key_comes_from_a_file_or_a_command() {
    let place = Place::new(Sandbox::builder().seed(1).invites(1).build());
    let folder = Folder::new();
    let key = place.sandbox.key(Persona::Admin);
    let absolute = folder.write("folder/the key", &format!(" {key}\r\nkey_x\n"));
    for (field, code, said) in [
        (format!("key = \"{key}\""), 0, ""),
        ("key_file = \"folder/the key\"".into(), 0, ""),
        ("key_file = \"~/folder/the key\"".into(), 0, ""),
        (format!("key_file = \"{}\"", absolute.display()), 0, ""),
        (
            "key_file = \"nothing\"".into(),
            2,
            "the file of key_file of the profile \"work\" cannot be read",
        ),
        (format!("key_command = [\"echo\", \"{key}\"]"), 0, ""),
        (
            format!("key_command = [\"printf\", \"{key}\\nmore\"]"),
            0,
            "",
        ),
        // Without a shell, and a message of the command is shown.
        (
            "key_command = [\"echo\", \"$HOME\"]".into(),
            3,
            "invalid_api_key",
        ),
        (
            "key_command = [\"sh\", \"-c\", \"echo s3cret; echo Which key? >&2; exit 7\"]".into(),
            2,
            "Which key?\nerror: the key_command of the profile \"work\": it failed with exit status: 7",
        ),
        (
            "key_command = [\"sh\", \"-c\", \"kill -KILL $$\"]".into(),
            2,
            "it failed with signal: 9",
        ),
        (
            "key_command = [\"true\"]".into(),
            2,
            "the output of key_command of the profile \"work\"",
        ),
        (
            "key_command = [\"echo\", \"s3 cret\"]".into(),
            2,
            "not a usable bearer token",
        ),
        (
            "key_command = [\"factify-no-such-program\"]".into(),
            2,
            "cannot be started",
        ),
        (
            "key_command = [\"cat\", \"/dev/zero\"]".into(),
            2,
            "it failed with signal: 13",
        ),
    ] {
        let done = with_key(&place, &folder, &field);
        let field = field.replace(&key, "KEY");
        assert_eq!(done.code, Some(code), "{field}: {done:?}");
        assert!(done.stderr.contains(said), "{field}: {done:?}");
        assert!(!done.stderr.contains("s3"), "{field}: {done:?}");
        assert!(!done.stderr.contains(&key), "{field}");
    }
}

#[cfg(unix)]
#[test]
fn a_key_in_a_file_that_others_can_read_is_not_used() {
    let place = Place::new(Sandbox::builder().seed(1).invites(1).build());
    let folder = Folder::new();
    folder.write("key", &place.sandbox.key(Persona::Admin));
    let (here, organization) = (url(&place), place.sandbox.organization_id());
    let work = format!(
        "[profiles.work]\nbase_url = \"{here}\"\norganization = \"{organization}\"\nkey = \"{}\"\n\
         [profiles.file]\nbase_url = \"{here}\"\norganization = \"{organization}\"\nkey_file = \"key\"\n",
        place.sandbox.key(Persona::Admin)
    );
    let file = folder.write("config.toml", &work);
    for (mode, profile, fix) in [
        (0o600, "work", ""),
        (0o400, "work", ""),
        (0o640, "work", "chmod 600"),
        (0o604, "work", "chmod 600"),
        // Somebody could have changed the program that it names, or the API.
        (0o620, "work", "chmod go-w"),
        (0o622, "file", "chmod go-w"),
        (0o644, "file", ""),
    ] {
        set_mode(&file, mode);
        let done = list(&place, &["--profile", profile], |command| {
            command.env(CONFIG, &file);
        });
        let code = if fix.is_empty() { 0 } else { 2 };
        assert_eq!(done.code, Some(code), "{mode:o} {profile}: {done:?}");
        let fix = format!("{fix} {}", file.display());
        assert_eq!(done.stderr.contains(&fix), code == 2, "{mode:o}: {done:?}");
        assert!(!done.stderr.contains("ffy_"), "{mode:o}: {done:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_command_runs_only_if_its_key_is_used() {
    let place = Place::new(Sandbox::builder().seed(1).invites(1).build());
    let folder = Folder::new();
    let (here, organization) = (url(&place), place.sandbox.organization_id().to_string());
    let key = place.sandbox.key(Persona::Admin);
    let key_file = folder.write("key", &key);
    let key_file = key_file.to_str().unwrap();
    let ran = folder.0.path().join("ran");
    let text = format!(
        "profile = \"work\"\n[profiles.work]\nbase_url = \"{here}\"\nkey_command = [\"sh\", \"-c\", 'echo ran >>\"{}\"; echo {key}']\n",
        ran.display()
    );
    let file = folder.write("config.toml", &text);
    for (options, variables, code, runs) in [
        (&["--help"][..], &[][..], 0, 0),
        (
            &["--key-file", key_file],
            &[(ORGANIZATION, &*organization)],
            0,
            0,
        ),
        (
            &[],
            &[(KEY, &*key), (URL, &here), (ORGANIZATION, &organization)],
            0,
            0,
        ),
        // No organization, so no request.
        (&[], &[], 2, 0),
        (&["--limit", "0"], &[(ORGANIZATION, &organization)], 2, 0),
        (&[], &[(ORGANIZATION, &organization)], 0, 1),
        (
            &["--profile", "work"],
            &[(KEY, "x"), (ORGANIZATION, &organization)],
            0,
            1,
        ),
    ] {
        let _ = fs::remove_file(&ran);
        let done = list(&place, options, |command| {
            command.env(CONFIG, &file).envs(variables.iter().copied());
        });
        let found = fs::read_to_string(&ran).unwrap_or_default().lines().count();
        assert_eq!(
            (done.code, found),
            (Some(code), runs),
            "{options:?} {done:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn the_command_does_not_read_the_input_of_the_whole_command() {
    let place = Place::new(Sandbox::builder().seed(1).invites(1).build());
    let folder = Folder::new();
    let text = format!(
        "profile = \"work\"\n[profiles.work]\nbase_url = \"{}\"\nkey_command = [\"cat\"]\n",
        url(&place)
    );
    let file = folder.write("config.toml", &text);
    let mut command = place.command(&["invites", "list"]);
    command.env_remove(KEY).env(CONFIG, file);
    let key = place.sandbox.key(Persona::Admin);
    let done = Running::start_with_input(&mut command, &key).end();
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.stderr
            .contains("it is empty (from the output of key_command"),
        "{done:?}"
    );
}

#[cfg(unix)]
#[test]
fn an_interruption_ends_the_command_that_prints_the_key() {
    let place = Place::new(Sandbox::new(1));
    let folder = Folder::new();
    // It says when it has started, and ends by itself only if the signal does not end it.
    let command = "key_command = [\"sh\", \"-c\", \"trap 'echo Ended. >&2; exit 1' TERM; echo Started. >&2; while :; do sleep 0.05; done\"]";
    let (here, organization) = (url(&place), place.sandbox.organization_id());
    let text = format!(
        "profile = \"work\"\n[profiles.work]\nbase_url = \"{here}\"\norganization = \"{organization}\"\n{command}\n"
    );
    let file = folder.write("config.toml", &text);
    let mut command = place.command(&["invites", "list"]);
    command.env_remove(KEY).env_remove(URL).env(CONFIG, &file);
    let running = Running::start(&mut command);
    running.until_said("Started.", 1);
    let kill = format!("kill -TERM {}", running.id());
    assert!(
        Command::new("sh")
            .args(["-c", &kill])
            .status()
            .unwrap()
            .success()
    );
    let done = running.end();
    assert_eq!(done.code, Some(130), "{done:?}");
    assert!(
        done.stderr.contains("Interrupted: nothing was changed."),
        "{done:?}"
    );
    assert!(done.stderr.contains("Ended."), "{done:?}");
}
