//! Tables: rows with aligned columns.

use std::io::{self, Write};

use anstyle::Style;

use super::Column;
use super::layout::{GAP, Layout};
use super::width::{cut, is_right_to_left, width};

/// Printed around a cell that is written from right to left. It is invisible, and has the direction of the
/// table. Without it, a terminal that reorders such text may move digits and punctuation of the next columns
/// into the cell. It is outside of the cell, so that nobody copies it with the text.
const LEFT_TO_RIGHT: char = '\u{200e}';

/// A cell as it is printed, before it is shortened.
pub(super) struct Printed {
    pub(super) text: String,
    pub(super) style: Style,
}

/// Where a table is printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screen {
    pub(super) is_terminal: bool,
    /// The width that the table fits. `None`: it is as wide as it needs to be.
    pub(super) limit: Option<usize>,
}

/// Rows that are not printed yet. Each block of rows is aligned as a whole, and keeps the columns of the
/// blocks before it.
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Printed>>,
    layout: Option<Layout>,
}

impl Table {
    pub(super) fn new(columns: Vec<Column>) -> Self {
        let bold = Style::new().bold();
        let titles = columns.iter().map(|column| Printed {
            text: column.title.to_owned(),
            style: bold,
        });
        Self {
            rows: vec![titles.collect()],
            columns,
            layout: None,
        }
    }

    /// Adds a row with a cell for each column.
    pub(super) fn push(&mut self, row: Vec<Printed>) {
        self.rows.push(row);
    }

    /// Prints the rows since the last call. `screen` matters only in the first call.
    pub(super) fn print(&mut self, out: &mut impl Write, screen: Screen) -> io::Result<()> {
        let mut widths = vec![0; self.columns.len()];
        for row in &self.rows {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = width(&cell.text).max(*widest);
            }
        }
        let layout = match &mut self.layout {
            Some(layout) => {
                layout.grow(&widths);
                layout
            }
            none => none.insert(Layout::new(&self.columns, &widths, screen.limit)),
        };
        for row in self.rows.drain(..) {
            print_row(out, &row, layout, screen.is_terminal)?;
        }
        Ok(())
    }
}

fn print_row(
    out: &mut impl Write,
    row: &[Printed],
    layout: &Layout,
    is_terminal: bool,
) -> io::Result<()> {
    // The spaces are printed before the next text, so that no line ends with spaces.
    let mut spaces = 0;
    let mut was_right_to_left = false;
    for place in layout.places() {
        let Some(Printed { text, style }) = row.get(place.index) else {
            continue;
        };
        let text = match layout.cut(place) {
            Some(width) => cut(text, width),
            None => text.into(),
        };
        if !text.is_empty() {
            let is_right_to_left = is_terminal && is_right_to_left(&text);
            write!(out, "{:spaces$}", "")?;
            if is_right_to_left || was_right_to_left {
                write!(out, "{LEFT_TO_RIGHT}")?;
            }
            write!(out, "{style}{text}{style:#}")?;
            was_right_to_left = is_right_to_left;
            spaces = 0;
        }
        spaces += place.width.saturating_sub(width(&text)) + GAP;
    }
    writeln!(out)
}
