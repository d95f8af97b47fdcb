//! Layouts are told from content; each row is counted as its layout counts.

use super::{gzip, told, zstd};
use crate::seeds::tests::read;

const A: &str = r#"{"id": "a", "prompt": "Add."}"#;
const B: &str = r#"{"id": "b", "prompt": "Bend."}"#;

fn rows(text: &str) -> Vec<(String, u64)> {
    read(text)
        .into_iter()
        .map(|seed| seed.map(|seed| (seed.id, seed.origin.row)).unwrap())
        .collect()
}

fn both(first: u64, second: u64) -> Vec<(String, u64)> {
    vec![("a".to_owned(), first), ("b".to_owned(), second)]
}

#[test]
fn lines() {
    assert_eq!(rows(&format!("{A}\n{B}")), both(1, 2));
    assert_eq!(rows(&format!("\n{A}\r\n\r\n \t\n{B}\r\n")), both(2, 5));
    assert_eq!(rows(A), [("a".to_owned(), 1)]);
}

#[test]
fn array() {
    assert_eq!(rows(&format!("[{A},{B}]")), both(1, 2));
    assert_eq!(rows(&format!("\n [\n  {A} ,\n{B}\n]\n\n")), both(1, 2));
}

#[test]
fn object_of_objects_names_rows_without_an_id() {
    assert_eq!(rows(&format!(r#"{{"x": {A}, "y": {B}}}"#)), both(1, 2));
    let named = r#"{"x": {"prompt": "p"}, "y \u00e9": {"prompt": "q", "id": null}}"#;
    assert_eq!(told(named), ["x", "y é"]);
}

#[test]
fn one_object_may_be_a_row() {
    assert_eq!(told("{\n  \"id\": 1,\n  \"text\": \"t\"\n}\n"), ["1"]);
    assert_eq!(told("{\n  \"metadata\": {\"id\": 1, \"text\": \"t\"}\n}"), ["1"]);
    assert!(told("{\"title\": \"x\"}")[0].contains("row 1: no statement"));
}

#[test]
fn objects_over_several_lines_may_follow_each_other() {
    let pretty = "{\n \"id\": 1,\n \"text\": \"t\"\n}\n";
    assert_eq!(told(format!("{pretty}{pretty}{A}")), ["1", "1", "a"]);
}

#[test]
fn rows_whose_first_field_is_an_object_are_not_taken_for_an_object_of_objects() {
    let row = r#"{"extra": {"prompt": "no"}, "id": 1, "prompt": "yes"}"#;
    assert_eq!(told(format!("{row}\n{row}\n")), ["1", "1"]);
    assert_eq!(told(row), ["1"]);
    let nested = r#"{"metadata": {"text": "t", "id": 2}}"#;
    assert_eq!(told(format!("{nested}\n{nested}")), ["2", "2"]);
}

#[test]
fn compression_is_told_from_content_and_may_have_several_members() {
    let (first, second) = (format!("{A}\n"), format!("{B}\n"));
    for pack in [gzip, zstd] {
        let mut bytes = pack(first.as_bytes());
        bytes.extend(pack(second.as_bytes()));
        assert_eq!(told(bytes), ["a", "b"]);
    }
}

#[test]
fn a_utf8_byte_order_mark_is_passed_over() {
    assert_eq!(told(format!("\u{feff}{A}\n{B}")), ["a", "b"]);
    assert_eq!(told(gzip(format!("\u{feff}[{A}]").as_bytes())), ["a"]);
}
