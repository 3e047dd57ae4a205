use alloc::string::String;

use super::{DocumentLayout, DocumentRecord, SpreadsheetLayout, SpreadsheetRecord};
use crate::documents::SourceFormat;

union! {
    /// What the API read from a version of a document. Schema `GetRecordResponse`, v1beta.
    pub struct Record {
        /// The content: a document or a spreadsheet, depending on the format of the file.
        pub content: Option<RecordContent>,
        /// The ID of the record, a UUID.
        pub id: Option<String>,
        /// The format of the uploaded file.
        pub source_format: Option<SourceFormat>,
    }

    /// The content of a record.
    enum {
        /// That of a file in PDF, Word or Markdown.
        Document(DocumentBundle) = "document",
        /// That of a file in Excel or CSV.
        Spreadsheet(SpreadsheetBundle) = "spreadsheet",
    }
}

record! {
    /// A document and its layout. Schema `DocumentBundle`, v1beta.
    pub struct DocumentBundle {
        /// What the document says.
        pub record: Option<DocumentRecord>,
        /// Where the elements are on the pages. Absent for formats without pages, such as Markdown.
        pub layout: Option<DocumentLayout>,
    }
}

record! {
    /// A spreadsheet and its layout. Schema `SpreadsheetBundle`, v1beta.
    pub struct SpreadsheetBundle {
        /// The data.
        pub record: Option<SpreadsheetRecord>,
        /// How the sheets look. Absent if the API did not make it.
        pub layout: Option<SpreadsheetLayout>,
    }
}

impl Record {
    /// The document, if the record has one.
    pub fn document(&self) -> Option<&DocumentRecord> {
        match self.content.as_ref()? {
            RecordContent::Document(bundle) => bundle.record.as_ref(),
            _ => None,
        }
    }

    /// The spreadsheet, if the record has one.
    pub fn spreadsheet(&self) -> Option<&SpreadsheetRecord> {
        match self.content.as_ref()? {
            RecordContent::Spreadsheet(bundle) => bundle.record.as_ref(),
            _ => None,
        }
    }
}
