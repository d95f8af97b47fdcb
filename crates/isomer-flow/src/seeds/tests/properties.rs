//! For all rows and all files.

use isomer_record::Seed;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{gzip, read, read_up_to, seeds, zstd};
use crate::seeds::{CONTAINERS, ID_FIELDS, SOLUTION_FIELDS, STATEMENT_FIELDS};

/// Any JSON value, with the names we look for among the fields.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("[\"x\"]")),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    let known = [
        STATEMENT_FIELDS,
        SOLUTION_FIELDS,
        ID_FIELDS,
        CONTAINERS,
        &["starter_code", "entry_point"],
    ];
    prop_oneof![
        4 => prop::sample::select(known.concat()).prop_map(str::to_owned),
        1 => ".{0,6}",
    ]
}

fn row() -> impl Strategy<Value = Value> {
    prop::collection::vec((name(), value()), 1..6)
        .prop_map(|fields| Value::Object(fields.into_iter().collect()))
}

/// Rows as they come, each with an id, so that keys of an object of objects do not matter.
fn rows() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(prop_oneof![3 => row(), 1 => value()], 1..6).prop_map(|mut rows| {
        for row in &mut rows {
            if let Value::Object(fields) = row {
                fields.insert("id".to_owned(), json!(7));
            }
        }
        // The first row decides the layout; JSON lines of nothing but other values are no seeds.
        rows.insert(0, json!({"id": 0, "prompt": "p"}));
        rows
    })
}

fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect::<Vec<_>>().concat()
}

fn found(bytes: impl Into<Vec<u8>>) -> Vec<Seed> {
    seeds(bytes)
}

proptest! {
    #[test]
    fn any_value_is_a_seed_or_a_reason(row in value()) {
        let told = read(format!("[{row}]"));
        prop_assert_eq!(told.len(), 1);
        if let Err(bad) = &told[0] {
            prop_assert!(!bad.to_string().is_empty());
        }
    }

    #[test]
    fn every_layout_gives_the_same_seeds(rows in rows()) {
        let text = lines(&rows);
        let wanted = found(text.clone());
        let array = Value::Array(rows.clone());
        prop_assert_eq!(&found(array.to_string()), &wanted);
        prop_assert_eq!(&found(serde_json::to_string_pretty(&array).unwrap()), &wanted);
        let named: Map<String, Value> =
            rows.iter().enumerate().map(|(number, row)| (format!("row {number}"), row.clone())).collect();
        prop_assert_eq!(&found(Value::Object(named).to_string()), &wanted);
        prop_assert_eq!(&found(gzip(text.as_bytes())), &wanted);
        prop_assert_eq!(&found(zstd(text.as_bytes())), &wanted);
        prop_assert_eq!(read(text).len(), rows.len());
    }

    #[test]
    fn any_bytes_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..200), limit in 1_usize..64) {
        read_up_to(bytes, limit);
    }

    #[test]
    fn any_brackets_come_to_an_end(text in "[\\[\\]{}\":,a\\\\ \n1]{0,60}", limit in 1_usize..64) {
        read_up_to(text, limit);
    }

    #[test]
    fn a_cut_file_keeps_the_rows_before_the_cut(rows in rows(), cut in any::<prop::sample::Index>()) {
        let text = Value::Array(rows).to_string();
        let all = found(text.clone());
        let mut bytes = text.into_bytes();
        bytes.truncate(cut.index(bytes.len()).max(2));
        let kept = found(bytes);
        prop_assert!(all.starts_with(&kept));
    }
}
