//! What the sandbox reads from uploaded files.

mod markdown;
mod sheet;

use csv::StringRecord;
use factify_core::documents::SourceFormat;
use factify_core::records::{
    Block, BlockContent, DocumentBundle, DocumentLayout, DocumentMetadata, DocumentRecord,
    LayoutDefaults, List, PageGeometry, PageSize, ParagraphData, Record, RecordContent, Sheet,
    SourceReference, SpreadsheetBundle, SpreadsheetMetadata, SpreadsheetRecord, Struct,
    TimestampText,
};

use super::documents::VersionState;

/// The record of a version, or `None` if the sandbox cannot read its file.
pub(crate) fn of(version: &VersionState) -> Option<Record> {
    let format = version.file.format.clone()?;
    let name = &version.file.name;
    let text = || std::str::from_utf8(&version.file.bytes).ok();
    let stands_for = || {
        let size = version.file.bytes.len();
        format!(
            "The sandbox does not read this format. This text replaces the content of {name}, {size} bytes."
        )
    };
    let content = match format {
        SourceFormat::Csv => spreadsheet(version, sheet::read(stem(name), text()?)),
        SourceFormat::Markdown => document(version, markdown::read(text()?), None),
        SourceFormat::Xlsx => {
            let [header, row] = ["note", &stands_for()].map(|text| StringRecord::from(vec![text]));
            spreadsheet(version, sheet::sheet(stem(name), &header, [row]))
        }
        _ => {
            let mut paragraph = ParagraphData::new();
            paragraph.text = Some(stands_for());
            let blocks = [BlockContent::Paragraph(paragraph).into()];
            let layout = (format == SourceFormat::Pdf).then(|| one_page(version));
            document(version, blocks.into_iter().collect(), layout)
        }
    };
    let mut record = Record::from(content);
    record.id = Some(version.record_id.clone());
    record.source_format = Some(format);
    Some(record)
}

/// The name of a file without its extension.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn document(
    version: &VersionState,
    blocks: List<Block>,
    layout: Option<DocumentLayout>,
) -> RecordContent {
    let mut headings = blocks.iter().filter_map(|block| match &block.content {
        Some(BlockContent::Heading(heading)) => heading.text.clone(),
        _ => None,
    });
    let mut metadata = DocumentMetadata::new();
    metadata.title = headings.next();
    metadata.extracted_at = Some(version.ready_at.into());
    let mut record = DocumentRecord::new();
    record.id = Some(version.record_id.clone());
    record.blocks = blocks;
    record.metadata = Some(metadata);
    record.source = Some(source(version));
    let mut bundle = DocumentBundle::new();
    bundle.record = Some(record);
    bundle.layout = layout;
    RecordContent::Document(bundle)
}

fn spreadsheet(version: &VersionState, sheet: Sheet) -> RecordContent {
    let mut metadata = SpreadsheetMetadata::new();
    metadata.title.clone_from(&sheet.name);
    metadata.extracted_at = Some(version.ready_at.into());
    let mut record = SpreadsheetRecord::new();
    record.id = Some(version.record_id.clone());
    record.sheets.push(sheet);
    record.metadata = Some(metadata);
    record.source = Some(source(version));
    let mut bundle = SpreadsheetBundle::new();
    bundle.record = Some(record);
    RecordContent::Spreadsheet(bundle)
}

/// Where a record is from.
fn source(version: &VersionState) -> SourceReference {
    let mut attributes = Struct::new();
    attributes.insert("name".into(), version.file.name.as_str().into());
    let mut source = SourceReference::new();
    source.remote_id = Some(version.id.to_string());
    source.ingested_at = Some(TimestampText::from(version.created_at));
    source.attributes = Some(attributes);
    source
}

/// The layout of a document of one page.
fn one_page(version: &VersionState) -> DocumentLayout {
    let mut defaults = LayoutDefaults::new();
    defaults.page_size = Some(PageSize::A4);
    let mut page = PageGeometry::new();
    page.page_number = Some(0);
    let mut layout = DocumentLayout::new();
    layout.record_id = Some(version.record_id.clone());
    layout.defaults = Some(defaults);
    layout.pages.push(page);
    layout
}
