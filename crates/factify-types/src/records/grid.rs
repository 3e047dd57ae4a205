use alloc::string::String;

use super::{Direction, List, NumberFormatCategory, SourceReference, TimestampText};

record! {
    /// How the sheets of a spreadsheet look. Schema `qcr.v1alpha.SpreadsheetLayout`, v1beta.
    pub struct SpreadsheetLayout {
        /// The [`id`](super::SpreadsheetRecord::id) of the record that it belongs to.
        pub record_id: Option<String>,
        /// What applies to all sheets.
        pub defaults: Option<SpreadsheetLayoutDefaults>,
        /// The layouts of the sheets.
        pub sheet_layouts: List<SheetLayout>,
        /// When the API made the layout.
        pub extracted_at: Option<TimestampText>,
        /// Where the spreadsheet is from.
        pub source: Option<SourceReference>,
    }
}

record! {
    /// What applies to all sheets. Schema `qcr.v1alpha.SpreadsheetLayoutDefaults`, v1beta.
    pub struct SpreadsheetLayoutDefaults {
        /// The width of a column in millimeters.
        pub column_width_mm: Option<f64>,
        /// The height of a row in millimeters.
        pub row_height_mm: Option<f64>,
    }
}

record! {
    /// How a sheet looks. Rows and columns count from 0. Schema `qcr.v1alpha.SheetLayout`, v1beta.
    pub struct SheetLayout {
        /// The name of the sheet.
        pub sheet_name: Option<String>,
        /// Whether the sheet is hidden.
        pub is_hidden: Option<bool>,
        /// The direction of the text.
        pub direction: Option<Direction>,
        /// The rows and columns that stay when the sheet is scrolled.
        pub frozen_pane: Option<FrozenPane>,
        /// Columns that differ from the defaults.
        pub columns: List<ColumnLayout>,
        /// Rows that differ from the defaults.
        pub rows: List<RowLayout>,
        /// Cells that are merged.
        pub merged_regions: List<MergedRegion>,
        /// Cells that have a layout of their own.
        pub cell_bindings: List<CellLayoutBinding>,
        /// The formats of the columns of tables.
        pub column_formats: List<ColumnFormatBinding>,
    }
}

record! {
    /// The rows and columns that stay when a sheet is scrolled. Schema `qcr.v1alpha.FrozenPane`, v1beta.
    pub struct FrozenPane {
        /// How many columns, from the first one.
        pub frozen_col: Option<i32>,
        /// How many rows, from the first one.
        pub frozen_row: Option<i32>,
    }
}

record! {
    /// A column. Schema `qcr.v1alpha.ColumnLayout`, v1beta.
    pub struct ColumnLayout {
        /// Its index.
        pub col: Option<i32>,
        /// The width in millimeters.
        pub width_mm: Option<f64>,
        /// Whether it is hidden.
        pub is_hidden: Option<bool>,
    }
}

record! {
    /// A row. Schema `qcr.v1alpha.RowLayout`, v1beta.
    pub struct RowLayout {
        /// Its index.
        pub row: Option<i32>,
        /// The height in millimeters.
        pub height_mm: Option<f64>,
        /// Whether it is hidden.
        pub is_hidden: Option<bool>,
    }
}

record! {
    /// Cells that are merged, including those at the bounds. Schema `qcr.v1alpha.MergedRegion`, v1beta.
    pub struct MergedRegion {
        /// The first row.
        pub start_row: Option<i32>,
        /// The first column.
        pub start_col: Option<i32>,
        /// The last row.
        pub end_row: Option<i32>,
        /// The last column.
        pub end_col: Option<i32>,
    }
}

record! {
    /// The layout of a cell. Schema `qcr.v1alpha.CellLayoutBinding`, v1beta.
    pub struct CellLayoutBinding {
        /// Its row.
        pub row: Option<i32>,
        /// Its column.
        pub col: Option<i32>,
        /// The alignment of its text.
        pub alignment: Option<CellAlignment>,
        /// Whether its text is broken into lines.
        pub text_wrap: Option<bool>,
    }
}

union! {
    /// The alignment of the text of a cell. Schema `qcr.v1alpha.CellAlignment`, v1beta.
    pub struct CellAlignment {
        /// The direction of the text.
        pub text_direction: Option<CellTextDirection>,
        /// The horizontal alignment.
        pub horizontal: Option<HorizontalAlignment>,
        /// The vertical alignment.
        pub vertical: Option<VerticalAlignment>,
    }

    /// The direction of the text of a cell.
    enum {
        /// A rotation from -90 to 90 degrees. A positive one is counterclockwise.
        RotationDegrees(i32) = "rotation_degrees",
        /// Whether the letters stand on top of each other.
        VerticalText(bool) = "vertical_text",
    }
}

record! {
    /// The format of a column of a table. Schema `qcr.v1alpha.ColumnFormatBinding`, v1beta.
    pub struct ColumnFormatBinding {
        /// The name of the table.
        pub table_name: Option<String>,
        /// The index of the column in the table.
        pub column_index: Option<i32>,
        /// How its numbers are shown.
        pub number_format_category: Option<NumberFormatCategory>,
        /// The exact format, such as `#,##0.00` or `yyyy-mm-dd`.
        pub number_format_pattern: Option<String>,
    }
}

open_enum! {
    /// The horizontal alignment of a cell. Schema `qcr.v1alpha.HorizontalAlignment`, v1beta.
    HorizontalAlignment {
        /// The API does not say it.
        Unspecified = "HORIZONTAL_ALIGNMENT_UNSPECIFIED",
        /// To the left.
        Left = "HORIZONTAL_ALIGNMENT_LEFT",
        /// To the middle.
        Center = "HORIZONTAL_ALIGNMENT_CENTER",
        /// To the right.
        Right = "HORIZONTAL_ALIGNMENT_RIGHT",
        /// Repeated until the cell is full.
        Fill = "HORIZONTAL_ALIGNMENT_FILL",
        /// To both sides.
        Justify = "HORIZONTAL_ALIGNMENT_JUSTIFY",
    }
}

open_enum! {
    /// The vertical alignment of a cell. Schema `qcr.v1alpha.VerticalAlignment`, v1beta.
    VerticalAlignment {
        /// The API does not say it.
        Unspecified = "VERTICAL_ALIGNMENT_UNSPECIFIED",
        /// To the top.
        Top = "VERTICAL_ALIGNMENT_TOP",
        /// To the middle.
        Center = "VERTICAL_ALIGNMENT_CENTER",
        /// To the bottom.
        Bottom = "VERTICAL_ALIGNMENT_BOTTOM",
    }
}
