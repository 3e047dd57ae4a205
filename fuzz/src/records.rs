// Properties of records for any bytes. The fuzz target uses them, and a test that replays the seeds.

use std::fmt::Debug;

use factify_types::records::{
    Block, DocumentLayout, DocumentRecord, Record, SheetLayout, SpreadsheetRecord,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Whether all of one JSON value is in another one, which may have other fields too.
fn is_within(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Number(part), Value::Number(whole)) => {
            part == whole || (part.is_f64() && part.as_f64() == whole.as_f64())
        }
        (Value::Array(part), Value::Array(whole)) => {
            let pairs = || part.iter().zip(whole);
            part.len() == whole.len() && pairs().all(|(part, whole)| is_within(part, whole))
        }
        (Value::Object(part), Value::Object(whole)) => part.iter().all(|(name, part)| {
            let whole = whole.get(name);
            whole.is_some_and(|whole| is_within(part, whole))
        }),
        _ => part == whole,
    }
}

/// A value that can be read is written as a part of what was read, and is then read as the same value.
fn read<T: DeserializeOwned + Serialize + Debug>(text: &str) -> Option<T> {
    let value: T = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return None;
        }
    };
    let written = serde_json::to_string(&value).expect("what was read can be written");
    let again: T = serde_json::from_str(&written).expect("its own text can be read");
    // NaN does not equal itself.
    assert_eq!(format!("{again:?}"), format!("{value:?}"));
    assert_eq!(serde_json::to_string(&again).expect("a value"), written);
    if let Ok(source) = serde_json::from_str(text) {
        let written = serde_json::from_str(&written).expect("it is JSON");
        assert!(is_within(&written, &source), "{text}\n{written}");
    }
    Some(value)
}

fn show(document: &DocumentRecord) {
    let lines = document.lines().count();
    let text = document.text().to_string();
    assert!(lines > 0 || text.is_empty());
}

fn walk(spreadsheet: &SpreadsheetRecord) {
    let mut rows = 0;
    for row in spreadsheet.rows() {
        assert_eq!(row.cells().count(), row.data().cells.len());
        for (name, cell) in row.cells() {
            assert!(name.is_none_or(|name| row.get(name).is_some()));
            let _ = cell.to_string();
        }
        rows += 1;
    }
    let sheets = spreadsheet.sheets.iter();
    assert_eq!(
        sheets.map(|sheet| sheet.rows().count()).sum::<usize>(),
        rows
    );
}

/// Any text as a record, and as its parts.
pub fn record(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let record = read::<Record>(text);
    let document = record.as_ref().and_then(Record::document).cloned();
    document.or_else(|| read(text)).iter().for_each(show);
    let spreadsheet = record.as_ref().and_then(Record::spreadsheet).cloned();
    spreadsheet.or_else(|| read(text)).iter().for_each(walk);
    read::<Block>(text);
    read::<DocumentLayout>(text);
    read::<SheetLayout>(text);
}
