//! The content of documents: what the API read from an uploaded file.
//!
//! A [`Record`] has a document or a spreadsheet, each with its layout:
//!
//! - A [`DocumentRecord`] is a list of [`Block`]s. [`DocumentRecord::lines`] and [`DocumentRecord::text`] are its
//!   plain text.
//! - A [`SpreadsheetRecord`] has [`Sheet`]s, which have [`DataTable`]s. [`SpreadsheetRecord::rows`],
//!   [`Sheet::rows`] and [`DataTable::iter`] are their rows, with cells by the name of the column.
//!
//! ```
//! # extern crate factify_types as factify;
//! use factify::records::{Record, RecordContent};
//!
//! let record: Record = serde_json::from_str(
//!     r#"{"document": {"record": {"blocks": [{"heading": {"level": 1, "text": "Report"}}]}}}"#,
//! )?;
//! if let Some(RecordContent::Document(document)) = &record.content {
//!     for line in document.record.iter().flat_map(|record| record.lines()) {
//!         println!("{line}");
//!     }
//! }
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Every field is optional
//!
//! The API requires none. A record is written again as it was read: an absent field stays absent, and an empty
//! list, `false` and 0 stay. So a number is an `Option`, and a [`List`] is a slice that also knows whether the
//! response has it. `null` is the same as an absent field. A time is a [`TimestampText`], which keeps its text.
//!
//! # Kinds
//!
//! A block, a cell and some other values have one of several kinds, such as [`BlockContent`]. A kind that this
//! version does not know is kept as `Unknown`, with its name and its value. A value with two kinds is an error.
//!
//! # Numbers
//!
//! All numbers with a fraction are `f64`, although the API documents some as 32 bits: they keep their digits. NaN
//! and the infinities are strings, as in the JSON of protobuf.
//!
//! # Depth
//!
//! Sections contain blocks, and lists contain lists. More than [`MAX_DEPTH`] levels are an error, both when a
//! record is read and when it is written, from and to any format. A value that you build yourself can be deeper
//! until you write it, but dropping, cloning or printing it takes stack for each level.

#[macro_use]
mod declare;
mod blocks;
pub(crate) mod depth;
mod document;
mod grid;
mod images;
mod layout;
mod list;
pub(crate) mod number;
mod open;
mod pages;
mod record;
mod rows;
mod spreadsheet;
mod text;
mod time;

use serde::de::Error;

pub use blocks::{
    Block, BlockContent, CodeBlockData, FootnoteData, HeadingData, ListData, ListItem, ListStyle,
    ParagraphData, QuoteData, SectionData, TableCell, TableData, TableRow, ThematicBreakData,
};
pub use document::{DocumentMetadata, DocumentRecord, SourceReference};
pub use grid::{
    CellAlignment, CellLayoutBinding, CellTextDirection, ColumnFormatBinding, ColumnLayout,
    FrozenPane, HorizontalAlignment, MergedRegion, RowLayout, SheetLayout, SpreadsheetLayout,
    SpreadsheetLayoutDefaults, VerticalAlignment,
};
pub use images::{DataContent, DataSource, MimeType, RasterImageData, VectorImageData};
pub use layout::{
    BlockPath, BlockSpacing, BoundingBox, DocumentLayout, ElementLayout, Indentation,
    LayoutBinding, LayoutFragment, LineSpacing, LineSpacingValue, PathIndex, PathSegment,
    TableCellLayout, TableLayout, TableRowLayout, TableWidthMode, TextAlignment, TextBlockLayout,
};
pub use list::List;
pub use open::UnknownFields;

pub use crate::Struct;
pub use pages::{
    Direction, Insets, LayoutDefaults, Margins, Orientation, PageGeometry, PageSize,
    PhysicalDimensions,
};
pub use record::{DocumentBundle, Record, RecordContent, SpreadsheetBundle};
pub use rows::{Row, Rows};
pub use spreadsheet::{
    CellErrorType, CellType, CellValue, ColumnDef, DataCell, DataRow, DataTable, NamedRange,
    NumberFormatCategory, Sheet, SheetChart, SheetImage, SpreadsheetMetadata, SpreadsheetRecord,
};
pub use text::{Line, LineKind, Lines, Text};
pub use time::TimestampText;

/// How many sections and lists may contain each other.
pub const MAX_DEPTH: usize = 32;

/// A field that may be absent.
pub(crate) trait Presence {
    fn is_present(&self) -> bool;
}

impl<T> Presence for Option<T> {
    fn is_present(&self) -> bool {
        self.is_some()
    }
}

impl<T> Presence for List<T> {
    fn is_present(&self) -> bool {
        !self.is_absent()
    }
}

/// The error of a value with two kinds.
#[cold]
pub(crate) fn two_kinds<E: Error>(first: &str, second: &'static str) -> E {
    if first == second {
        E::duplicate_field(second)
    } else {
        E::custom(format_args!("both `{first}` and `{second}` are present"))
    }
}
