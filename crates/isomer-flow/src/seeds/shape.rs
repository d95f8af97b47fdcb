//! Telling the layouts of seed files apart by their first bytes, never by their names.

use serde_json::Value;

use super::fault::Reason;
use super::fields::is_field;
use super::input::Input;
use super::scan::{Scanner, is_space};

/// How rows lie in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One row a line.
    Lines,
    /// One JSON array of rows.
    Array,
    /// One JSON object whose members are rows.
    Members,
    /// Rows one after the other, each over several lines.
    Stream,
}

/// How far a text that does not start as JSON is searched for a line that does.
const TEXT_LOOKED_AT: usize = 64 * 1024;

/// Looks ahead until the layout is clear, at most as far as the largest row reaches.
pub(super) fn sniff(input: &mut Input, limit: usize) -> Result<Shape, Reason> {
    let start = loop {
        match input.ahead().iter().position(|byte| !is_space(*byte)) {
            Some(start) => break start,
            None if input.ahead().len() <= limit && input.grow() => {}
            // White space up to the end, or an error that reading the first line will raise.
            None => return Ok(Shape::Lines),
        }
    };
    match input.ahead().get(start).copied() {
        Some(b'[') => {
            Ok(if holds_rows(input, start) { Shape::Array } else { document(input, start, limit) })
        }
        Some(b'{') => Ok(document(input, start, limit)),
        _ if has_object_lines(input) => Ok(Shape::Lines),
        _ => Err(Reason::NotJson),
    }
}

/// Whether the array at `start` begins with an object.
fn holds_rows(input: &mut Input, start: usize) -> bool {
    loop {
        match input.ahead().iter().skip(start + 1).copied().find(|byte| !is_space(*byte)) {
            Some(byte) => return byte == b'{',
            None if input.grow() => {}
            None => return false,
        }
    }
}

/// Decides by the first value, an array or object, and by what follows it.
fn document(input: &mut Input, start: usize, limit: usize) -> Shape {
    let end = value_end(input, start, limit);
    let more = end.is_some_and(|end| has_more(input, end, limit));
    let bytes = input.ahead().get(start..end.unwrap_or(input.ahead().len())).unwrap_or_default();
    let one_line = !bytes.contains(&b'\n');
    let value = end.and_then(|_| serde_json::from_slice::<Value>(bytes).ok());
    match value {
        Some(_) if more && one_line => Shape::Lines,
        Some(_) if more => Shape::Stream,
        Some(Value::Object(_)) if !members_are_rows(bytes) => {
            if one_line {
                Shape::Lines
            } else {
                Shape::Stream
            }
        }
        Some(Value::Object(_)) => Shape::Members,
        Some(_) => Shape::Array,
        None if bytes.starts_with(b"[") && !(more && one_line) => Shape::Array,
        None if !more && members_are_rows(bytes) => Shape::Members,
        None => Shape::Lines,
    }
}

/// Where the value ends, if that is in sight.
fn value_end(input: &mut Input, start: usize, limit: usize) -> Option<usize> {
    let mut scanner = Scanner::new();
    let mut seen = start;
    loop {
        let bytes = input.ahead().get(seen..).unwrap_or_default();
        if let Some(end) = scanner.feed(bytes) {
            return Some(seen + end);
        }
        seen += bytes.len();
        if seen - start > limit || !input.grow() {
            return None;
        }
    }
}

fn has_more(input: &mut Input, end: usize, limit: usize) -> bool {
    loop {
        if input.ahead().iter().skip(end).any(|byte| !is_space(*byte)) {
            return true;
        }
        if input.ahead().len() - end > limit || !input.grow() {
            return false;
        }
    }
}

/// Whether an object, as far as it is in sight, holds rows instead of being one: its first member
/// is an object, and no member has a name that a field of a row may have.
fn members_are_rows(object: &[u8]) -> bool {
    let mut rest = object.strip_prefix(b"{").unwrap_or_default();
    let mut members = 0;
    loop {
        rest = without_space(rest);
        rest = without_space(rest.strip_prefix(b",").unwrap_or(rest));
        let Some((name, after)) = split_value(rest).filter(|_| rest.starts_with(b"\"")) else {
            return members > 0;
        };
        let Some(value) = without_space(after).strip_prefix(b":").map(without_space) else {
            return members > 0;
        };
        let name = serde_json::from_slice::<String>(name).unwrap_or_default();
        if is_field(&name) || (members == 0 && !value.starts_with(b"{")) {
            return false;
        }
        members += 1;
        match split_value(value) {
            Some((_, after)) => rest = after,
            None => return true,
        }
    }
}

fn split_value(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(Scanner::new().feed(bytes)?)
}

fn without_space(bytes: &[u8]) -> &[u8] {
    let spaces = bytes.iter().take_while(|byte| is_space(**byte)).count();
    bytes.get(spaces..).unwrap_or_default()
}

/// JSON lines may start with a damaged line; anything else that is text has none that opens an
/// object.
fn has_object_lines(input: &mut Input) -> bool {
    while input.ahead().len() < TEXT_LOOKED_AT && input.grow() {}
    input.ahead().split(|byte| *byte == b'\n').any(|line| without_space(line).starts_with(b"{"))
}
