use std::io::{self, IsTerminal, Write};

use clap::Args;
use factify_core::records;
use factify_core::versions::GetVersionRecord;
use factify_core::{Operation, OperationInfo, VersionId};

use super::record::read;
use crate::commands::ApiCommand;
use crate::commands::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Format, printable};

pub(crate) const EXAMPLES: &str = "\
factify versions text ver_01h2xcejqtf2nbrexx3vqjhp41 | grep --ignore-case total";

#[derive(Debug, Args)]
pub(crate) struct Text {
    /// The id of the version
    #[arg(value_name = "VERSION")]
    version: VersionId,
}

impl ApiCommand for Text {
    const OPERATION: OperationInfo = GetVersionRecord::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        if !matches!(context.global.output, Format::Table | Format::Wide) {
            return Err(Failure::usage(
                "a text has no other format: for -o json use factify versions record",
            ));
        }
        let record = read(self.version, context)?;
        let mut out = io::BufWriter::new(io::stdout().lock());
        let is_terminal = out.get_ref().is_terminal();
        let written = write(&record, &mut out, is_terminal).and_then(|()| out.flush());
        match written.err().as_ref().and_then(Failure::output) {
            Some(failure) => Err(failure),
            None => Ok(Exit::Done),
        }
    }
}

/// Writes the text of a document, or the rows of a spreadsheet with tabs between the cells. At a terminal, it escapes
/// what would control it.
fn write(record: &records::Record, out: &mut impl Write, is_terminal: bool) -> io::Result<()> {
    let mut line = |text: &str| {
        if !is_terminal {
            return writeln!(out, "{text}");
        }
        let cells: Vec<_> = text.split('\t').map(printable).collect();
        writeln!(out, "{}", cells.join("\t"))
    };
    if let Some(document) = record.document() {
        let text = document.text().to_string();
        text.lines().try_for_each(&mut line)?;
    }
    for sheet in record
        .spreadsheet()
        .into_iter()
        .flat_map(|it| it.sheets.iter())
    {
        for table in &sheet.tables {
            let names: Vec<_> = table
                .columns
                .iter()
                .map(|column| column.name.as_deref())
                .collect();
            if names.iter().any(Option::is_some) {
                let names = names.into_iter().map(Option::unwrap_or_default);
                line(&row(names.map(str::to_owned)))?;
            }
            for cells in table {
                line(&row(cells.cells().map(|(_, cell)| cell.to_string())))?;
            }
        }
    }
    Ok(())
}

/// A tab or a line break in a cell becomes a space.
fn row(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<_> = cells
        .map(|cell| cell.replace(['\t', '\n', '\r'], " "))
        .collect();
    cells.join("\t")
}
