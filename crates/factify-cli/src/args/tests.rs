//! Rules for the help texts.

use super::*;

#[test]
fn the_description_is_consistent() {
    description().debug_assert();
}

fn each_command(command: &clap::Command, visit: &mut impl FnMut(&clap::Command)) {
    visit(command);
    for subcommand in command.get_subcommands() {
        each_command(subcommand, visit);
    }
}

#[test]
fn the_lines_below_a_heading_are_indented() {
    each_command(&built(), &mut |command| {
        let help = command.get_after_long_help().or(command.get_after_help());
        let help = help.map(ToString::to_string).unwrap_or_default();
        let blocks = help.split("\n\n").filter(|block| !block.is_empty());
        for block in blocks {
            let (heading, lines) = block.split_once(":\n").unwrap();
            assert!(
                [
                    "Environment",
                    "Examples",
                    "Exit codes",
                    "Files",
                    "Installation"
                ]
                .contains(&heading),
                "{heading}"
            );
            for line in lines.lines() {
                assert!(line.starts_with("  "), "{}: {line}", command.get_name());
            }
        }
    });
}

/// The commands of an example, without what other programs do.
fn commands_of(line: &str) -> Vec<String> {
    let line = line.trim().trim_start_matches("in ");
    let mut found = Vec::new();
    for start in line.match_indices("factify ").map(|(start, _)| start) {
        let before = &line[..start];
        // Not part of a path or of another word.
        if before.ends_with(|symbol: char| !" ($\"".contains(symbol)) {
            continue;
        }
        let rest = &line[start..];
        let mut quote = None;
        let end = rest.char_indices().find(|(_, symbol)| match quote {
            Some(open) => {
                quote = quote.filter(|_| *symbol != open);
                false
            }
            None if *symbol == '\'' => {
                quote = Some('\'');
                false
            }
            None => "|<>);".contains(*symbol),
        });
        let command = &rest[..end.map_or(rest.len(), |(end, _)| end)];
        // What another command prints is some value.
        let command = command.replace("\"$(", "VALUE ");
        let command = command.split(" VALUE ").next().unwrap();
        found.push(command.trim().to_owned());
    }
    found
}

#[test]
fn each_example_is_a_correct_command_line() {
    let mut examples = 0;
    each_command(&built(), &mut |command| {
        let help = command.get_after_long_help().map(ToString::to_string);
        let help = help.unwrap_or_default();
        let blocks = help.split("\n\n");
        let blocks = blocks.filter_map(|block| {
            block
                .strip_prefix("Examples:\n")
                .or(block.strip_prefix("Installation:\n"))
        });
        for line in blocks.flat_map(str::lines) {
            let commands = commands_of(line);
            assert!(!commands.is_empty(), "{line}");
            for example in commands {
                let mut words = shlex::split(&example).unwrap();
                // The value is what another command prints.
                if line.contains(&format!("{example} \"$(")) {
                    words.push("VALUE".to_owned());
                }
                let parsed = description().try_get_matches_from(&words);
                assert!(parsed.is_ok(), "{line}: {words:?}: {}", parsed.unwrap_err());
                examples += 1;
            }
        }
    });
    assert!(examples > 80, "{examples}");
}

#[test]
fn each_command_that_calls_the_api_has_an_example() {
    each_command(&built(), &mut |command| {
        if !command.has_subcommands() && !["sandbox", "completions"].contains(&command.get_name()) {
            let help = command.get_after_long_help().map(ToString::to_string);
            let help = help.unwrap_or_default();
            assert!(help.starts_with("Examples:\n"), "{}", command.get_name());
        }
    });
}

/// The root's help is read first, at any terminal.
#[test]
fn the_lists_of_commands_fit_80_columns() {
    let mut wide = Vec::new();
    each_command(&built(), &mut |command| {
        let names = command.get_subcommands().map(clap::Command::get_name);
        let longest = names.map(str::len).max().unwrap_or_default();
        for below in command.get_subcommands() {
            let about = below.get_about().unwrap().to_string();
            let width = 2 + longest + 2 + about.chars().count();
            if width > 80 {
                wide.push(format!("{width} {} {about}", below.get_name()));
            }
        }
    });
    assert_eq!(wide, Vec::<String>::new());
}

/// The other options have a meaning in each command that accepts them.
#[test]
fn only_commands_that_call_the_api_have_its_options() {
    let mut described = built();
    let options = [
        "--org",
        "--key-file",
        "--base-url",
        "--timeout",
        "--retries",
        "--output",
    ];
    for (path, expected) in [
        (&["completions"][..], false),
        (&["man"], false),
        (&["sandbox"], false),
        (&["invites"], true),
        (&["invites", "list"], true),
        (&["invites", "revoke"], true),
    ] {
        let mut command = &mut described;
        for name in path {
            command = command.find_subcommand_mut(name).unwrap();
        }
        let help = command.render_long_help().to_string();
        for option in options {
            assert_eq!(help.contains(option), expected, "{path:?}: {option}");
        }
        assert!(help.contains("--color"), "{path:?}");
    }
}
