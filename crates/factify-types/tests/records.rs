//! Records: read, written again, and read as text and rows.

#![cfg(feature = "records")]
#![allow(clippy::unwrap_used)]

use factify_types::UnknownValue;
use factify_types::records::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Whether two JSON values are the same. `1` and `1.0` are the same number.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || (one.as_f64() == other.as_f64() && (one.is_f64() || other.is_f64()))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same(a, b))
        }
        (Value::Object(one), Value::Object(other)) => {
            let mut fields = one.iter();
            one.len() == other.len()
                && fields.all(|(name, a)| other.get(name).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// What is written after it was read. Reads it from a text and from a value.
fn again<T: DeserializeOwned + Serialize>(document: &Value) -> Value {
    let read: T = serde_json::from_str(&document.to_string()).unwrap();
    let written = serde_json::to_value(&read).unwrap();
    let read: T = serde_json::from_value(document.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), written);
    written
}

#[test]
fn a_record_is_written_as_it_was_read() {
    for document in [
        json!({}),
        json!({"id": "", "source_format": "pptx"}),
        json!({"document": {}}),
        json!({"document": {"record": {}, "layout": {}}}),
        json!({"document": {"record": {"id": "", "blocks": [], "metadata": {}, "source": {}}}}),
        json!({"document": {"record": {"blocks": [
            {}, {"id": "1", "attributes": {}}, {"thematic_break": {}}, {"section": {}}, {"section": {"blocks": []}},
            {"list": {}}, {"list": {"start": 0, "items": [{}, {"text": "", "sub_list": {}}]}},
            {"table": {"rows": [{}, {"cells": []}, {"cells": [{"col_span": 0, "is_header": false}]}]}},
            {"image": {"source": {"inline_data": ""}}},
            {"figure": {"source": {"mime_type": "MIME_TYPE_IMAGE_SVG"}}}
        ]}}}),
        // Numbers keep their digits, times their text, and open values everything.
        json!({"document": {"layout": {
            "bindings": [
                {"table": {"column_widths_mm": [0, -0.0, 1e300, 0.1, 12.700_000_762_939_453]}},
                {"text_block": {"indentation": {"left_mm": "NaN", "right_mm": "-Infinity"}}},
                {"path": {"segments": [{"block": 4_294_967_295_u32}, {}]}, "fragments": []}
            ],
            "extracted_at": "2026-01-15T01:30:15.010+00:00"
        }}}),
        json!({"document": {"record": {"metadata": {
            "extracted_at": "yesterday",
            "attributes": {"a": [null, 1, 1.0, -7, 18_446_744_073_709_551_615_u64, {"": [[]]}], "b": "\u{0}"}
        }}}}),
        json!({"spreadsheet": {"record": {"sheets": [{"tables": [{
            "columns": [{"type": "CELL_TYPE_DATE"}, {"type": "CELL_TYPE_COLOR"}],
            "has_total_row": false,
            "rows": [{"cells": [
                {}, {"bool_value": false}, {"number_value": 0}, {"string_value": ""},
                {"number_value": "NaN", "note": ""}, {"number_value": "Infinity", "hyperlink": ""},
                {"number_value": 1.797_693_134_862_315_7e308}, {"number_value": 5e-324},
                {"number_value": 0.300_000_000_000_000_04}, {"number_value": 9_007_199_254_740_993_u64},
                {"error_value": "CELL_ERROR_TYPE_NA"}, {"error_value": "CELL_ERROR_TYPE_NEW"}
            ]}]
        }]}]}}}),
        json!({"spreadsheet": {"layout": {"sheet_layouts": [{"cell_bindings": [
            {"alignment": {}}, {"alignment": {"rotation_degrees": 0}}, {"alignment": {"vertical_text": false}}
        ]}]}}}),
    ] {
        let written = again::<Record>(&document);
        assert!(same(&written, &document), "{document}\n{written}");
    }
}

/// `null` is the same as absent. An unknown field beside a known kind is an addition.
#[test]
fn other_fields_are_left_out() {
    let paragraph = json!({"paragraph": {"text": "a"}});
    for (document, expected) in [
        (json!({"paragraph": null}), json!({})),
        (json!({"id": null, "x": null}), json!({})),
        (json!({"section": {"blocks": null}}), json!({"section": {}})),
        (
            json!({"paragraph": {"text": "a", "x": [1]}}),
            paragraph.clone(),
        ),
        (
            json!({"paragraph": {"text": "a"}, "heading": null}),
            paragraph.clone(),
        ),
        (
            json!({"a": {"b": 1}, "paragraph": {"text": "a"}, "z": 2}),
            paragraph,
        ),
    ] {
        assert_eq!(again::<Block>(&document), expected, "{document}");
    }
}

#[test]
fn unknown_kinds_are_kept() {
    fn kept<T: DeserializeOwned + Serialize>(common: &[(&str, Value)]) {
        let content = json!({"text": "Scan", "points": [1, 2.5, null]});
        let mut document = json!({"hologram": content, "resolution": 300});
        for (name, value) in common {
            document[name] = value.clone();
        }
        assert_eq!(again::<T>(&document), document);
    }

    kept::<Record>(&[("id", "1".into()), ("source_format", "pptx".into())]);
    kept::<Block>(&[("id", "1".into()), ("attributes", json!({"a": 1}))]);
    kept::<DataSource>(&[("mime_type", "MIME_TYPE_IMAGE_HOLOGRAM".into())]);
    kept::<DataCell>(&[("note", "n".into()), ("hyperlink", "h".into())]);
    kept::<LayoutBinding>(&[("path", json!({"segments": [{"page": 1}]}))]);
    kept::<CellAlignment>(&[("horizontal", "HORIZONTAL_ALIGNMENT_NEW".into())]);
    kept::<PathSegment>(&[]);

    let block: Block = serde_json::from_value(json!({"hologram": {"depth": 3}})).unwrap();
    let Some(BlockContent::Unknown(unknown)) = &block.content else {
        panic!("{block:?}");
    };
    assert_eq!(unknown.name(), "hologram");
    assert_eq!(unknown.fields()["hologram"]["depth"], 3);
    assert_eq!(block.lines().count(), 0);
}

/// The enumerations, with the number of their documented values.
#[test]
fn enumerations_are_open() {
    macro_rules! each {
        ($($Enum:ident $count:literal)+) => {$(
            assert_eq!($Enum::KNOWN.len(), $count, stringify!($Enum));
            for value in $Enum::KNOWN {
                let text = again::<$Enum>(&value.as_str().into());
                assert_eq!($Enum::from(text.as_str().unwrap()), *value);
            }
            let (first, unknown) = ($Enum::KNOWN.first(), $Enum::from("NEW"));
            assert_eq!(first, Some(&$Enum::Unspecified), stringify!($Enum));
            assert!(matches!(&unknown, $Enum::Unknown(value) if UnknownValue::as_str(value) == "NEW"));
            assert_eq!(again::<$Enum>(&"NEW".into()), "NEW");
        )+};
    }

    each! {
        CellErrorType 11
        CellType 8
        Direction 3
        HorizontalAlignment 6
        LineSpacing 4
        ListStyle 3
        MimeType 10
        NumberFormatCategory 13
        Orientation 3
        PageSize 7
        TableWidthMode 3
        TextAlignment 5
        VerticalAlignment 4
    }
}

#[test]
fn what_cannot_be_read_is_an_error() {
    for (document, problem) in [
        (
            r#"{"blocks":[{"paragraph":{},"heading":{}}]}"#,
            "both `paragraph` and `heading` are present",
        ),
        (
            r#"{"blocks":[{"heading":{},"x":1,"paragraph":{}}]}"#,
            "both `heading` and `paragraph` are present",
        ),
        (
            r#"{"blocks":[{"quote":{},"quote":{}}]}"#,
            "duplicate field `quote`",
        ),
        (
            r#"{"blocks":[{"quote":{},"quote":null}]}"#,
            "duplicate field `quote`",
        ),
        (
            r#"{"blocks":[{"id":"a","id":"a"}]}"#,
            "duplicate field `id`",
        ),
        (r#"{"blocks":[],"blocks":[]}"#, "duplicate field `blocks`"),
        (r#"{"blocks":[7]}"#, "expected an object"),
        (r#"{"blocks":{}}"#, "expected a sequence"),
        (r#"{"blocks":[{"heading":{"level":1.5}}]}"#, "expected i32"),
    ] {
        let error = serde_json::from_str::<DocumentRecord>(document).unwrap_err();
        assert!(error.to_string().contains(problem), "{document}: {error}");
    }
    for number in ["true", "\"nan\"", "\"\"", "\"1\"", "[]", "1e999"] {
        let cell = format!(r#"{{"number_value":{number}}}"#);
        assert!(serde_json::from_str::<DataCell>(&cell).is_err(), "{cell}");
    }
}

/// A block with sections around it.
fn section(depth: usize, innermost: Block) -> Block {
    (0..depth).fold(innermost, |block, _| {
        let mut section = SectionData::new();
        section.blocks.push(block);
        BlockContent::Section(section).into()
    })
}

/// A list with lists around it.
fn list(depth: usize) -> Block {
    let list = (0..depth).fold(ListData::new(), |below, _| {
        let (mut item, mut list) = (ListItem::new(), ListData::new());
        item.sub_list = Some(below.into());
        list.items.push(item);
        list
    });
    BlockContent::List(list).into()
}

/// Writes a block in JSON without the limit.
fn text_of(sections: usize, lists: usize) -> String {
    let list = r#"{"items":[{"sub_list":"#.repeat(lists) + "{}" + &"}]}".repeat(lists);
    let block = format!(r#"{{"list":{list}}}"#);
    r#"{"section":{"blocks":["#.repeat(sections) + &block + &"]}}".repeat(sections)
}

#[test]
fn nesting_is_limited() {
    let problem = "nested more than 32 levels deep";
    for (sections, lists) in [
        (0, 0),
        (MAX_DEPTH, 0),
        (0, MAX_DEPTH),
        (MAX_DEPTH / 2, MAX_DEPTH / 2),
        (MAX_DEPTH + 1, 0),
        (0, MAX_DEPTH + 1),
        (MAX_DEPTH, 1),
        (1, MAX_DEPTH),
        (500, 500),
    ] {
        let block = section(sections, list(lists));
        let text = text_of(sections, lists);
        // Reading a value has no other limit. A text has one, but less nesting is within it.
        let value = serde_json::from_str::<Value>(&text);
        let read = match &value {
            Ok(value) => serde_json::from_value(value.clone()),
            Err(_) => serde_json::from_str::<Block>(&text),
        };
        if sections + lists <= MAX_DEPTH {
            assert_eq!(serde_json::to_string(&block).unwrap(), text);
            assert_eq!(serde_json::from_str::<Block>(&text).unwrap(), block);
            assert_eq!(read.unwrap(), block);
        } else {
            let unwritten = serde_json::to_string(&block).unwrap_err();
            assert_eq!(unwritten.to_string(), problem);
            let unread = read.unwrap_err().to_string();
            assert!(unread.starts_with(problem), "{unread}");
        }
    }
    // An error leaves no level behind.
    let block = section(MAX_DEPTH, Block::new());
    assert!(serde_json::to_string(&block).is_ok());
}

/// Unknown kinds and open values have the limit of the reader of JSON. It skips other unknown fields at any depth.
#[test]
fn deep_open_values_are_an_error() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    for (document, is_read) in [
        (format!(r#"{{"attributes":{{"a":{deep}}}}}"#), false),
        (format!(r#"{{"hologram":{deep}}}"#), false),
        (format!(r#"{{"paragraph":{{"x":{deep}}}}}"#), true),
        (format!(r#"{{"paragraph":{{}},"x":{deep}}}"#), true),
    ] {
        let block = serde_json::from_str::<Block>(&document);
        assert_eq!(block.is_ok(), is_read, "{block:?}");
    }
}

#[test]
fn a_list_is_a_slice_that_can_be_absent() {
    let (absent, empty) = (List::<u8>::default(), List::<u8>::new());
    assert!(absent.is_empty() && empty.is_empty() && absent != empty);
    assert_eq!((absent.is_absent(), empty.is_absent()), (true, false));
    assert_eq!(format!("{absent:?}"), "[]");
    let changes: [fn(&mut List<u8>); 4] = [
        |list| list.push(1),
        |list| list.extend([1]),
        |list| list.as_mut_vec().insert(0, 1),
        |list| *list = vec![1].into(),
    ];
    for change in changes {
        let mut list = absent.clone();
        list.iter_mut().for_each(|item| *item = 7);
        assert!(list.is_absent());
        change(&mut list);
        assert_eq!((list.is_absent(), &*list), (false, &[1][..]));
        for item in &mut list {
            *item += 1;
        }
        assert!((&list).into_iter().eq(&[2]));
        assert_eq!(list.clone().into_iter().collect::<List<u8>>(), list);
        assert_eq!(list.into_vec(), [2]);
    }
    assert!(absent.into_vec().is_empty());
}

#[test]
fn a_time_keeps_its_text() {
    for (text, time) in [
        ("2026-01-15T01:30:15.010Z", Some("2026-01-15T01:30:15.01Z")),
        ("2026-01-15T01:30:15+01:00", Some("2026-01-15T00:30:15Z")),
        ("2026-01-15", None),
        ("", None),
    ] {
        let found = TimestampText::from(text);
        assert_eq!((found.as_str(), found.to_string().as_str()), (text, text));
        assert_eq!(found.timestamp(), time.map(|time| time.parse().unwrap()));
    }
    let now = factify_types::Timestamp::UNIX_EPOCH;
    assert_eq!(TimestampText::from(now).timestamp(), Some(now));
}

/// A large sheet is mostly cells.
#[test]
fn a_cell_is_small() {
    assert!(size_of::<DataCell>() <= 64);
}

#[test]
fn a_document_is_read_as_lines() {
    let ordered = "LIST_STYLE_ORDERED";
    for (blocks, expected) in [
        (json!([]), vec![]),
        (
            json!([{"heading": {"level": 2, "text": "A\r\nB"}}, {"paragraph": {"text": "c\n\nd\n"}}]),
            vec!["A", "B", "", "c", "", "d"],
        ),
        (
            json!([{"heading": {}}, {"paragraph": {"text": ""}}, {"thematic_break": {}}, {}, {"x": {"text": "x"}}]),
            vec![],
        ),
        (
            json!([
                {"paragraph": {"text": "1"}},
                {"section": {"blocks": [{"heading": {"text": "2"}}, {"section": {"blocks": [{"quote": {"text": "3\n4"}}]}}]}},
                {"code_block": {"code": "if x {\n    y\n}"}}
            ]),
            vec!["1", "", "2", "", "> 3", "> 4", "", "if x {", "    y", "}"],
        ),
        (
            json!([{"list": {"style": ordered, "start": 9, "items": [
                {"text": "a", "sub_list": {"items": [{"text": "b\nc"}, {"sub_list": {"items": [{"text": "d"}]}}]}},
                {"text": "e"}
            ]}}]),
            vec!["9. a", "  - b", "    c", "    - d", "10. e"],
        ),
        (
            json!([{"list": {"style": ordered, "start": i32::MAX, "items": [{"text": "a"}, {"text": "b"}]}}]),
            vec!["2147483647. a", "2147483647. b"],
        ),
        (
            json!([{"table": {"rows": [
                {"cells": [{"text": "a", "is_header": true}, {"text": "b\tc\nd"}, {}]},
                {"cells": [{"text": "e"}]}, {"cells": [{"text": "f\rg"}]}, {}
            ]}}]),
            vec!["a\tb c d\t", "e", "f g", ""],
        ),
        (
            json!([
                {"footnote": {"label": "1", "text": "a\nb"}}, {"footnote": {"text": "c"}},
                {"image": {"alt_text": "A cat"}}, {"figure": {"alt_text": "A chart"}}, {"image": {}}
            ]),
            vec!["[1] a", "b", "", "c", "", "A cat", "", "A chart"],
        ),
    ] {
        let record: DocumentRecord = serde_json::from_value(json!({ "blocks": blocks })).unwrap();
        assert_eq!(record.text().to_string(), expected.join("\n"), "{blocks}");
        assert!(record.lines().all(|line| !line.text.contains('\n')));
        let by_block = record.blocks.iter().flat_map(Block::lines);
        let by_block: Vec<_> = by_block.map(|line| line.to_string()).collect();
        let whole: Vec<_> = record.lines().map(|line| line.to_string()).collect();
        assert_eq!(by_block, whole, "{blocks}");
    }
    // As deep as it can be built, without recursion.
    let text = BlockContent::Paragraph(ParagraphData::new());
    assert_eq!(section(500, text.into()).lines().count(), 0);
    assert_eq!(list(500).lines().count(), 0);
}

#[test]
fn a_sheet_is_read_as_rows() {
    let cell = |text: &str| json!({ "string_value": text });
    let table = |columns: &[&str], rows: &[&[&str]]| {
        let columns: Vec<_> = columns.iter().map(|name| json!({ "name": name })).collect();
        let rows: Vec<_> = rows
            .iter()
            .map(|cells| json!({"cells": cells.iter().map(|text| cell(text)).collect::<Vec<_>>()}))
            .collect();
        json!({ "columns": columns, "rows": rows })
    };
    let record: SpreadsheetRecord = serde_json::from_value(json!({"sheets": [
        {"tables": [
            table(&["a", "b", "a"], &[&["1", "2", "3"], &["4"], &[]]),
            table(&[], &[&["5"]]),
            {}
        ]},
        {},
        {"tables": [table(&["b", ""], &[&["6", "7", "8"]])]}
    ]}))
    .unwrap();
    let shown = |rows: Rows<'_>| -> Vec<String> {
        rows.map(|row| {
            let text = |column| row.get(column).map_or("-".into(), ToString::to_string);
            let cells = row
                .cells()
                .map(|(name, cell)| format!("{}{cell}", name.unwrap_or("?")));
            let cells: Vec<_> = cells.collect();
            let columns = row.table().columns.len();
            format!(
                "{}/{columns} {}{}{} {}",
                row.index(),
                text("a"),
                text("b"),
                text(""),
                cells.join(" ")
            )
        })
        .collect()
    };
    let expected = [
        "0/3 12- a1 b2 a3",
        "1/3 4-- a4",
        "2/3 --- ",
        "0/0 --- ?5",
        "0/2 -67 b6 7 ?8",
    ];
    assert_eq!(shown(record.rows()), expected);
    assert_eq!(shown(record.sheets[0].rows()), expected[..4]);
    assert_eq!(shown(record.sheets[0].tables[0].iter()), expected[..3]);
    assert_eq!(shown(record.sheets[1].rows()), [""; 0]);
    let table = &record.sheets[0].tables[0];
    assert_eq!([table.column("b"), table.column("c")], [Some(1), None]);
    assert!(
        table
            .into_iter()
            .all(|row| row.data().cells.len() == row.cells().count())
    );
}

#[test]
fn a_cell_has_a_typed_value() {
    for (cell, number, text, bool, error, shown) in [
        (json!({}), None, None, None, false, ""),
        (
            json!({"number_value": 1.5}),
            Some(1.5),
            None,
            None,
            false,
            "1.5",
        ),
        (
            json!({"string_value": "x"}),
            None,
            Some("x"),
            None,
            false,
            "x",
        ),
        (
            json!({"bool_value": true}),
            None,
            None,
            Some(true),
            false,
            "true",
        ),
        (json!({"error_value": "E"}), None, None, None, true, "E"),
        (json!({"new_value": 7}), None, None, None, false, ""),
    ] {
        let found: DataCell = serde_json::from_value(cell).unwrap();
        assert_eq!(found.as_number(), number);
        assert_eq!((found.as_str(), found.as_bool()), (text, bool));
        assert_eq!(
            (found.as_error().is_some(), found.to_string().as_str()),
            (error, shown)
        );
    }
}

#[cfg(all(feature = "arbitrary1", feature = "proptest1"))]
mod generated {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::Config;

    fn unchanged<T>(value: &T) -> Result<(), TestCaseError>
    where
        T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug,
    {
        let written = serde_json::to_value(value).unwrap();
        prop_assert!(same(&again::<T>(&written), &written));
        let text = serde_json::to_string(value).unwrap();
        prop_assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value);
        Ok(())
    }

    proptest! {
        #![proptest_config(Config::with_cases(2_000))]

        /// Most records are small, so their parts are generated too.
        #[test]
        fn records_are_written_as_they_were_read(
            record: Record,
            block: Block,
            table: DataTable,
            layout: DocumentLayout,
            sheet: SheetLayout,
            cells: List<DataCell>,
            content: BlockContent,
            attributes: Struct,
            time: TimestampText,
            unknown: UnknownFields,
        ) {
            unchanged(&record)?;
            unchanged(&block)?;
            unchanged(&table)?;
            unchanged(&layout)?;
            unchanged(&sheet)?;
            unchanged(&cells)?;
            unchanged(&Block::from(content))?;
            unchanged(&attributes)?;
            unchanged(&time)?;
            unchanged(&Block::from(BlockContent::Unknown(unknown)))?;
            if let Some(document) = record.document() {
                let of_blocks = document.blocks.iter().flat_map(Block::lines);
                let of_blocks = of_blocks.map(|line| line.to_string());
                prop_assert!(document.lines().map(|line| line.to_string()).eq(of_blocks));
            }
            if let Some(spreadsheet) = record.spreadsheet() {
                let sheets = spreadsheet.sheets.iter().map(|sheet| sheet.rows().count());
                prop_assert_eq!(spreadsheet.rows().count(), sheets.sum::<usize>());
            }
        }
    }
}
