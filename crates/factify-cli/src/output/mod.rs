//! Standard output: only results.

mod invite;
mod json;
mod organization;
mod outline;
mod record;
mod text;
mod time;
mod transfer;

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::AutoStream;
use anstyle::Style;
use clap::ValueEnum;
use factify_core::Pagination;
use jiff::tz::TimeZone;
use tabwriter::TabWriter;

use crate::console::Console;
use crate::failure::Failure;
use crate::zone;

pub(crate) use invite::Revocation;
pub(crate) use outline::Outlined;
use record::Value;
pub(crate) use record::{Cell, Column, Record};
pub(crate) use text::{count, is_hidden, plural, printable};
pub(crate) use transfer::{Downloaded, ExportedUrl, Processed, Uploaded, UploadedVersion, shown};

/// Refuses a standard output that is open only for reading, because Rust would ignore each failed write. It
/// cannot detect a closed standard output, because Rust opens `/dev/null` in its place before `main`.
#[cfg(unix)]
pub(crate) fn check() -> Result<(), Failure> {
    use rustix::fs::{OFlags, fcntl_getfl};
    let unwritten = |error: io::Error| Failure::unwritten(&error);
    let flags = fcntl_getfl(io::stdout()).map_err(|error| unwritten(error.into()))?;
    if flags & OFlags::RWMODE == OFlags::RDONLY {
        return Err(unwritten(io::Error::other("it is open only for reading")));
    }
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn check() -> Result<(), Failure> {
    Ok(())
}

/// The format of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// A table for people, that fits the terminal
    #[default]
    Table,
    /// A table with all columns, and with times in the local time zone
    Wide,
    /// One JSON document in the API's format, with the fields that this version of factify knows
    Json,
    /// The API's objects, one per line
    Jsonl,
    /// Only the ids, one per line
    Ids,
    /// Comma-separated values, with times in UTC
    Csv,
}

impl Format {
    /// Whether it is a table, and messages about the list help.
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Self::Table | Self::Wide)
    }
}

/// How many rows are aligned together. The limit keeps memory constant for long lists.
const ROWS: usize = 1_000;

/// The structure of the single JSON document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Document {
    /// `{"items":[…],"pagination":{…}}`
    List,
    /// `{"NAME":…}`
    One(&'static str),
    /// The object itself.
    Bare,
}

/// Only tables have colors; machines read the other formats.
type Stdout = Box<dyn Write>;

/// Writes results. After a write error it does nothing, and [`finish`](Self::finish) returns the error.
pub(crate) struct Output {
    format: Format,
    document: Document,
    out: BufWriter<Stdout>,
    /// Rows that are not aligned yet, with tabs between the cells.
    rows: Vec<u8>,
    zone: TimeZone,
    count: usize,
    error: Option<io::Error>,
}

impl Output {
    pub(crate) fn new(format: Format, document: Document, console: &Console) -> Self {
        let zone = zone::local().unwrap_or_else(|| {
            if format.is_for_people() {
                console.warn(format_args!("{}: times are in UTC", zone::UNKNOWN));
            }
            TimeZone::UTC
        });
        Self {
            format,
            document,
            out: BufWriter::new(match format {
                Format::Table | Format::Wide => {
                    Box::new(AutoStream::new(io::stdout(), console.color()))
                }
                _ => Box::new(io::stdout()),
            }),
            rows: Vec::new(),
            zone,
            count: 0,
            error: None,
        }
    }

    /// Whether the next record is written to a terminal as soon as it is given.
    pub(crate) fn is_live(&self) -> bool {
        let writes = !self.format.is_for_people() || (self.count + 1) % ROWS == 0;
        writes && io::stdout().is_terminal()
    }

    /// Whether the output has failed or nobody reads it.
    pub(crate) fn is_broken(&self) -> bool {
        self.error.is_some()
    }

    /// The number of records so far.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn record<R: Record>(&mut self, record: &R) {
        self.attempt(|output| output.try_record(record));
    }

    /// Flushes what was written so far, except rows that wait for alignment.
    pub(crate) fn flush(&mut self) {
        self.attempt(|output| output.out.flush());
    }

    /// Ends the document. `pagination` says whether and where the list continues.
    pub(crate) fn finish(mut self, pagination: &Pagination) -> Result<(), Failure> {
        self.attempt(|output| {
            if output.format == Format::Json {
                output.open()?;
                match output.document {
                    Document::List => {
                        write!(output.out, "],\"pagination\":")?;
                        json::write(&mut output.out, pagination)?;
                    }
                    Document::One(_) | Document::Bare => {}
                }
                if output.document != Document::Bare {
                    write!(output.out, "}}")?;
                }
                writeln!(output.out)?;
            }
            output.align()?;
            output.out.flush()
        });
        match self.error.take().as_ref().and_then(Failure::output) {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }

    fn attempt(&mut self, write: impl FnOnce(&mut Self) -> io::Result<()>) {
        if self.error.is_none() {
            self.error = write(self).err();
        }
    }

    fn try_record<R: Record>(&mut self, record: &R) -> io::Result<()> {
        match self.format {
            Format::Table | Format::Wide | Format::Csv => self.row(record)?,
            Format::Json => {
                self.open()?;
                if self.count > 0 {
                    write!(self.out, ",")?;
                }
                json::write(&mut self.out, &record.json())?;
            }
            Format::Jsonl => {
                json::write(&mut self.out, &record.json())?;
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

    /// Begins the document before the first record.
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
            let titles = R::COLUMNS
                .iter()
                .map(|column| Cell::styled(column.title, bold));
            write_row(&mut self.rows, titles, &self.zone)?;
        }
        write_row(&mut self.rows, record.cells(), &self.zone)
    }

    fn align(&mut self) -> io::Result<()> {
        let mut aligned = TabWriter::new(&mut self.out).padding(2).ansi(true);
        aligned.write_all(&self.rows)?;
        self.rows.clear();
        aligned.flush()
    }
}

/// After a failure, prints the earlier rows. A JSON document stays incomplete, so that nobody takes it
/// for complete.
impl Drop for Output {
    fn drop(&mut self) {
        self.attempt(|output| {
            output.align()?;
            output.out.flush()
        });
    }
}

fn write_row(
    out: &mut impl Write,
    cells: impl IntoIterator<Item = Cell>,
    zone: &TimeZone,
) -> io::Result<()> {
    for (index, Cell { value, style }) in cells.into_iter().enumerate() {
        let text = match value {
            Value::Text(text) => text,
            Value::Time(time) => time::local(time, zone),
        };
        if index > 0 {
            write!(out, "\t")?;
        }
        write!(out, "{style}{text}{style:#}")?;
    }
    writeln!(out)
}
