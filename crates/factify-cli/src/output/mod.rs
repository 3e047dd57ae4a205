//! Standard output: only results.

mod bulk_item;
mod csv;
mod documents;
mod done;
mod invite;
pub(crate) mod json;
mod keys;
mod layout;
mod members;
mod offboard;
mod organization;
mod outline;
mod record;
mod revocations;
mod screen;
mod sharing;
mod single;
mod table;
mod text;
mod time;
mod transfer;
mod usage;
mod width;

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::AutoStream;
use clap::ValueEnum;
use factify_core::Pagination;
use jiff::tz::TimeZone;

use crate::console::Console;
use crate::failure::Failure;
use crate::zone;

pub(crate) use bulk_item::{Finished, ItemNames, Unfinished};
pub(crate) use done::Done;
pub(crate) use invite::Revocation;
pub(crate) use offboard::{Offboarding, OffboardingOf};
pub(crate) use outline::Outlined;
pub(crate) use record::{Cell, Column, Record};
pub(crate) use revocations::{AccessRevocation, KeyRevocation};
use screen::Screen;
use table::{Printed, Table};
pub(crate) use text::{count, is_hidden, plural, printable};
use time::Times;
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
    /// A table for people, with ages. To fit the terminal, it shortens columns, then it leaves out some
    #[default]
    Table,
    /// A table with all columns, nothing shortened, and times in the local time zone
    Wide,
    /// One JSON document; its objects are those of the API, with the fields that this version of factify knows
    Json,
    /// The API's objects, one per line
    Jsonl,
    /// Only the ids, one per line
    Ids,
    /// Comma-separated values of all columns, with their names first and times in UTC
    Csv,
}

impl Format {
    /// Whether it is a table, and messages about the list help.
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Self::Table | Self::Wide)
    }

    pub(crate) fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
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
    /// The record itself.
    Whole,
}

/// Only tables have colors; machines read the other formats.
type Stdout = Box<dyn Write>;

/// Writes results. After a write error it does nothing, and [`finish`](Self::finish) returns the error.
pub(crate) struct Output {
    format: Format,
    document: Document,
    out: BufWriter<Stdout>,
    /// The table, after its first row.
    table: Option<Table>,
    times: Times,
    /// The columns of CSV, if they are known.
    columns: Option<&'static [Column]>,
    count: usize,
    error: Option<io::Error>,
}

impl Output {
    pub(crate) fn new(format: Format, document: Document, console: &Console) -> Self {
        let times = match format {
            Format::Table => Times::Ages,
            Format::Wide => Times::Local(zone::local().unwrap_or_else(|| {
                console.warn(format_args!("{}: times are in UTC", zone::UNKNOWN));
                TimeZone::UTC
            })),
            _ => Times::Utc,
        };
        Self {
            format,
            document,
            out: BufWriter::new(match format {
                Format::Table | Format::Wide => {
                    Box::new(AutoStream::new(io::stdout(), console.color()))
                }
                _ => Box::new(io::stdout()),
            }),
            table: None,
            times,
            columns: None,
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

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// The number of records so far.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Says which records will come, so that CSV has the names of the columns even without a record.
    #[must_use]
    pub(crate) fn of<R: Record>(mut self) -> Self {
        self.columns = Some(R::COLUMNS);
        self
    }

    pub(crate) fn record<R: Record>(&mut self, record: &R) {
        self.attempt(|output| output.try_record(record));
    }

    /// Flushes what was written so far, except rows that wait for alignment.
    pub(crate) fn flush(&mut self) {
        self.attempt(|output| output.out.flush());
    }

    /// Ends the document. `pagination` says whether and where the list continues. A closed pipe is no error.
    pub(crate) fn finish(self, pagination: &Pagination) -> Result<(), Failure> {
        let closed = self.close(pagination);
        match closed.err().as_ref().and_then(Failure::output) {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }

    /// The same, and a closed pipe is an error.
    pub(crate) fn close(mut self, pagination: &Pagination) -> io::Result<()> {
        self.attempt(|output| {
            output.open()?;
            if output.format == Format::Json {
                match output.document {
                    Document::List => {
                        write!(output.out, "],\"pagination\":")?;
                        json::write(&mut output.out, pagination)?;
                        write!(output.out, "}}")?;
                    }
                    Document::One(_) => write!(output.out, "}}")?,
                    Document::Whole => {}
                }
                writeln!(output.out)?;
            }
            output.align()?;
            output.out.flush()
        });
        self.error.take().map_or(Ok(()), Err)
    }

    fn attempt(&mut self, write: impl FnOnce(&mut Self) -> io::Result<()>) {
        if self.error.is_none() {
            self.error = write(self).err();
        }
    }

    fn try_record<R: Record>(&mut self, record: &R) -> io::Result<()> {
        self.columns = Some(R::COLUMNS);
        self.open()?;
        match self.format {
            Format::Table | Format::Wide => self.row(record),
            Format::Csv => {
                let cells = record.cells().into_iter();
                csv::line(&mut self.out, cells.map(|cell| self.times.text(cell.value)))?;
            }
            Format::Json => {
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
                    // The server may send any text.
                    writeln!(self.out, "{}", printable(id))?;
                }
            }
        }
        self.count += 1;
        if self.count % ROWS == 0 {
            self.align()?;
        }
        Ok(())
    }

    /// Writes what is before the first record.
    fn open(&mut self) -> io::Result<()> {
        if self.count > 0 {
            return Ok(());
        }
        match (self.format, self.document) {
            (Format::Json, Document::List) => write!(self.out, "{{\"items\":["),
            (Format::Json, Document::One(name)) => write!(self.out, "{{\"{name}\":"),
            (Format::Csv, _) => match self.columns {
                Some(columns) => csv::header(&mut self.out, columns),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn row<R: Record>(&mut self, record: &R) {
        let is_wide = self.format == Format::Wide;
        let is_shown = |column: &Column| is_wide || !column.only_wide;
        let cells = R::COLUMNS.iter().zip(record.cells());
        let cells = cells.filter(|(column, _)| is_shown(column));
        let row = cells.map(|(_, Cell { value, style })| {
            let text = self.times.text(value);
            Printed { text, style }
        });
        let row = row.collect();
        let columns = R::COLUMNS.iter().copied();
        self.table
            .get_or_insert_with(|| Table::new(columns.filter(is_shown).collect()))
            .push(row);
    }

    fn align(&mut self) -> io::Result<()> {
        let Some(table) = &mut self.table else {
            return Ok(());
        };
        let screen = Screen::of_stdout(self.format == Format::Table);
        table.print(&mut self.out, screen)
    }
}

/// After an error, prints the earlier rows. A JSON document stays incomplete, so that nobody takes it
/// for complete.
impl Drop for Output {
    fn drop(&mut self) {
        self.attempt(|output| {
            output.align()?;
            output.out.flush()
        });
    }
}
