use std::io::{self, Write};

use csv::WriterBuilder;

use super::Column;

/// Writes the names of the columns: `ACCEPTED BY` is `accepted_by`.
pub(super) fn header(out: &mut impl Write, columns: &[Column]) -> io::Result<()> {
    let names = columns.iter().map(|column| column.title);
    let names = names.map(|title| title.to_lowercase().replace(' ', "_"));
    line(out, names)
}

/// Writes a line, with quotes where necessary.
pub(super) fn line(
    out: &mut impl Write,
    fields: impl IntoIterator<Item = String>,
) -> io::Result<()> {
    // A flush of the writer would also flush `out`.
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(fields.into_iter().map(String::into_bytes))?;
    let line = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    out.write_all(&line)
}
