use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::iter::FusedIterator;
use core::slice;
use core::str;

use super::{Block, BlockContent, DocumentRecord, ListData, ListItem, ListStyle, TableRow};

impl DocumentRecord {
    /// The plain text, line by line, in reading order.
    ///
    /// - A text of several lines is several [`Line`]s. An empty text is none.
    /// - A row of a table is one line, with tabs between the cells. A tab or a line break in a cell becomes a space.
    /// - The blocks of a section are in its place, and so are footnotes.
    /// - An image is its alternative text, if it has one.
    /// - Thematic breaks and blocks of an unknown kind have no text.
    ///
    /// ```
    /// # extern crate factify_types as factify;
    /// use factify::records::{DocumentRecord, LineKind};
    ///
    /// let record: DocumentRecord = serde_json::from_str(
    ///     r#"{"blocks": [
    ///         {"heading": {"level": 1, "text": "Sales"}},
    ///         {"table": {"rows": [
    ///             {"cells": [{"text": "Branch"}, {"text": "Reams"}]},
    ///             {"cells": [{"text": "Scranton"}, {"text": "1200"}]}
    ///         ]}}
    ///     ]}"#,
    /// )?;
    /// let lines = record.lines().map(|line| line.text.into_owned());
    /// assert!(lines.eq(["Sales", "Branch\tReams", "Scranton\t1200"]));
    /// let headings = record.lines().filter(|line| matches!(line.kind, LineKind::Heading { .. }));
    /// assert_eq!(headings.count(), 1);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn lines(&self) -> Lines<'_> {
        Lines::of(&self.blocks)
    }

    /// The plain text, to print it: [`lines`](Self::lines) with an empty line between two blocks.
    ///
    /// ```
    /// # extern crate factify_types as factify;
    /// use factify::records::DocumentRecord;
    ///
    /// let record: DocumentRecord = serde_json::from_str(
    ///     r#"{"blocks": [
    ///         {"paragraph": {"text": "To do:"}},
    ///         {"list": {"items": [
    ///             {"text": "sell", "sub_list": {"style": "LIST_STYLE_ORDERED", "items": [{"text": "call"}]}},
    ///             {"text": "rest"}
    ///         ]}}
    ///     ]}"#,
    /// )?;
    /// assert_eq!(record.text().to_string(), "To do:\n\n- sell\n  1. call\n- rest");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn text(&self) -> Text<'_> {
        Text(&self.blocks)
    }
}

impl Block {
    /// The plain text of the block, as in [`DocumentRecord::lines`].
    pub fn lines(&self) -> Lines<'_> {
        Lines::of(slice::from_ref(self))
    }
}

/// One line of plain text. [`Display`](fmt::Display) writes it with the indentation and the mark of its kind.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Line<'r> {
    /// What it is a line of.
    pub kind: LineKind<'r>,
    /// The text, without a line break.
    pub text: Cow<'r, str>,
    /// Whether it is the first line of its text.
    pub is_first: bool,
    starts_block: bool,
}

/// What a line is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineKind<'r> {
    /// A heading of this level. 1 is the highest, 0 means that the record does not say it.
    Heading {
        /// The level.
        level: i32,
    },
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    ListItem {
        /// How many lists are around this one.
        depth: usize,
        /// The number of the item, if the list is numbered.
        number: Option<i32>,
    },
    /// A quotation.
    Quote,
    /// Code.
    Code,
    /// A row of a table, with tabs between the cells.
    TableRow,
    /// A footnote.
    Footnote {
        /// The mark that refers to it, or an empty text.
        label: &'r str,
    },
    /// The alternative text of an image.
    AltText,
}

/// The lines of a document. Made by [`DocumentRecord::lines`].
#[derive(Debug, Clone)]
#[must_use = "it does nothing until it is read"]
pub struct Lines<'r> {
    /// What is left to read, the innermost part last.
    left: Vec<Part<'r>>,
    starts_block: bool,
}

#[derive(Debug, Clone)]
enum Part<'r> {
    Blocks(slice::Iter<'r, Block>),
    Items(Items<'r>),
    Rows(slice::Iter<'r, TableRow>),
    Text {
        kind: LineKind<'r>,
        lines: str::Lines<'r>,
        is_first: bool,
    },
}

#[derive(Debug, Clone)]
struct Items<'r> {
    left: slice::Iter<'r, ListItem>,
    depth: usize,
    number: Option<i32>,
}

impl<'r> Part<'r> {
    fn text(kind: LineKind<'r>, text: Option<&'r String>) -> Self {
        let lines = text.map_or("", String::as_str).lines();
        Self::Text {
            kind,
            lines,
            is_first: true,
        }
    }

    fn list(list: &'r ListData, depth: usize) -> Self {
        let is_numbered = list.style == Some(ListStyle::Ordered);
        Self::Items(Items {
            left: list.items.iter(),
            depth,
            number: is_numbered.then_some(list.start.unwrap_or(1)),
        })
    }

    fn block(block: &'r Block) -> Option<Self> {
        Some(match block.content.as_ref()? {
            BlockContent::CodeBlock(code) => Self::text(LineKind::Code, code.code.as_ref()),
            BlockContent::Figure(figure) => Self::text(LineKind::AltText, figure.alt_text.as_ref()),
            BlockContent::Footnote(note) => {
                let label = note.label.as_deref().unwrap_or_default();
                Self::text(LineKind::Footnote { label }, note.text.as_ref())
            }
            BlockContent::Heading(heading) => {
                let level = heading.level.unwrap_or_default();
                Self::text(LineKind::Heading { level }, heading.text.as_ref())
            }
            BlockContent::Image(image) => Self::text(LineKind::AltText, image.alt_text.as_ref()),
            BlockContent::List(list) => Self::list(list, 0),
            BlockContent::Paragraph(text) => Self::text(LineKind::Paragraph, text.text.as_ref()),
            BlockContent::Quote(quote) => Self::text(LineKind::Quote, quote.text.as_ref()),
            BlockContent::Section(section) => Self::Blocks(section.blocks.iter()),
            BlockContent::Table(table) => Self::Rows(table.rows.iter()),
            BlockContent::ThematicBreak(_) | BlockContent::Unknown(_) => return None,
        })
    }
}

impl<'r> Lines<'r> {
    fn of(blocks: &'r [Block]) -> Self {
        Self {
            left: [Part::Blocks(blocks.iter())].into(),
            starts_block: false,
        }
    }

    fn line(&mut self, kind: LineKind<'r>, text: Cow<'r, str>, is_first: bool) -> Line<'r> {
        let starts_block = core::mem::take(&mut self.starts_block);
        Line {
            kind,
            text,
            is_first,
            starts_block,
        }
    }
}

impl<'r> Iterator for Lines<'r> {
    type Item = Line<'r>;

    fn next(&mut self) -> Option<Line<'r>> {
        loop {
            match self.left.last_mut()? {
                Part::Blocks(blocks) => {
                    if let Some(block) = blocks.next() {
                        self.starts_block = true;
                        self.left.extend(Part::block(block));
                        continue;
                    }
                }
                Part::Items(list) => {
                    if let Some(item) = list.left.next() {
                        let (depth, number) = (list.depth, list.number);
                        list.number = number.map(|number| number.saturating_add(1));
                        let below = item.sub_list.as_deref();
                        let below = below.map(|list| Part::list(list, depth + 1));
                        let kind = LineKind::ListItem { depth, number };
                        self.left.extend(below);
                        self.left.push(Part::text(kind, item.text.as_ref()));
                        continue;
                    }
                }
                Part::Rows(rows) => {
                    if let Some(row) = rows.next() {
                        let text = row_text(row);
                        return Some(self.line(LineKind::TableRow, text, true));
                    }
                }
                Part::Text {
                    kind,
                    lines,
                    is_first,
                } => {
                    if let Some(text) = lines.next() {
                        let (kind, is_first) = (*kind, core::mem::replace(is_first, false));
                        return Some(self.line(kind, text.into(), is_first));
                    }
                }
            }
            self.left.pop();
        }
    }
}

impl FusedIterator for Lines<'_> {}

fn row_text(row: &TableRow) -> Cow<'_, str> {
    let is_break = |symbol| matches!(symbol, '\t' | '\n' | '\r');
    let mut cells = row
        .cells
        .iter()
        .map(|cell| cell.text.as_deref().unwrap_or_default());
    let first = cells.next().unwrap_or_default();
    if cells.len() == 0 && !first.contains(is_break) {
        return first.into();
    }
    let mut text = first.replace(is_break, " ");
    for cell in cells {
        text.push('\t');
        text.extend(
            cell.chars()
                .map(|symbol| if is_break(symbol) { ' ' } else { symbol }),
        );
    }
    text.into()
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            LineKind::ListItem { depth, number } => {
                write!(f, "{:1$}", "", 2 * depth)?;
                match number {
                    _ if !self.is_first => f.write_str("  ")?,
                    Some(number) => write!(f, "{number}. ")?,
                    None => f.write_str("- ")?,
                }
            }
            LineKind::Quote => f.write_str("> ")?,
            LineKind::Footnote { label } if self.is_first && !label.is_empty() => {
                write!(f, "[{label}] ")?;
            }
            _ => {}
        }
        f.write_str(&self.text)
    }
}

/// The plain text of a document, which [`Display`](fmt::Display) writes. Made by [`DocumentRecord::text`].
#[derive(Debug, Clone, Copy)]
pub struct Text<'r>(&'r [Block]);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, line) in Lines::of(self.0).enumerate() {
            if n > 0 {
                f.write_str(if line.starts_block { "\n\n" } else { "\n" })?;
            }
            line.fmt(f)?;
        }
        Ok(())
    }
}
