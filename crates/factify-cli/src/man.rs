//! Man pages, generated from the description of the command line.

use std::fs;
use std::io;
use std::path::Path;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::args;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) fn write(directory: &Path, console: &Console) -> Result<Exit, Failure> {
    let command = args::built();
    fs::create_dir_all(directory)
        .and_then(|()| write_pages(&command, directory))
        .map_err(|error| {
            Failure::local(format!("the man pages cannot be written there: {error}"))
        })?;
    let place = directory.display();
    console.say(format_args!(
        "The man pages are in {place}: start with factify.1."
    ));
    Ok(Exit::Done)
}

fn write_pages(command: &Command, directory: &Path) -> io::Result<()> {
    for subcommand in command.get_subcommands() {
        write_pages(subcommand, directory)?;
    }
    let bare = command.clone().after_help(None).after_long_help(None);
    let man = Man::new(bare).source(args::TITLE);
    let mut page = Vec::new();
    man.render(&mut page)?;
    sections(&closing(command)).to_writer(&mut page)?;
    let page = String::from_utf8_lossy(&page);
    // The generator leaves out the empty date, so that the title would be in its place, and breaks lines twice.
    let page = page
        .replacen(" 1  \"", " 1 \"\" \"", 1)
        .replace(".br\n\n.br\n", ".sp\n");
    fs::write(directory.join(man.get_filename()), page)
}

/// The sections at the end of a page, in the usual order.
const ORDER: [&str; 6] = [
    "Installation",
    "Exit codes",
    "Environment",
    "Files",
    "Examples",
    "See also",
];

/// What stands at the end of a page.
fn closing(command: &Command) -> String {
    let help = command
        .get_after_long_help()
        .or(command.get_after_help())
        .map(ToString::to_string);
    let mut text = help.unwrap_or_default();
    if !text.contains("Environment:\n") {
        // A completion uses them too.
        let calls = command.get_name() == "completions"
            || command
                .get_arguments()
                .any(|argument| argument.get_long() == Some("base-url"));
        let (variables, files) = if calls {
            (args::API_ENVIRONMENT, args::FILES)
        } else {
            ("", "")
        };
        let variable = args::ENVIRONMENT;
        text = format!("{text}\n\nEnvironment:\n{variables}{variable}\n\n{files}");
    }
    text = format!("{text}\n\nSee also:\n  {}", see_also(command));
    let mut blocks: Vec<_> = text
        .split("\n\n")
        .filter(|block| !block.is_empty())
        .collect();
    let place = |block: &&str| ORDER.iter().position(|heading| block.starts_with(heading));
    blocks.sort_by_key(place);
    blocks.join("\n\n")
}

/// The pages above and below this one.
fn see_also(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or_default();
    let words: Vec<_> = name.split(' ').collect();
    let above = (1..words.len()).filter_map(|number| words.get(..number));
    let above = above.map(|words| words.join("-"));
    let below = command.get_subcommands();
    let below = below.filter_map(|it| Some(it.get_bin_name()?.replace(' ', "-")));
    let pages = above.chain(below).map(|page| format!("{page}(1)"));
    pages.collect::<Vec<_>>().join(", ")
}

/// Turns the text below the help, such as the exit codes, into sections. The generator would put all of
/// it into one section named "extra".
fn sections(closing: &str) -> Roff {
    let mut sections = Roff::new();
    for (heading, lines) in closing
        .split("\n\n")
        .filter_map(|block| block.split_once(":\n"))
    {
        let heading = heading.to_uppercase();
        sections.control("SH", [heading.as_str()]);
        // Examples keep their lines, so that they can be copied.
        let is_code = heading == "EXAMPLES";
        if is_code {
            sections.control("nf", []);
        }
        for line in lines.lines().map(str::trim_start) {
            // A term and what it means.
            match line.split_once("  ").filter(|_| !is_code) {
                Some((term, meaning)) => {
                    sections.control("TP", []);
                    sections.text([bold(term)]);
                    sections.text([roman(meaning.trim_start())]);
                }
                None => {
                    sections.text([roman(line)]);
                }
            }
        }
        if is_code {
            sections.control("fi", []);
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closing_of(path: &[&str]) -> String {
        let root = args::built();
        let mut command = &root;
        for name in path {
            command = command.find_subcommand(name).unwrap();
        }
        closing(command)
    }

    #[test]
    fn a_page_ends_with_the_environment_the_files_and_the_pages_around_it() {
        for (path, calls, pages) in [
            (&[][..], true, "factify-orgs(1), factify-members(1)"),
            (&["invites"], true, "factify(1), factify-invites-list(1)"),
            (
                &["invites", "revoke"],
                true,
                "factify(1), factify-invites(1)",
            ),
            (&["completions"], true, "factify(1)"),
            (&["sandbox"], false, "factify(1)"),
            (&["man"], false, "factify(1)"),
        ] {
            let closing = closing_of(path);
            let headings = closing.lines().filter_map(|line| line.strip_suffix(':'));
            let headings: Vec<_> = headings.filter(|line| !line.starts_with(' ')).collect();
            let sorted: Vec<_> = ORDER
                .into_iter()
                .filter(|it| headings.contains(it))
                .collect();
            assert_eq!(headings, sorted, "{path:?}");
            assert!(headings.contains(&"Environment"), "{path:?}");
            assert!(closing.contains("  NO_COLOR "), "{path:?}");
            assert_eq!(closing.contains("  FACTIFY_KEY "), calls, "{path:?}");
            assert_eq!(closing.contains("factify/config.toml"), calls, "{path:?}");
            let also = closing.rsplit("See also:\n  ").next().unwrap();
            assert!(also.starts_with(pages), "{path:?}: {also}");
        }
    }

    #[test]
    fn terms_have_a_paragraph_and_examples_keep_their_lines() {
        let page =
            sections("Exit codes:\n  0  done\n\nExamples:\n  one  two\n\nSee also:\n  factify(1)");
        let page = page.render();
        assert!(
            page.contains(".SH \"EXIT CODES\"\n.TP\n\\fB0\\fR\ndone\n"),
            "{page}"
        );
        assert!(
            page.contains(".SH EXAMPLES\n.nf\none  two\n.fi\n"),
            "{page}"
        );
        assert!(page.ends_with("factify(1)\n"), "{page}");
    }
}
