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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_lower_case_and_fields_quoted_where_necessary() {
        let columns = [Column::new("ID"), Column::new("ACCEPTED BY").only_wide()];
        let mut out = Vec::new();
        header(&mut out, &columns).unwrap();
        for fields in [["a", "b"], ["a,b", "say \"hi\""], ["", "\\u{a}"], ["", ""]] {
            line(&mut out, fields.map(Into::into)).unwrap();
        }
        let expected = "id,accepted_by\na,b\n\"a,b\",\"say \"\"hi\"\"\"\n,\\u{a}\n,\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
