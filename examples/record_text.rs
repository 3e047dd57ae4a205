//! What the API read from a document, as text.

use std::io::{self, Write};

use factify::records::Record;

/// Writes the text of a document, or the rows of a spreadsheet with a tab between cells.
///
/// # Errors
/// If it cannot be written.
pub fn write(record: &Record, out: &mut impl Write) -> io::Result<()> {
    if let Some(document) = record.document() {
        writeln!(out, "{}", document.text())?;
    }
    for row in record.spreadsheet().iter().flat_map(|it| it.rows()) {
        let cells: Vec<_> = row.cells().map(|(_, cell)| cell.to_string()).collect();
        writeln!(out, "{}", cells.join("\t"))?;
    }
    Ok(())
}
