use alloc::string::String;

use super::{Insets, LayoutDefaults, List, PageGeometry, SourceReference, TimestampText};

record! {
    /// Where the elements of a document are on its pages. Schema `qcr.v1alpha.DocumentLayout`, v1beta.
    pub struct DocumentLayout {
        /// The [`id`](super::DocumentRecord::id) of the record that it belongs to.
        pub record_id: Option<String>,
        /// What applies to the whole document.
        pub defaults: Option<LayoutDefaults>,
        /// All pages.
        pub pages: List<PageGeometry>,
        /// The layout of elements. An element without a layout has no entry.
        pub bindings: List<LayoutBinding>,
        /// When the API made the layout.
        pub extracted_at: Option<TimestampText>,
        /// Where the document is from.
        pub source: Option<SourceReference>,
    }
}

union! {
    /// The layout of one element. Schema `qcr.v1alpha.LayoutBinding`, v1beta.
    pub struct LayoutBinding {
        /// The properties that depend on the kind of element.
        pub layout: Option<ElementLayout>,
        /// The element.
        pub path: Option<BlockPath>,
        /// Where the element is: a fragment for each page that it is on, in reading order.
        pub fragments: List<LayoutFragment>,
    }

    /// The layout of a kind of element.
    enum {
        /// Of a table.
        Table(TableLayout) = "table",
        /// Of a cell of a table.
        TableCell(TableCellLayout) = "table_cell",
        /// Of a row of a table.
        TableRow(TableRowLayout) = "table_row",
        /// Of a block of text.
        TextBlock(TextBlockLayout) = "text_block",
    }
}

record! {
    /// The way to an element of a document. Each segment goes one level down: into a section, a table, a list.
    /// Schema `qcr.v1alpha.BlockPath`, v1beta.
    pub struct BlockPath {
        /// The segments, from the outside to the inside.
        pub segments: List<PathSegment>,
    }
}

union! {
    /// One segment of a path. Schema `qcr.v1alpha.PathSegment`, v1beta.
    pub struct PathSegment {
        /// The index, which counts from 0.
        pub index: Option<PathIndex>,
    }

    /// An index and the list that it is for.
    enum {
        /// Of the blocks of a document or a section.
        Block(u32) = "block",
        /// Of the cells of a row.
        Cell(u32) = "cell",
        /// Of the items of a list.
        Item(u32) = "item",
        /// Of the rows of a table.
        Row(u32) = "row",
    }
}

record! {
    /// The part of an element that is on one page. Schema `qcr.v1alpha.LayoutFragment`, v1beta.
    pub struct LayoutFragment {
        /// The number of the page. The first page is 0.
        pub page_number: Option<i32>,
        /// The place on the page.
        pub bounding_box: Option<BoundingBox>,
        /// The rotation in degrees.
        pub rotation_degrees: Option<f64>,
    }
}

record! {
    /// A place on a page, from 0 to 1 of its width and height. The origin is at the top left. Schema
    /// `qcr.v1alpha.BoundingBox`, v1beta.
    pub struct BoundingBox {
        /// The left edge.
        pub x: Option<f64>,
        /// The upper edge.
        pub y: Option<f64>,
        /// The width.
        pub width: Option<f64>,
        /// The height.
        pub height: Option<f64>,
    }
}

record! {
    /// The layout of a heading, a paragraph, a quotation or an item. Schema `qcr.v1alpha.TextBlockLayout`, v1beta.
    pub struct TextBlockLayout {
        /// The alignment.
        pub alignment: Option<TextAlignment>,
        /// The indentation.
        pub indentation: Option<Indentation>,
        /// The space above, below and between the lines.
        pub spacing: Option<BlockSpacing>,
    }
}

record! {
    /// How far a text is indented, in millimeters. Schema `qcr.v1alpha.Indentation`, v1beta.
    pub struct Indentation {
        /// The first line. Negative if it starts further left than the other lines.
        pub first_line_mm: Option<f64>,
        /// From the left.
        pub left_mm: Option<f64>,
        /// From the right.
        pub right_mm: Option<f64>,
    }
}

record! {
    /// The space around a text. Schema `qcr.v1alpha.BlockSpacing`, v1beta.
    pub struct BlockSpacing {
        /// Above, in millimeters.
        pub before_mm: Option<f64>,
        /// Below, in millimeters.
        pub after_mm: Option<f64>,
        /// Between the lines.
        pub line_spacing: Option<LineSpacingValue>,
    }
}

record! {
    /// The space between lines. Schema `qcr.v1alpha.LineSpacingValue`, v1beta.
    pub struct LineSpacingValue {
        /// How it is measured.
        pub mode: Option<LineSpacing>,
        /// Millimeters, for modes that the API may add.
        pub value_mm: Option<f64>,
    }
}

record! {
    /// The layout of a table. Schema `qcr.v1alpha.TableLayout`, v1beta.
    pub struct TableLayout {
        /// How its width is chosen.
        pub width_mode: Option<TableWidthMode>,
        /// The widths of its columns, in millimeters.
        pub column_widths_mm: List<f64>,
    }
}

record! {
    /// The layout of a row of a table. Schema `qcr.v1alpha.TableRowLayout`, v1beta.
    pub struct TableRowLayout {
        /// The height in millimeters.
        pub height_mm: Option<f64>,
    }
}

record! {
    /// The layout of a cell of a table. Schema `qcr.v1alpha.TableCellLayout`, v1beta.
    pub struct TableCellLayout {
        /// The space inside of it.
        pub padding: Option<Insets>,
    }
}

open_enum! {
    /// How the space between lines is measured. Schema `qcr.v1alpha.LineSpacing`, v1beta.
    LineSpacing {
        /// The API does not say it.
        Unspecified = "LINE_SPACING_UNSPECIFIED",
        /// One line.
        Single = "LINE_SPACING_SINGLE",
        /// One and a half lines.
        OneAndHalf = "LINE_SPACING_ONE_AND_HALF",
        /// Two lines.
        Double = "LINE_SPACING_DOUBLE",
    }
}

open_enum! {
    /// How the width of a table is chosen. Schema `qcr.v1alpha.TableWidthMode`, v1beta.
    TableWidthMode {
        /// The API does not say it.
        Unspecified = "TABLE_WIDTH_MODE_UNSPECIFIED",
        /// By its content.
        Auto = "TABLE_WIDTH_MODE_AUTO",
        /// By the widths of its columns.
        Fixed = "TABLE_WIDTH_MODE_FIXED",
    }
}

open_enum! {
    /// The alignment of a text. Schema `qcr.v1alpha.TextAlignment`, v1beta.
    TextAlignment {
        /// The API does not say it.
        Unspecified = "TEXT_ALIGNMENT_UNSPECIFIED",
        /// To the left.
        Left = "TEXT_ALIGNMENT_LEFT",
        /// To the middle.
        Center = "TEXT_ALIGNMENT_CENTER",
        /// To the right.
        Right = "TEXT_ALIGNMENT_RIGHT",
        /// To both sides.
        Justify = "TEXT_ALIGNMENT_JUSTIFY",
    }
}
