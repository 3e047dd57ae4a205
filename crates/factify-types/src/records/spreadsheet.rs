use alloc::boxed::Box;
use alloc::string::String;

use super::{List, RasterImageData, SourceReference, Struct, TimestampText, VectorImageData};

record! {
    /// The data of a spreadsheet, independent of the format of the file. Schema
    /// `qcr.v1alpha.SpreadsheetRecord`, v1beta.
    pub struct SpreadsheetRecord {
        /// The ID of the record. A layout refers to it.
        pub id: Option<String>,
        /// The sheets.
        pub sheets: List<Sheet>,
        /// The ranges that have a name.
        pub named_ranges: List<NamedRange>,
        /// The title and more.
        pub metadata: Option<SpreadsheetMetadata>,
        /// Where the spreadsheet is from.
        pub source: Option<SourceReference>,
    }
}

record! {
    /// Facts about a spreadsheet. Schema `qcr.v1alpha.SpreadsheetMetadata`, v1beta.
    pub struct SpreadsheetMetadata {
        /// The title.
        pub title: Option<String>,
        /// When the API read the spreadsheet.
        pub extracted_at: Option<TimestampText>,
        /// What else the API knows.
        pub attributes: Option<Struct>,
    }
}

record! {
    /// A range of cells that has a name. Schema `qcr.v1alpha.NamedRange`, v1beta.
    pub struct NamedRange {
        /// The name.
        pub name: Option<String>,
        /// The range, such as `A1:D100`.
        pub range_ref: Option<String>,
        /// The sheet that the name is valid in. Empty if it is valid in all sheets.
        pub sheet_name: Option<String>,
        /// What else the API knows.
        pub attributes: Option<Struct>,
    }
}

record! {
    /// A sheet. Schema `qcr.v1alpha.Sheet`, v1beta.
    pub struct Sheet {
        /// Its name, which no other sheet has. A layout refers to it.
        pub name: Option<String>,
        /// The tables.
        pub tables: List<DataTable>,
        /// The charts.
        pub charts: List<SheetChart>,
        /// The images.
        pub images: List<SheetImage>,
        /// What else the API knows.
        pub attributes: Option<Struct>,
    }
}

record! {
    /// A table: columns with names and types, and rows. A CSV file is one table. Schema `qcr.v1alpha.DataTable`,
    /// v1beta.
    pub struct DataTable {
        /// Its name.
        pub name: Option<String>,
        /// Where it is in the sheet, such as `A1:D100`.
        pub range_ref: Option<String>,
        /// The columns.
        pub columns: List<ColumnDef>,
        /// The rows, without that of the headers.
        pub rows: List<DataRow>,
        /// Whether the last row has totals.
        pub has_total_row: Option<bool>,
        /// What else the API knows.
        pub attributes: Option<Struct>,
    }
}

record! {
    /// A column of a table. Schema `qcr.v1alpha.ColumnDef`, v1beta.
    pub struct ColumnDef {
        /// The text of its header.
        pub name: Option<String>,
        /// The type of most of its cells.
        #[wire = "type"]
        pub cell_type: Option<CellType>,
        /// How its numbers are shown.
        pub number_format_category: Option<NumberFormatCategory>,
        /// What else the API knows.
        pub attributes: Option<Struct>,
    }
}

record! {
    /// A row of a table. Schema `qcr.v1alpha.DataRow`, v1beta.
    pub struct DataRow {
        /// The cells, in the order of the columns.
        pub cells: List<DataCell>,
        /// What else the API knows.
        pub attributes: Option<Struct>,
    }
}

union! {
    /// A cell: one value, without formula and format. Schema `qcr.v1alpha.DataCell`, v1beta.
    pub struct DataCell {
        /// The value. `None` if the cell is empty.
        pub value: Option<CellValue>,
        /// The link of the cell.
        pub hyperlink: Option<Box<str>>,
        /// The note of the cell.
        pub note: Option<Box<str>>,
    }

    /// The value of a cell.
    enum {
        /// `true` or `false`.
        Bool(bool) = "bool_value",
        /// An error, such as a division by zero.
        Error(CellErrorType) = "error_value",
        /// A number. A date is a number too: see the type of the column.
        Number(f64) = "number_value",
        /// A text.
        String(String) = "string_value",
    }
}

record! {
    /// A chart of a sheet. Schema `qcr.v1alpha.SheetChart`, v1beta.
    pub struct SheetChart {
        /// The title.
        pub title: Option<String>,
        /// The type, such as `bar`, `line` or `pie`.
        pub chart_type: Option<String>,
        /// The ranges of its data, such as `A1:D100`.
        pub source_ranges: List<String>,
        /// How it looks.
        pub rendered: Option<VectorImageData>,
        /// The column of its upper left corner. The first column is 0.
        pub anchor_col: Option<i32>,
        /// The row of its upper left corner. The first row is 0.
        pub anchor_row: Option<i32>,
        /// What else the API knows.
        pub attributes: Option<Struct>,
    }
}

record! {
    /// An image of a sheet. Schema `qcr.v1alpha.SheetImage`, v1beta.
    pub struct SheetImage {
        /// The image.
        pub image: Option<RasterImageData>,
        /// The column of its upper left corner. The first column is 0.
        pub anchor_col: Option<i32>,
        /// The row of its upper left corner. The first row is 0.
        pub anchor_row: Option<i32>,
        /// How far it is to the right of the cell's edge, in millimeters.
        pub offset_x_mm: Option<f64>,
        /// How far it is below the cell's edge, in millimeters.
        pub offset_y_mm: Option<f64>,
        /// The width in millimeters.
        pub width_mm: Option<f64>,
        /// The height in millimeters.
        pub height_mm: Option<f64>,
    }
}

open_enum! {
    /// The type of most cells of a column. Schema `qcr.v1alpha.CellType`, v1beta.
    CellType {
        /// The API does not say it.
        Unspecified = "CELL_TYPE_UNSPECIFIED",
        /// Texts.
        String = "CELL_TYPE_STRING",
        /// Numbers.
        Number = "CELL_TYPE_NUMBER",
        /// `true` or `false`.
        Boolean = "CELL_TYPE_BOOLEAN",
        /// Dates.
        Date = "CELL_TYPE_DATE",
        /// Errors.
        Error = "CELL_TYPE_ERROR",
        /// Times of day.
        Time = "CELL_TYPE_TIME",
        /// Dates with a time of day.
        DateTime = "CELL_TYPE_DATE_TIME",
    }
}

open_enum! {
    /// The error of a cell. Schema `qcr.v1alpha.CellErrorType`, v1beta.
    CellErrorType {
        /// The API does not say it.
        Unspecified = "CELL_ERROR_TYPE_UNSPECIFIED",
        /// `#NULL!`: two ranges have no cell in common.
        Null = "CELL_ERROR_TYPE_NULL",
        /// `#DIV/0!`: a division by zero.
        DivZero = "CELL_ERROR_TYPE_DIV_ZERO",
        /// `#VALUE!`: a value of the wrong type.
        Value = "CELL_ERROR_TYPE_VALUE",
        /// `#REF!`: a reference to a cell that does not exist.
        Ref = "CELL_ERROR_TYPE_REF",
        /// `#NAME?`: an unknown name.
        Name = "CELL_ERROR_TYPE_NAME",
        /// `#NUM!`: an impossible number.
        Num = "CELL_ERROR_TYPE_NUM",
        /// `#N/A`: a value that is not available.
        Na = "CELL_ERROR_TYPE_NA",
        /// `#GETTING_DATA`: a value that is still being fetched.
        GettingData = "CELL_ERROR_TYPE_GETTING_DATA",
        /// `#SPILL!`: a result that has no room.
        Spill = "CELL_ERROR_TYPE_SPILL",
        /// `#CALC!`: an impossible calculation.
        Calc = "CELL_ERROR_TYPE_CALC",
    }
}

open_enum! {
    /// How numbers are shown. Schema `qcr.v1alpha.NumberFormatCategory`, v1beta.
    NumberFormatCategory {
        /// The API does not say it.
        Unspecified = "NUMBER_FORMAT_CATEGORY_UNSPECIFIED",
        /// Without a format of their own.
        General = "NUMBER_FORMAT_CATEGORY_GENERAL",
        /// As numbers.
        Number = "NUMBER_FORMAT_CATEGORY_NUMBER",
        /// As amounts of money.
        Currency = "NUMBER_FORMAT_CATEGORY_CURRENCY",
        /// As amounts of money, with aligned symbols.
        Accounting = "NUMBER_FORMAT_CATEGORY_ACCOUNTING",
        /// In percent.
        Percentage = "NUMBER_FORMAT_CATEGORY_PERCENTAGE",
        /// As fractions.
        Fraction = "NUMBER_FORMAT_CATEGORY_FRACTION",
        /// With an exponent.
        Scientific = "NUMBER_FORMAT_CATEGORY_SCIENTIFIC",
        /// As texts.
        Text = "NUMBER_FORMAT_CATEGORY_TEXT",
        /// As dates.
        Date = "NUMBER_FORMAT_CATEGORY_DATE",
        /// As times of day.
        Time = "NUMBER_FORMAT_CATEGORY_TIME",
        /// As dates with a time of day.
        DateTime = "NUMBER_FORMAT_CATEGORY_DATE_TIME",
        /// As durations.
        Duration = "NUMBER_FORMAT_CATEGORY_DURATION",
    }
}
