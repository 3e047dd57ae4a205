//! Standard output: results, and nothing else.

mod invite;
mod json;
mod organization;
mod text;
mod time;

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::AutoStream;
use anstyle::Style;
use clap::ValueEnum;
use factify_core::Pagination;
use jiff::tz::TimeZone;
use serde::Serialize;
use tabwriter::TabWriter;

use crate::console::Console;
use crate::failure::Failure;
use crate::zone;

pub(crate) use invite::Revocation;
pub(crate) use text::{count, printable};

/// The form of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people; times are in the local zone
    #[default]
    Table,
    /// One document in the API's form, with the fields that this version knows
    Json,
    /// The API's objects, one a line
    Jsonl,
    /// The ids alone, one a line
    Ids,
}

/// How many rows are aligned together, so that memory does not grow with a list.
const ROWS: usize = 1_000;

/// A result.
pub(crate) trait Record {
    /// The titles of the table's columns.
    const COLUMNS: &'static [&'static str];

    /// The API's object.
    type Json: Serialize;

    fn json(&self) -> &Self::Json;

    /// Its id, if it belongs to what was asked for.
    fn id(&self) -> Option<&str>;

    /// What the table shows, in the order of the titles.
    fn cells(&self, zone: &TimeZone) -> Vec<Cell>;
}

/// A text of the table, perhaps in color.
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(crate) fn plain(text: &str) -> Self {
        Self::styled(text, Style::new())
    }

    pub(crate) fn styled(text: &str, style: Style) -> Self {
        let text = printable(text).into_owned();
        Self { text, style }
    }
}

/// What the one document of JSON is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Document {
    /// `{"items":[…],"pagination":{…}}`
    List,
    /// `{"NAME":…}`
    One(&'static str),
}

/// Colors are for tables alone; a machine reads each byte of the others.
type Stdout = Box<dyn Write>;

/// Writes results. Once it fails it does nothing more, and [`finish`](Self::finish) tells.
pub(crate) struct Output {
    format: Format,
    document: Document,
    out: BufWriter<Stdout>,
    /// Rows that are not aligned yet, their cells separated by tabs.
    rows: Vec<u8>,
    zone: TimeZone,
    count: usize,
    fault: Option<io::Error>,
}

impl Output {
    pub(crate) fn new(format: Format, document: Document, console: &Console) -> Self {
        let zone = zone::local().unwrap_or_else(|| {
            if format == Format::Table {
                console.warn(format_args!("{}: times are in UTC", zone::UNKNOWN));
            }
            TimeZone::UTC
        });
        Self {
            format,
            document,
            out: BufWriter::new(match format {
                Format::Table => Box::new(AutoStream::new(io::stdout(), console.color())),
                _ => Box::new(io::stdout()),
            }),
            rows: Vec::new(),
            zone,
            count: 0,
            fault: None,
        }
    }

    /// Whether the next record is written to a terminal as soon as it is given.
    pub(crate) fn is_live(&self) -> bool {
        let writes = self.format != Format::Table || (self.count + 1) % ROWS == 0;
        writes && io::stdout().is_terminal()
    }

    /// Whether nobody reads any more.
    pub(crate) fn is_broken(&self) -> bool {
        self.fault.is_some()
    }

    /// How many records there were.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn record<R: Record>(&mut self, record: &R) {
        self.attempt(|output| output.try_record(record));
    }

    /// Shows what was written so far, but for rows that are to be aligned with others.
    pub(crate) fn flush(&mut self) {
        self.attempt(|output| output.out.flush());
    }

    /// Ends the document; `pagination` says whether and where the list goes on after the records.
    pub(crate) fn finish(mut self, pagination: &Pagination) -> Result<(), Failure> {
        self.attempt(|output| {
            if output.format == Format::Json {
                output.open()?;
                match output.document {
                    Document::List => {
                        write!(output.out, "],\"pagination\":")?;
                        json::write(&mut output.out, pagination)?;
                    }
                    Document::One(_) => {}
                }
                writeln!(output.out, "}}")?;
            }
            output.align()?;
            output.out.flush()
        });
        match self.fault.take().as_ref().and_then(Failure::output) {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }

    fn attempt(&mut self, write: impl FnOnce(&mut Self) -> io::Result<()>) {
        if self.fault.is_none() {
            self.fault = write(self).err();
        }
    }

    fn try_record<R: Record>(&mut self, record: &R) -> io::Result<()> {
        match self.format {
            Format::Table => self.row(record)?,
            Format::Json => {
                self.open()?;
                if self.count > 0 {
                    write!(self.out, ",")?;
                }
                json::write(&mut self.out, record.json())?;
            }
            Format::Jsonl => {
                json::write(&mut self.out, record.json())?;
                writeln!(self.out)?;
            }
            Format::Ids => {
                if let Some(id) = record.id() {
                    writeln!(self.out, "{id}")?;
                }
            }
        }
        self.count += 1;
        if self.count % ROWS == 0 {
            self.align()?;
        }
        Ok(())
    }

    /// Begins the document, before its first record.
    fn open(&mut self) -> io::Result<()> {
        match (self.count, self.document) {
            (0, Document::List) => write!(self.out, "{{\"items\":["),
            (0, Document::One(name)) => write!(self.out, "{{\"{name}\":"),
            _ => Ok(()),
        }
    }

    fn row<R: Record>(&mut self, record: &R) -> io::Result<()> {
        if self.count == 0 {
            let bold = Style::new().bold();
            let titles = R::COLUMNS.iter().map(|title| Cell::styled(title, bold));
            write_row(&mut self.rows, titles)?;
        }
        write_row(&mut self.rows, record.cells(&self.zone))
    }

    fn align(&mut self) -> io::Result<()> {
        let mut aligned = TabWriter::new(&mut self.out).padding(2).ansi(true);
        aligned.write_all(&self.rows)?;
        self.rows.clear();
        aligned.flush()
    }
}

/// After a failure, what came before it is shown; a document of JSON stays open, so that it cannot
/// pass for whole.
impl Drop for Output {
    fn drop(&mut self) {
        self.attempt(|output| {
            output.align()?;
            output.out.flush()
        });
    }
}

fn write_row(out: &mut impl Write, cells: impl IntoIterator<Item = Cell>) -> io::Result<()> {
    for (index, Cell { text, style }) in cells.into_iter().enumerate() {
        if index > 0 {
            write!(out, "\t")?;
        }
        write!(out, "{style}{text}{style:#}")?;
    }
    writeln!(out)
}
