//! Damaged files and rows: each is named, and what is whole is read.

use super::{gzip, reasons, told, zstd};
use crate::seeds::{Compression, Reason};

const A: &str = r#"{"id": "a", "prompt": "Add."}"#;
const B: &str = r#"{"id": "b", "prompt": "Bend."}"#;

fn only_reason(bytes: impl Into<Vec<u8>>) -> Reason {
    let mut all = reasons(bytes);
    assert_eq!(all.len(), 1, "{all:?}");
    let (row, reason) = all.remove(0);
    assert_eq!(row, None);
    reason
}

#[test]
fn files_without_rows() {
    for empty in ["", " \n\n", "\u{feff}"] {
        assert_eq!(only_reason(empty), Reason::EmptyFile);
    }
    assert_eq!(only_reason(gzip(b"")), Reason::EmptyFile);
    assert_eq!(only_reason("[ ]"), Reason::NoRows);
}

#[test]
fn files_of_other_kinds_are_named() {
    assert_eq!(only_reason(*b"PAR1\x15\x04"), Reason::OtherKind { kind: "a Parquet file" });
    assert_eq!(only_reason(*b"PK\x03\x04x"), Reason::OtherKind { kind: "a zip archive" });
    let twice = gzip(&gzip(A.as_bytes()));
    let kind = "gzip data inside compressed data";
    assert_eq!(only_reason(twice), Reason::OtherKind { kind });
    assert_eq!(only_reason("id,prompt\n1,Add.\n"), Reason::NotJson);
    assert_eq!(only_reason("7"), Reason::NotJson);
}

#[test]
fn utf16_is_named_with_and_without_its_mark() {
    let little: Vec<u8> = A.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = A.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = [b"\xFF\xFE".to_vec(), little.clone()].concat();
    for bytes in [little, big, marked] {
        let reason = only_reason(bytes);
        assert_eq!(reason, Reason::NotUtf8File);
        assert!(reason.help().unwrap().contains("iconv"));
    }
}

#[test]
fn a_bad_row_costs_itself_only() {
    let bad = r#"{"id": 1, "prompt": }"#;
    let told_of = |text: String| {
        let told = told(text);
        assert_eq!((told[0].as_str(), told[2].as_str(), told.len()), ("a", "b", 3), "{told:?}");
        told[1].clone()
    };
    let wanted = "`-`, row 2: not valid JSON: expected value at line 1, column 21 of the row";
    assert_eq!(told_of(format!("{A}\n{bad}\n{B}\n")), wanted);
    assert_eq!(told_of(format!("[{A}, {bad}, {B}]")), wanted);
    assert_eq!(told_of(format!(r#"{{"x": {A}, "y": {bad}, "z": {B}}}"#)), wanted);
    assert!(told_of(format!("{A}\nnull\n{B}")).ends_with("row 2: the row is null, not an object"));
    assert!(told_of(format!("[{A}, NaN, {B}]")).contains("row 2: not valid JSON"));
    assert!(told_of(format!("{A}\n{{\"prompt\": \"\\ud800\"}}\n{B}")).contains("hex escape"));
    assert!(told_of(format!("{A}\n{}\n{B}", "[".repeat(9000))).contains("recursion limit"));
}

#[test]
fn a_torn_first_line_does_not_hide_the_layout() {
    let told_lines = told(format!("lo\"}}\n{A}\n{B}"));
    assert_eq!(told_lines[1..], ["a", "b"]);
    let told_lines = told(format!("{{\"prompt\": \"lo\n{A}\n{B}"));
    assert_eq!(told_lines[1..], ["a", "b"]);
}

#[test]
fn bytes_that_are_not_utf8_are_located() {
    let mut bytes = format!("{A}\n{{\"prompt\": \"").into_bytes();
    let offset = bytes.len() as u64;
    bytes.extend(b"\xE9t\xE9\"}\n");
    bytes.extend(B.as_bytes());
    assert_eq!(reasons(bytes.clone()), [(Some(2), Reason::NotUtf8 { offset })]);
    assert_eq!(told(bytes).last().unwrap(), "b");
}

#[test]
fn torn_and_damaged_compression_keeps_the_rows_before() {
    let rows: Vec<String> = (0..20_000)
        .map(|id| format!("{{\"id\": {id}, \"text\": \"{:x}\"}}\n", id * 7919))
        .collect();
    let text = rows.concat();
    for (bytes, compression) in
        [(gzip(text.as_bytes()), Compression::Gzip), (zstd(text.as_bytes()), Compression::Zstd)]
    {
        let torn = &bytes[..bytes.len() / 2];
        let told = told(torn);
        assert!(told.len() > 1000 && told[0] == "0", "{}", told.len());
        let last = reasons(torn).pop().unwrap();
        assert_eq!(last, (None, Reason::Torn { compression }));
    }
    let mut damaged = gzip(A.as_bytes());
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 1;
    let all = reasons(damaged);
    assert!(matches!(all.last(), Some((None, Reason::Damaged { .. }))), "{all:?}");
    let head = gzip(A.as_bytes());
    assert_eq!(only_reason(&head[..5]), Reason::Torn { compression: Compression::Gzip });
}

#[test]
fn json_that_is_never_closed() {
    assert_eq!(reasons(format!("[{A}, {B}")), [(None, Reason::Unclosed)]);
    assert_eq!(reasons(format!("[{A}, {{\"prompt\": \"x")), [(Some(2), Reason::Unclosed)]);
    let object = format!(r#"{{"x": {A}, "y": {{"prompt""#);
    assert_eq!(told(object.clone())[0], "a");
    assert_eq!(reasons(object), [(Some(2), Reason::Unclosed)]);
    assert!(matches!(
        reasons(format!("{A}\n{{\"prompt\"")).as_slice(),
        [(Some(2), Reason::InvalidJson { .. })]
    ));
}

#[test]
fn text_after_the_end_is_not_lost_silently() {
    let offset = A.len() as u64 + 3;
    assert_eq!(reasons(format!("[{A}]\n[{B}]")), [(None, Reason::TextAfterEnd { offset })]);
}
