use core::fmt;
use core::iter::{Enumerate, FusedIterator};
use core::slice;

use super::{CellErrorType, CellValue, DataCell, DataRow, DataTable, Sheet, SpreadsheetRecord};

impl SpreadsheetRecord {
    /// The rows of all tables of all sheets.
    ///
    /// ```
    /// # extern crate factify_types as factify;
    /// use factify::records::{DataCell, SpreadsheetRecord};
    ///
    /// let record: SpreadsheetRecord = serde_json::from_str(
    ///     r#"{"sheets": [{"tables": [{
    ///         "columns": [{"name": "branch"}, {"name": "reams"}],
    ///         "rows": [
    ///             {"cells": [{"string_value": "Scranton"}, {"number_value": 1200}]},
    ///             {"cells": [{"string_value": "Utica"}, {"number_value": 800}]}
    ///         ]
    ///     }]}]}"#,
    /// )?;
    /// let mut reams = 0.0;
    /// for row in record.rows() {
    ///     reams += row.get("reams").and_then(DataCell::as_number).unwrap_or_default();
    /// }
    /// assert_eq!(reams, 2000.0);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn rows(&self) -> Rows<'_> {
        Rows::new(&self.sheets, &[])
    }
}

impl Sheet {
    /// The rows of all tables of the sheet.
    pub fn rows(&self) -> Rows<'_> {
        Rows::new(&[], &self.tables)
    }
}

impl DataTable {
    /// The rows.
    pub fn iter(&self) -> Rows<'_> {
        Rows::new(&[], slice::from_ref(self))
    }

    /// The index of the first column with this name.
    pub fn column(&self, name: &str) -> Option<usize> {
        let mut names = self.columns.iter().map(|column| column.name.as_deref());
        names.position(|found| found == Some(name))
    }
}

impl<'r> IntoIterator for &'r DataTable {
    type Item = Row<'r>;
    type IntoIter = Rows<'r>;

    fn into_iter(self) -> Rows<'r> {
        self.iter()
    }
}

/// Rows of tables. Made by [`SpreadsheetRecord::rows`], [`Sheet::rows`] and [`DataTable::iter`].
#[derive(Debug, Clone)]
#[must_use = "it does nothing until it is read"]
pub struct Rows<'r> {
    sheets: slice::Iter<'r, Sheet>,
    tables: slice::Iter<'r, DataTable>,
    table: Option<(&'r DataTable, Enumerate<slice::Iter<'r, DataRow>>)>,
}

impl<'r> Rows<'r> {
    fn new(sheets: &'r [Sheet], tables: &'r [DataTable]) -> Self {
        Self {
            sheets: sheets.iter(),
            tables: tables.iter(),
            table: None,
        }
    }
}

impl<'r> Iterator for Rows<'r> {
    type Item = Row<'r>;

    fn next(&mut self) -> Option<Row<'r>> {
        loop {
            if let Some((table, rows)) = &mut self.table {
                if let Some((index, data)) = rows.next() {
                    return Some(Row { table, data, index });
                }
            }
            let Some(table) = self.tables.next() else {
                self.tables = self.sheets.next()?.tables.iter();
                continue;
            };
            self.table = Some((table, table.rows.iter().enumerate()));
        }
    }
}

impl FusedIterator for Rows<'_> {}

/// A row of a table, with its columns.
#[derive(Debug, Clone, Copy)]
pub struct Row<'r> {
    table: &'r DataTable,
    data: &'r DataRow,
    index: usize,
}

impl<'r> Row<'r> {
    /// The cell in the first column with this name. `None` if the table has no such column or the row has no such
    /// cell.
    ///
    /// It looks for the column. For many rows, use [`DataTable::column`] once and [`cell`](Self::cell) for each row.
    pub fn get(&self, column: &str) -> Option<&'r DataCell> {
        self.cell(self.table.column(column)?)
    }

    /// The cell in the column with this index.
    pub fn cell(&self, column: usize) -> Option<&'r DataCell> {
        self.data.cells.get(column)
    }

    /// The cells, each with the name of its column.
    pub fn cells(&self) -> impl Iterator<Item = (Option<&'r str>, &'r DataCell)> + use<'r> {
        let columns = self.table.columns.iter();
        let names = columns.map(|column| column.name.as_deref());
        names.chain(core::iter::repeat(None)).zip(&self.data.cells)
    }

    /// The row without its columns.
    pub fn data(&self) -> &'r DataRow {
        self.data
    }

    /// The table.
    pub fn table(&self) -> &'r DataTable {
        self.table
    }

    /// The index of the row in its table.
    pub fn index(&self) -> usize {
        self.index
    }
}

impl DataCell {
    /// The value, if it is a text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Some(CellValue::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The value, if it is a number.
    pub fn as_number(&self) -> Option<f64> {
        match self.value {
            Some(CellValue::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// The value, if it is `true` or `false`.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Some(CellValue::Bool(value)) => Some(value),
            _ => None,
        }
    }

    /// The value, if it is an error.
    pub fn as_error(&self) -> Option<&CellErrorType> {
        match &self.value {
            Some(CellValue::Error(error)) => Some(error),
            _ => None,
        }
    }
}

/// The value as text. An empty cell, and a value of an unknown kind, is an empty text.
impl fmt::Display for DataCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(CellValue::Bool(value)) => value.fmt(f),
            Some(CellValue::Error(error)) => error.fmt(f),
            Some(CellValue::Number(number)) => number.fmt(f),
            Some(CellValue::String(text)) => f.pad(text),
            None | Some(CellValue::Unknown(_)) => f.pad(""),
        }
    }
}
