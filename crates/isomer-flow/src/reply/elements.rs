//! Element sets: lines `Name: value`, or a JSON object with exactly the expected keys.

use isomer_record::Elements;

use super::Missing;
use super::blocks::{Blocks, Fence, normalise};
use super::missing::no_block;
use crate::pack::ElementDefinition;

const TAG: &str = "elements";

/// Reads one value for every element of the schema.
///
/// A value runs over all lines up to the next heading with a name of the schema. Where a heading
/// comes twice, the last one with a value counts.
///
/// # Errors
///
/// Names the elements without a value.
pub fn elements(reply: &str, schema: &[ElementDefinition]) -> Result<Elements, Missing> {
    let text = normalise(reply);
    let blocks = Blocks::find(&text, &[TAG]);
    let content = match blocks.last(TAG) {
        Some(content) => content,
        // Without tags, only a reply that is nothing but the lines leaves no doubt.
        None if starts_with_heading(&text, schema) => &text,
        None => {
            let names: Vec<&str> = schema.iter().map(|element| element.name.as_str()).collect();
            return Err(no_block(
                &text,
                blocks.is_empty(),
                &format!(
                    "There is no `<elements>` block. It holds one line `Name: value` for each of: {}, \
                 and ends with `</elements>`.",
                    names.join(", ")
                ),
            ));
        }
    };
    let content = without_fence(content);
    let values = from_json(&content, schema).unwrap_or_else(|| from_lines(&content, schema));
    complete(values, schema)
}

fn complete(values: Vec<String>, schema: &[ElementDefinition]) -> Result<Elements, Missing> {
    let missing: Vec<String> = schema
        .iter()
        .zip(&values)
        .filter(|(_, value)| is_placeholder(value))
        .map(|(element, _)| format!("`{}`", element.name))
        .collect();
    if !missing.is_empty() {
        return Err(Missing::new(format!(
            "The `<elements>` block has no value for {}. Each element needs a line `Name: value` \
             with its exact name.",
            missing.join(", ")
        )));
    }
    let names = schema.iter().map(|element| element.name.clone());
    Ok(Elements(names.zip(values).collect()))
}

/// Dots, or the form's own words in brackets, say nothing.
fn is_placeholder(value: &str) -> bool {
    let shown = value.trim_matches(['<', '>', '[', ']', '(', ')']);
    let bracketed = shown.len() < value.len();
    shown.trim_matches(['.', '…', '-', ' ']).is_empty()
        || (bracketed && ["value", "its value"].contains(&shown.to_lowercase().as_str()))
}

fn from_json(content: &str, schema: &[ElementDefinition]) -> Option<Vec<String>> {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(content).ok()?;
    let mut values = vec![String::new(); schema.len()];
    for (key, value) in &object {
        let index = schema.iter().position(|element| folded(&element.name) == folded(key))?;
        value.as_str()?.trim().clone_into(&mut values[index]);
    }
    (object.len() == schema.len()).then_some(values)
}

fn from_lines(content: &str, schema: &[ElementDefinition]) -> Vec<String> {
    let mut values = vec![String::new(); schema.len()];
    let mut current: Option<(usize, String)> = None;
    let mut store = |done: Option<(usize, String)>| {
        if let Some((index, value)) = done
            && !is_placeholder(value.trim())
        {
            value.trim().clone_into(&mut values[index]);
        }
    };
    for line in content.lines() {
        if let Some((index, rest)) = heading(line, schema) {
            store(current.replace((index, rest.to_owned())));
        } else if let Some((_, value)) = &mut current {
            value.push('\n');
            value.push_str(line.trim_end());
        }
    }
    store(current);
    values
}

fn starts_with_heading(text: &str, schema: &[ElementDefinition]) -> bool {
    text.lines().find(|line| !line.trim().is_empty()).is_some_and(|l| heading(l, schema).is_some())
}

/// The element that a line is the heading of, and the part of the value behind it.
fn heading<'a>(line: &'a str, schema: &[ElementDefinition]) -> Option<(usize, &'a str)> {
    let line = line.trim();
    let inner = without_marker(line);
    schema.iter().enumerate().find_map(|(index, element)| {
        let rest = strip_name(inner, &element.name)?;
        Some((index, after_separator(rest)?))
    })
}

/// The line without list marker, number, quote or heading signs, and opening emphasis.
fn without_marker(line: &str) -> &str {
    let line = line.trim_start_matches(['#', '>', '-', '*', '+', '•', '–', ' ', '\t']);
    let number = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let line = match number.strip_prefix(['.', ')']) {
        Some(rest) if number.len() < line.len() => rest,
        _ => line,
    };
    line.trim_start_matches(['*', '_', '`', '"', '[', ' ', '\t'])
}

/// What follows a name at the start of a line; case and the width of white space do not matter.
fn strip_name<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = line;
    for (index, word) in name.split_whitespace().enumerate() {
        if index > 0 {
            let trimmed = rest.trim_start_matches([' ', '\t', '_']);
            if trimmed.len() == rest.len() {
                return None;
            }
            rest = trimmed;
        }
        for expected in word.chars() {
            let mut letters = rest.chars();
            let found = letters.next()?;
            if !found.to_lowercase().eq(expected.to_lowercase()) {
                return None;
            }
            rest = letters.as_str();
        }
    }
    Some(rest)
}

/// The value behind the separator of a heading, or nothing when the name stands alone on its line.
fn after_separator(rest: &str) -> Option<&str> {
    const EMPHASIS: [char; 6] = ['*', '_', '`', '"', ']', ' '];
    let closed = rest.trim_start_matches(EMPHASIS).trim_start();
    if closed.is_empty() {
        return Some("");
    }
    let value = match closed.strip_prefix([':', '：', '—', '–', '=']) {
        Some(value) => value,
        // A hyphen may also continue a word, so as a separator it stands alone.
        None => closed
            .strip_prefix("- ")
            .filter(|_| rest.trim_start_matches(['*', '_', '`', '"', ']']).starts_with(' '))?,
    };
    // `**Name:** value` closes its emphasis behind the separator.
    let behind = value.trim_start_matches([':', ' ', '\t']);
    let unwrapped = behind.trim_start_matches(['*', '`']);
    let closes_emphasis = value.starts_with(['*', '`'])
        && (unwrapped.is_empty() || unwrapped.starts_with([' ', '\t']));
    Some(if closes_emphasis { unwrapped.trim() } else { behind.trim() })
}

fn folded(name: &str) -> String {
    name.split(|letter: char| letter.is_whitespace() || letter == '_')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// The content of a fence that wraps the whole block, or the block itself.
fn without_fence(content: &str) -> String {
    let mut lines: Vec<&str> = content.trim().lines().collect();
    let wrapped = lines.first().and_then(|line| Fence::opened(line)).map(|(fence, _)| fence);
    if let Some(fence) = wrapped {
        lines.remove(0);
        if lines.last().is_some_and(|line| fence.closed_by(line)) {
            lines.pop();
        }
    }
    lines.join("\n")
}
