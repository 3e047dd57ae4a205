//! Errors of the command line, with suggestions where people guess.

use std::ffi::{OsStr, OsString};

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, ValueEnum};

use super::{built, conceal};
use crate::console::{Console, ErrorFormat};
use crate::exit::Exit;
use crate::failure::Failure;

/// Prints the error, or the requested help.
pub(super) fn report(error: clap::Error) -> Exit {
    let color = early_option("--color", |text| text.parse().ok());
    let color = color.unwrap_or_default();
    let format = early_option("--error-format", |text| {
        ErrorFormat::from_str(text, false).ok()
    });
    let format = format.unwrap_or_default();
    let console = Console::new(color, format);
    let is_error = error.use_stderr();
    if is_error && std::env::args_os().any(|argument| argument == "--print-env") {
        crate::sandbox::fail_in_shell();
    }
    // Only the color matters: the text is complete.
    let styled = Command::new("factify").color(color);
    let error = with_tip(conceal::concealed(error)).with_cmd(&styled);
    let kind = error.kind();
    if is_error && format == ErrorFormat::Json {
        let text = error.render().to_string();
        let message = text.trim_end().trim_start_matches("error: ");
        console.error(&Failure::usage(message));
        return Exit::Usage;
    }
    let printed = error.print();
    if is_error {
        if kind != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && may_send() {
            console.say("Nothing was sent.");
        }
        Exit::Usage
    } else if let Some(failure) = printed.err().as_ref().and_then(Failure::output) {
        console.error(&failure);
        failure.exit
    } else {
        Exit::Done
    }
}

/// The words that other tools have for the commands, with the commands that they may mean.
const SYNONYMS: [(&[&str], &[&str]); 8] = [
    (&["ls", "all", "search", "find"], &["list"]),
    (
        &["get", "describe", "view", "info", "cat", "read"],
        &["show", "text"],
    ),
    (
        &["new", "make", "invite", "send"],
        &["create", "add", "upload", "grant"],
    ),
    (
        &["add", "put", "push"],
        &["create", "upload", "grant", "attach", "add"],
    ),
    (
        &[
            "delete", "del", "rm", "remove", "cancel", "destroy", "unshare",
        ],
        &["revoke", "remove", "trash", "detach", "delete"],
    ),
    (
        &["edit", "set", "rename", "change", "patch"],
        &["update", "set"],
    ),
    (&["share"], &["grant"]),
    (
        &["save", "fetch", "pull", "export"],
        &["download", "record"],
    ),
];

/// The areas that other tools and the API name in other words.
const AREAS: [(&str, &str); 8] = [
    ("organizations", "orgs"),
    ("api-keys", "keys"),
    ("docs", "documents"),
    ("files", "documents"),
    ("users", "members"),
    ("people", "members"),
    ("whoami", "me"),
    ("login", "auth"),
];

/// The options that other tools have, with what to use here.
const OPTIONS: [(&[&str], &str); 6] = [
    (&["--json", "-j", "--format"], "for JSON: '--output json'"),
    (
        &["--jq", "--template", "-q"],
        "for parts of the JSON: '--output json | jq …'",
    ),
    (
        &["-L", "--max", "-n", "--page-size", "--per-page"],
        "for the number of results: '--limit N'",
    ),
    (&["--all"], "a list is complete without '--limit'"),
    (
        &["--token", "--api-key", "--key"],
        "the key comes from FACTIFY_KEY, '--key-file' or a profile, never from an argument",
    ),
    (&["--force"], "to skip the question: '--yes'"),
];

/// Suggests the command that a wrong one may mean.
fn with_tip(mut error: clap::Error) -> clap::Error {
    let tips = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand) else {
                return error;
            };
            commands_like(name, &plain_arguments())
        }
        ErrorKind::UnknownArgument => {
            let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
                return error;
            };
            let known = OPTIONS
                .iter()
                .find(|(names, _)| names.contains(&option.as_str()));
            let tip = match known {
                Some((_, tip)) => Some((*tip).to_owned()),
                None => too_early(option),
            };
            match (tip, error.get(ContextKind::Suggested)) {
                (Some(tip), _) => vec![tip],
                // That an option can be passed as a value helps nobody here.
                (None, Some(ContextValue::StyledStrs(tips)))
                    if tips
                        .iter()
                        .any(|tip| tip.to_string().contains("as a value")) =>
                {
                    error.remove(ContextKind::Suggested);
                    return error;
                }
                (None, _) => return error,
            }
        }
        ErrorKind::InvalidValue => match error.get(ContextKind::InvalidValue) {
            Some(ContextValue::String(value)) if value.eq_ignore_ascii_case("yaml") => {
                vec!["every JSON document is also YAML: '--output json'".to_owned()]
            }
            _ => return error,
        },
        _ => return error,
    };
    if !tips.is_empty() {
        let tips = tips.into_iter().map(StyledStr::from).collect();
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
    error
}

/// The tip for an option of all API commands that is before the command, where it is unknown.
fn too_early(option: &str) -> Option<String> {
    let root = built();
    // It may have its value, such as in `-ojson`.
    let is_it = |argument: &OsString| {
        argument
            .to_str()
            .is_some_and(|text| text.starts_with(option))
    };
    let mut before = std::env::args_os()
        .skip(1)
        .take_while(|argument| !is_it(argument));
    if before.any(|argument| root.find_subcommand(argument).is_some()) {
        return None;
    }
    let mut options = root.find_subcommand("auth")?.get_arguments();
    let is_named = |named: &Arg| {
        named
            .get_long()
            .is_some_and(|long| option == format!("--{long}"))
            || named
                .get_short()
                .is_some_and(|short| option == format!("-{short}"))
    };
    options
        .any(is_named)
        .then(|| format!("put '{option}' after the command: 'factify AREA VERB {option} …'"))
}

/// The commands that `name` may mean in its place among the arguments.
fn commands_like(name: &str, arguments: &[String]) -> Vec<String> {
    let root = built();
    let before = arguments.iter().take_while(|argument| *argument != name);
    let mut area = None;
    for argument in before {
        area = root.find_subcommand(argument).or(area);
    }
    let found = match area {
        Some(area) => in_area(area, name),
        None => at_top(&root, name, arguments),
    };
    let found = found.into_iter();
    found
        .map(|path| format!("you may mean 'factify {path}'"))
        .collect()
}

/// For `invites delete` it suggests `invites revoke`.
fn in_area(area: &Command, name: &str) -> Vec<String> {
    let verb = synonyms(name).find(|verb| area.find_subcommand(verb).is_some());
    let path = verb.map(|verb| format!("{} {verb}", area.get_name()));
    path.into_iter().collect()
}

/// For `revoke inv_…` it suggests `invites revoke`, and for `revoke` all commands of this name.
fn at_top(root: &Command, name: &str, arguments: &[String]) -> Vec<String> {
    let named = AREAS.iter().find(|(other, _)| *other == name);
    let plural = format!("{name}s");
    let area = match named {
        Some((_, area)) => Some(*area),
        None => root.find_subcommand(&plural).map(Command::get_name),
    };
    if let Some(area) = area {
        return vec![area.to_owned()];
    }
    let areas = root.get_subcommands().filter(|area| area.has_subcommands());
    let verbs: Vec<_> = std::iter::once(name).chain(synonyms(name)).collect();
    let found: Vec<_> = areas
        .filter_map(|area| {
            let verb = verbs
                .iter()
                .find(|verb| area.find_subcommand(verb).is_some())?;
            Some((area.get_name(), format!("{} {verb}", area.get_name())))
        })
        .collect();
    // An id tells which of them.
    let by_id = arguments.iter().find_map(|argument| area_of_id(argument));
    let of_id: Vec<_> = found
        .iter()
        .filter(|(area, _)| Some(*area) == by_id)
        .map(|(_, path)| path.clone())
        .collect();
    if of_id.is_empty() {
        found.into_iter().map(|(_, path)| path).collect()
    } else {
        of_id
    }
}

fn synonyms(name: &str) -> impl Iterator<Item = &str> {
    let found = SYNONYMS
        .iter()
        .filter(move |(words, _)| words.contains(&name));
    found.flat_map(|(_, verbs)| verbs.iter().copied())
}

/// The area of the things with such an id.
fn area_of_id(text: &str) -> Option<&'static str> {
    let (prefix, _) = text.split_once('_')?;
    Some(match prefix {
        "inv" => "invites",
        "key" => "keys",
        "doc" => "documents",
        "ver" => "versions",
        "org" => "orgs",
        "user" => "members",
        "pol" => "policies",
        "acr" => "access-requests",
        _ => return None,
    })
}

/// The arguments that are no options.
fn plain_arguments() -> Vec<String> {
    let arguments = std::env::args_os().skip(1);
    let arguments = arguments.filter_map(|argument| argument.into_string().ok());
    arguments
        .filter(|argument| !argument.starts_with('-'))
        .collect()
}

/// Whether the command, if its arguments were valid, could send something.
fn may_send() -> bool {
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--color" | "--error-format") => drop(arguments.next()),
            Some(option) if option.starts_with('-') => {}
            Some(command) => return !NEVER_SEND.contains(&command),
            None => return true,
        }
    }
    true
}

/// The commands that do not call the API.
const NEVER_SEND: [&str; 4] = ["sandbox", "completions", "man", "help"];

/// The last value of an option of a command line that cannot be parsed.
fn early_option<T>(name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut arguments = std::env::args_os();
    let mut found = None;
    while let Some(argument) = arguments.next() {
        let value: Option<OsString> = match argument.to_str() {
            Some("--") => break,
            Some(text) if text == name => arguments.next(),
            Some(text) => text
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('='))
                .map(Into::into),
            None => None,
        };
        let value = value.as_deref().and_then(OsStr::to_str);
        found = value.and_then(&parse).or(found);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::description;

    #[test]
    fn a_wrong_command_gets_a_suggestion() {
        for (line, expected) in [
            (
                "revoke inv_01h2xcejqtf2nbrexx3vqjhp41",
                &["invites revoke"][..],
            ),
            ("revoke key_01h2xcejqtf2nbrexx3vqjhp41", &["keys revoke"]),
            (
                "revoke",
                &["invites revoke", "keys revoke", "sharing revoke"],
            ),
            ("invites delete", &["invites revoke"]),
            ("invites ls", &["invites list"]),
            ("invites get", &["invites show"]),
            ("members rm", &["members remove"]),
            ("documents delete", &["documents trash"]),
            ("documents save", &["documents download"]),
            ("policies rm", &["policies detach"]),
            ("organizations", &["orgs"]),
            ("invite", &["invites"]),
            ("whoami", &["me"]),
            ("invites nonsense", &[]),
            ("nonsense", &[]),
        ] {
            let arguments: Vec<_> = line.split(' ').map(str::to_owned).collect();
            let error = description().try_get_matches_from(format!("factify {line}").split(' '));
            let error = error.unwrap_err();
            let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand) else {
                panic!("{line}: {error}");
            };
            let expected: Vec<_> = expected
                .iter()
                .map(|path| format!("you may mean 'factify {path}'"))
                .collect();
            assert_eq!(commands_like(name, &arguments), expected, "{line}");
        }
    }
}
