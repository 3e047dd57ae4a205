//! Reads records from the lines of standard input and writes them again. With a number as argument, prints as
//! many generated records instead.

use std::error::Error;
use std::iter::repeat_with;

use arbitrary::{Arbitrary, Unstructured};
use factify_core::records::{
    DocumentBundle, DocumentRecord, Record, RecordContent, Sheet, SpreadsheetBundle,
    SpreadsheetRecord,
};
use factify_core::versions::GetVersionRecord;
use factify_core::{Operation, ServeOperation};

#[allow(clippy::print_stdout)] // This is what the program is for.
fn main() -> Result<(), Box<dyn Error>> {
    let print = |record: &Record| -> Result<(), Box<dyn Error>> {
        let body = GetVersionRecord::encode_output(record)?;
        println!("{}", std::str::from_utf8(&body)?);
        Ok(())
    };
    if let Some(count) = std::env::args().nth(1) {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..count.parse()? {
            let length = random.usize(..4_000);
            let bytes: Vec<u8> = repeat_with(|| random.u8(..)).take(length).collect();
            print(&generate(&mut Unstructured::new(&bytes))?)?;
        }
        return Ok(());
    }
    for line in std::io::stdin().lines() {
        print(&GetVersionRecord::decode_body(line?.as_bytes())?)?;
    }
    Ok(())
}

/// A record of any kind. Most of them have a content.
fn generate(u: &mut Unstructured<'_>) -> arbitrary::Result<Record> {
    let mut record = Record::arbitrary(u)?;
    match u.int_in_range(0..=4)? {
        0 | 1 => {
            let mut document = DocumentRecord::arbitrary(u)?;
            document.blocks = u.arbitrary_iter()?.collect::<Result<_, _>>()?;
            let mut bundle = DocumentBundle::arbitrary(u)?;
            bundle.record = Some(document);
            record.content = Some(RecordContent::Document(bundle));
        }
        2 | 3 => {
            let (mut sheet, mut spreadsheet) =
                (Sheet::arbitrary(u)?, SpreadsheetRecord::arbitrary(u)?);
            sheet.tables = u.arbitrary_iter()?.collect::<Result<_, _>>()?;
            spreadsheet.sheets.push(sheet);
            let mut bundle = SpreadsheetBundle::arbitrary(u)?;
            bundle.record = Some(spreadsheet);
            record.content = Some(RecordContent::Spreadsheet(bundle));
        }
        _ => {}
    }
    Ok(record)
}
