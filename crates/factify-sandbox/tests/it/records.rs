//! The content of versions, through the public client.

use factify_core::blocking::Client;
use factify_core::documents::SourceFormat;
use factify_core::records::{
    BlockContent, CellType, DataContent, DocumentRecord, Record, RecordContent, SpreadsheetRecord,
};
use factify_core::{ErrorCode, Upload, VersionId};
use factify_sandbox::{Persona, Sandbox, SandboxTransport};
use serde_json::{Value, json};

fn uploaded(client: &Client<SandboxTransport>, name: &str, bytes: &str) -> VersionId {
    let file = Upload::bytes(name, bytes.to_owned());
    let create = client.documents().create(file, "Title").send();
    create.unwrap().current_version.unwrap().id.id().unwrap()
}

fn record(name: &str, bytes: &str) -> Record {
    let sandbox = Sandbox::new(1);
    let client = sandbox.blocking_client(Persona::Member);
    let version = uploaded(&client, name, bytes);
    sandbox.advance(std::time::Duration::from_secs(2));
    client.version(version).record().send().unwrap()
}

fn document(text: &str) -> DocumentRecord {
    record("notes.md", text).document().unwrap().clone()
}

fn spreadsheet(text: &str) -> SpreadsheetRecord {
    record("sales.csv", text).spreadsheet().unwrap().clone()
}

#[test]
fn a_version_has_a_record_when_it_is_ready() {
    let sandbox = Sandbox::new(1);
    let client = sandbox.blocking_client(Persona::Member);
    let [notes, data] = [("notes.md", "# Notes"), ("data.bin", "?")];
    let (notes, data) = (
        uploaded(&client, notes.0, notes.1),
        uploaded(&client, data.0, data.1),
    );
    let refused = |version| {
        let error = client.version(version).record().send().unwrap_err();
        let error = error.api().unwrap();
        assert_eq!(error.code(), Some(&ErrorCode::FailedPrecondition));
        error.message().unwrap().to_owned()
    };
    for version in [notes, data] {
        assert_eq!(refused(version), "The version is being processed");
    }
    sandbox.advance(std::time::Duration::from_secs(2));
    assert_eq!(refused(data), "The version could not be processed");
    let record = client.version(notes).record().send().unwrap();
    assert_eq!(client.version(notes).record().send().unwrap(), record);
    let document = record.document().unwrap();
    assert_eq!(record.id, document.id);
    let uuid = record.id.as_deref().unwrap().split('-').map(str::len);
    assert!(uuid.eq([8, 4, 4, 4, 12]), "{record:?}");
    let metadata = document.metadata.as_ref().unwrap();
    assert_eq!(metadata.title.as_deref(), Some("Notes"));
    let read_at = metadata.extracted_at.as_ref().unwrap().timestamp();
    assert_eq!(read_at, Some(sandbox.now()));
    let source = document.source.as_ref().unwrap();
    assert_eq!(source.remote_id.as_deref(), Some(notes.as_str()));
    assert_eq!(source.attributes.as_ref().unwrap()["name"], "notes.md");
}

#[test]
fn each_format_has_a_record() {
    for (name, bytes, format, text) in [
        ("a.pdf", "%PDF-1.7", SourceFormat::Pdf, "a.pdf, 8 bytes"),
        (
            "a.docx",
            "PK\x03\x04",
            SourceFormat::Docx,
            "a.docx, 4 bytes",
        ),
        (
            "a.xlsx",
            "PK\x03\x04",
            SourceFormat::Xlsx,
            "a.xlsx, 4 bytes",
        ),
        (
            "a,'b.xlsx",
            "PK\x03\x04",
            SourceFormat::Xlsx,
            "a,'b.xlsx, 4 bytes",
        ),
        ("a.md", "*Hello*", SourceFormat::Markdown, "Hello"),
        ("a.csv", "a\nHello", SourceFormat::Csv, "Hello"),
    ] {
        let record = record(name, bytes);
        let is_spreadsheet = matches!(format, SourceFormat::Xlsx | SourceFormat::Csv);
        let content = record.content.as_ref().unwrap();
        assert_eq!(
            matches!(content, RecordContent::Spreadsheet(_)),
            is_spreadsheet
        );
        let found = match record.document() {
            Some(document) => document.text().to_string(),
            None => record
                .spreadsheet()
                .unwrap()
                .rows()
                .next()
                .unwrap()
                .cell(0)
                .unwrap()
                .to_string(),
        };
        assert!(found.contains(text), "{name}: {found}");
        assert_eq!(record.source_format, Some(format));
    }
}

#[test]
fn csv_becomes_a_table() {
    let types = |record: &SpreadsheetRecord| -> Vec<_> {
        let columns = &record.sheets[0].tables[0].columns;
        let short = |name: &str| name.replace("CELL_TYPE_", "");
        columns
            .iter()
            .map(|column| {
                let (name, kind) = (
                    column.name.as_deref().unwrap_or("?"),
                    column.cell_type.as_ref(),
                );
                format!("{name}:{}", short(kind.unwrap().as_str()))
            })
            .collect()
    };
    for (text, columns, range, rows) in [
        ("", vec![], "A1:A1", json!([])),
        ("a,b\n", vec!["a:STRING", "b:STRING"], "A1:B1", json!([])),
        (
            "\u{feff}name,reams,paid\r\n\"Vance, Bob\",1200,TRUE\r\nPhyllis,-1.5e2,false\r\n",
            vec!["name:STRING", "reams:NUMBER", "paid:BOOLEAN"],
            "A1:C3",
            json!([["Vance, Bob", 1200.0, true], ["Phyllis", -150.0, false]]),
        ),
        (
            "zip,x\n007,\n1,nan\n,1e999\n",
            vec!["zip:STRING", "x:STRING"],
            "A1:B4",
            json!([["007", null], [1.0, "nan"], [null, "1e999"]]),
        ),
        (
            "a\n1,2\n\n\"two\nlines\"",
            vec!["a:STRING", "?:NUMBER"],
            "A1:B3",
            json!([[1.0, 2.0], ["two\nlines"]]),
        ),
    ] {
        let record = spreadsheet(text);
        let table = &record.sheets[0].tables[0];
        assert_eq!(record.sheets[0].name.as_deref(), Some("sales"));
        assert_eq!(
            (types(&record), table.range_ref.as_deref()),
            (
                columns.iter().map(ToString::to_string).collect(),
                Some(range)
            ),
            "{text}"
        );
        let found: Value = record
            .rows()
            .map(|row| -> Value {
                row.cells()
                    .map(
                        |(_, cell)| match (cell.as_number(), cell.as_bool(), cell.as_str()) {
                            (Some(number), ..) => Value::from(number),
                            (_, Some(value), _) => value.into(),
                            (.., text) => text.into(),
                        },
                    )
                    .collect()
            })
            .collect();
        assert_eq!(found, rows, "{text}");
    }
    let wide = vec!["x"; 703].join(",");
    let range = spreadsheet(&wide).sheets[0].tables[0].range_ref.clone();
    assert_eq!(range.as_deref(), Some("A1:AAA1"));
}

#[test]
fn markdown_becomes_blocks() {
    let paragraph = |text: &str| json!({"paragraph": {"text": text}});
    let (bullets, numbers) = ("LIST_STYLE_UNORDERED", "LIST_STYLE_ORDERED");
    for (text, blocks) in [
        ("", json!([])),
        (
            "\u{feff}a *b*\n`c` [d](https://e.f)  \ng",
            json!([paragraph("a b c d\ng")]),
        ),
        (
            "# A\n\n### B `c`\n\n---\n\nd",
            json!([
                {"heading": {"level": 1, "text": "A"}}, {"heading": {"level": 3, "text": "B c"}},
                {"thematic_break": {}}, paragraph("d")
            ]),
        ),
        (
            "```rust ignore\nlet a;\n\nlet b;\n```\n\n    c\n\n<p>\nd\n</p>",
            json!([
                {"code_block": {"code": "let a;\n\nlet b;", "language": "rust"}}, {"code_block": {"code": "c"}},
                {"code_block": {"code": "<p>\nd\n</p>", "language": "html"}}
            ]),
        ),
        (
            "- a\n- b\n  c\n\n  d\n  1. e\n  2. f\n     ```\n     g\n     ```\n\n7. h",
            json!([
                {"list": {"style": bullets, "items": [
                    {"text": "a"},
                    {"text": "b c\nd", "sub_list": {"style": numbers, "start": 1, "items": [{"text": "e"}, {"text": "f\ng"}]}}
                ]}},
                {"list": {"style": numbers, "start": 7, "items": [{"text": "h"}]}}
            ]),
        ),
        (
            "- a\n  - b\n\n  1. c",
            json!([{"list": {"style": bullets, "items": [
                {"text": "a", "sub_list": {"style": bullets, "items": [{"text": "b"}, {"text": "c"}]}}
            ]}}]),
        ),
        (
            "> a\n>\n> - b\n>   - c\n> > d",
            json!([{"quote": {"text": "a\n- b\n  - c\n> d"}}]),
        ),
        (
            "| a | b |\n|---|---|\n| *c* | ![d](e.png) |\n| f |",
            json!([{"table": {"rows": [
                {"cells": [{"text": "a", "is_header": true}, {"text": "b", "is_header": true}]},
                {"cells": [{"text": "c"}, {"text": "d"}]},
                {"cells": [{"text": "f"}, {"text": ""}]}
            ]}}]),
        ),
        (
            "a ![b](c.png) d\n\n# ![e](f.png) g",
            json!([
                paragraph("a "), {"image": {"alt_text": "b", "source": {"storage_ref": "c.png"}}}, paragraph(" d"),
                {"heading": {"level": 1, "text": "e g"}}
            ]),
        ),
        (
            "a[^1]\n\n[^1]: b\n\n    c",
            json!([paragraph("a[1]"), {"footnote": {"label": "1", "text": "b\nc"}}]),
        ),
    ] {
        let found = serde_json::to_value(document(text)).unwrap();
        assert_eq!(found["blocks"], blocks, "{text}");
    }
    let images = document("![a](https://example.com/a.png)");
    let Some(BlockContent::Image(image)) = &images.blocks[0].content else {
        panic!("{images:?}");
    };
    let source = image.source.as_ref().unwrap().content.as_ref();
    assert_eq!(
        source,
        Some(&DataContent::StorageRef("https://example.com/a.png".into()))
    );
}

/// The time to read a file grows with its length, and not with its square.
#[test]
fn large_and_odd_files_become_records() {
    let (wide, rows) = (100_000, 100_000);
    let table = spreadsheet(&(",".repeat(wide - 1) + &"\n1".repeat(rows)));
    let table = &table.sheets[0].tables[0];
    assert_eq!((table.columns.len(), table.rows.len()), (wide, rows));
    assert_eq!(table.columns[0].cell_type, Some(CellType::Number));
    let text = document(&(">".repeat(100_000) + "end")).text().to_string();
    assert!(text.ends_with("end"));
}

/// A record has at most 32 levels. What is deeper is text.
#[test]
fn deep_markdown_becomes_a_record() {
    let item = |depth| ["  ".repeat(depth), format!("- {depth}\n")];
    let lists: String = (0..100).flat_map(item).collect();
    let quotes = "> ".repeat(200) + "end";
    for (text, end) in [(lists, "99"), (quotes, "end")] {
        let text = document(&text).text().to_string();
        assert!(text.ends_with(end), "{text}");
    }
}
