//! Man pages, generated from the description of the command line.

use std::fs;
use std::io;
use std::path::Path;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::args;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) fn write(directory: &Path, console: &Console) -> Result<Exit, Failure> {
    let mut command = args::description().disable_help_subcommand(true);
    command.build();
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
    fs::write(directory.join(man.get_filename()), page)
}

/// What stands at the end of a page.
fn closing(command: &Command) -> String {
    let help = command
        .get_after_long_help()
        .or(command.get_after_help())
        .map(ToString::to_string);
    let mut blocks: Vec<_> = help.into_iter().collect();
    let is_root = command.get_bin_name() == Some("factify");
    if !is_root {
        let calls = command
            .get_arguments()
            .any(|it| it.get_long() == Some("base-url"));
        let (variables, files) = if calls {
            (args::API_ENVIRONMENT, args::FILES)
        } else {
            ("", "")
        };
        blocks.push(format!("Environment:\n{variables}{}", args::ENVIRONMENT));
        blocks.push(files.to_owned());
    }
    blocks.push(format!("See also:\n  {}", see_also(command)));
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
        sections.control("nf", []);
        for line in lines.lines() {
            sections.text([roman(line.trim_start())]);
        }
        sections.control("fi", []);
    }
    sections
}
