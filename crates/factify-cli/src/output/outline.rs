//! What the API read from a version, in short.

use factify_core::records;
use serde::Serialize;

use super::{Cell, Column, Record, count};

/// A part of the content of a version, for a table.
pub(crate) struct Outlined {
    pub(crate) part: String,
    pub(crate) text: String,
}

impl Outlined {
    /// A block of a document, or a table of a spreadsheet, for each row.
    pub(crate) fn of(record: &records::Record) -> Vec<Self> {
        let blocks = record
            .document()
            .into_iter()
            .flat_map(|it| it.blocks.iter());
        let tables = record.spreadsheet().into_iter().flat_map(|spreadsheet| {
            let sheets = spreadsheet.sheets.iter();
            sheets.flat_map(|sheet| sheet.tables.iter().map(move |table| (sheet, table)))
        });
        let blocks = blocks.map(Self::of_block);
        let tables = tables.map(|(sheet, table)| {
            let names = [&sheet.name, &table.name];
            let names: Vec<_> = names.into_iter().flatten().map(String::as_str).collect();
            let columns = table.columns.iter();
            let columns: Vec<_> = columns
                .filter_map(|column| column.name.as_deref())
                .collect();
            let rows = count(table.rows.len(), "row");
            Self {
                part: "table".to_owned(),
                text: format!("{}, {rows}: {}", names.join(" "), columns.join(", ")),
            }
        });
        blocks.chain(tables).collect()
    }

    fn of_block(block: &records::Block) -> Self {
        use records::BlockContent as Content;
        let part = match &block.content {
            Some(Content::Heading(heading)) => {
                let level = heading.level.unwrap_or_default();
                format!("heading {level}")
            }
            Some(Content::Paragraph(_)) => "paragraph".to_owned(),
            Some(Content::List(_)) => "list".to_owned(),
            Some(Content::Table(_)) => "table".to_owned(),
            Some(Content::Section(_)) => "section".to_owned(),
            Some(Content::Quote(_)) => "quote".to_owned(),
            Some(Content::CodeBlock(_)) => "code".to_owned(),
            Some(Content::Footnote(_)) => "footnote".to_owned(),
            _ => "other".to_owned(),
        };
        let mut lines = block.lines();
        let first = lines.next().map(|line| line.text.replace('\t', " "));
        let first = first.unwrap_or_default();
        let text = if lines.next().is_some() {
            format!("{first} …")
        } else {
            first
        };
        Self { part, text }
    }
}

impl Record for Outlined {
    const COLUMNS: &'static [Column] = &[Column::new("PART"), Column::new("TEXT").shortened_to(12)];

    fn json(&self) -> impl Serialize + '_ {
        &self.text
    }

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        vec![Cell::plain(&self.part), Cell::plain(&self.text)]
    }
}
