//! Reads CSV: one sheet with one table, whose columns are the first row.

use csv::{ReaderBuilder, StringRecord};
use factify_core::records::{
    CellType, CellValue, ColumnDef, DataCell, DataRow, DataTable, List, Sheet,
};
use serde_json::Number;

pub(super) fn read(name: &str, text: &str) -> Sheet {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    // Any text can be read.
    let mut records = reader.records().map_while(Result::ok);
    let header = records.next().unwrap_or_default();
    sheet(name, &header, records)
}

/// A sheet with one table.
pub(super) fn sheet(
    name: &str,
    header: &StringRecord,
    rows: impl IntoIterator<Item = StringRecord>,
) -> Sheet {
    let rows: List<DataRow> = rows.into_iter().map(|record| row(&record)).collect();
    let longest = rows.iter().map(|row| row.cells.len()).max();
    let width = header.len().max(longest.unwrap_or_default());
    let mut table = DataTable::new();
    table.name = Some(name.into());
    table.range_ref = Some(format!("A1:{}{}", letters(width), rows.len() + 1));
    table.columns = columns(header, width, &rows);
    table.rows = rows;
    let mut sheet = Sheet::new();
    sheet.name = Some(name.into());
    sheet.tables.push(table);
    sheet
}

fn row(record: &StringRecord) -> DataRow {
    let mut row = DataRow::new();
    row.cells = record.iter().map(cell).collect();
    row
}

/// A number is as in JSON, so that `007` stays a text.
fn cell(text: &str) -> DataCell {
    let number = || text.parse::<Number>().ok()?.as_f64();
    let value = match text {
        "" => return DataCell::new(),
        _ if text.eq_ignore_ascii_case("true") => CellValue::Bool(true),
        _ if text.eq_ignore_ascii_case("false") => CellValue::Bool(false),
        _ => number().map_or_else(|| CellValue::String(text.into()), CellValue::Number),
    };
    value.into()
}

/// The columns. The type of one is that of all its cells, or else text.
fn columns(header: &StringRecord, width: usize, rows: &[DataRow]) -> List<ColumnDef> {
    let mut types = vec![None; width];
    for row in rows {
        for (known, cell) in types.iter_mut().zip(&row.cells) {
            let found = match cell.value {
                None => continue,
                Some(CellValue::Number(_)) => CellType::Number,
                Some(CellValue::Bool(_)) => CellType::Boolean,
                Some(_) => CellType::String,
            };
            if known.get_or_insert_with(|| found.clone()) != &found {
                *known = Some(CellType::String);
            }
        }
    }
    let columns = types.into_iter().enumerate().map(|(at, cell_type)| {
        let mut column = ColumnDef::new();
        column.name = header.get(at).map(Into::into);
        column.cell_type = Some(cell_type.unwrap_or(CellType::String));
        column
    });
    columns.collect()
}

/// The name of the last of these columns: A to Z, then AA.
fn letters(mut width: usize) -> String {
    let mut letters = Vec::new();
    while width > 0 {
        width -= 1;
        letters.extend(u8::try_from(width % 26).map(|at| char::from(b'A' + at)));
        width /= 26;
    }
    if letters.is_empty() {
        return "A".into();
    }
    letters.into_iter().rev().collect()
}
