//! A task statement with what a judge must know about it.

use isomer_record::{Comparison, Design, JudgeMode};

use super::Missing;
use super::blocks::{Blocks, normalise};
use super::header;
use super::missing::no_block;

const TAGS: [&str; 4] = ["title", "statement", "comparison", "function"];

/// Statements of the other modes may well speak of a `<header>`.
const PYTEST_TAGS: [&str; 3] = ["title", "statement", "header"];

/// Reads a designed task; a title becomes the statement's first heading.
///
/// # Errors
///
/// Says what is missing: the statement, a usable function name in [`JudgeMode::Call`], the
/// function's mention in the statement, a known comparison, or in [`JudgeMode::Pytest`] the header.
pub fn design(reply: &str, judge_mode: JudgeMode) -> Result<Design, Missing> {
    let text = normalise(reply);
    let tags = if judge_mode == JudgeMode::Pytest { &PYTEST_TAGS[..] } else { &TAGS[..] };
    let blocks = Blocks::find(&text, tags);
    let statement = blocks.last("statement").map(str::trim).ok_or_else(|| {
        no_block(
            &text,
            blocks.is_empty(),
            "There is no `<statement>` block. The complete problem statement goes between \
             `<statement>` and `</statement>`.",
        )
    })?;
    let (mut fn_name, mut header) = (None, None);
    match judge_mode {
        JudgeMode::Stdio => {}
        JudgeMode::Call => fn_name = Some(function(blocks.last("function"), statement)?),
        JudgeMode::Pytest => header = Some(header::read(blocks.last("header"))?),
    }
    let statement = titled(blocks.last("title"), statement);
    Ok(Design {
        statement: match &header {
            Some(header) => header::shown(&statement, header),
            None => statement,
        },
        judge_mode,
        fn_name,
        comparison: comparison(blocks.last("comparison"))?,
        header,
    })
}

fn titled(title: Option<&str>, statement: &str) -> String {
    let title = title.and_then(|title| title.trim().lines().next()).unwrap_or_default();
    let title = title.trim_matches(['#', '*', '`', '"', ' ']);
    if title.is_empty() || statement.starts_with("# ") {
        return statement.to_owned();
    }
    format!("# {title}\n\n{statement}")
}

fn comparison(block: Option<&str>) -> Result<Comparison, Missing> {
    let word = block.unwrap_or("exact").trim().trim_matches(['`', '*', '"', '.', '\'']);
    match word.to_lowercase().as_str() {
        "exact" => Ok(Comparison::Exact),
        "float" => Ok(Comparison::Float),
        _ => Err(Missing::new("`<comparison>` holds one word: `exact` or `float`.")),
    }
}

fn function(block: Option<&str>, statement: &str) -> Result<String, Missing> {
    let Some(block) = block else {
        return Err(Missing::new(
            "There is no `<function>` block. It holds the bare name of the function to write.",
        ));
    };
    let name = block.trim().trim_matches('`').trim_start_matches("def ");
    let name = name.split(['(', ':']).next().unwrap_or_default().trim_matches(['`', '*', ' ']);
    if !is_identifier(name) {
        return Err(Missing::new(format!(
            "`<function>` holds {name:?}, which is no name that a Python function can have. Give \
             the bare name, without arguments."
        )));
    }
    if !statement.contains(name) {
        return Err(Missing::new(format!(
            "The statement never mentions the function `{name}`, so a solver could not know what \
             to write. Give its exact signature in the statement."
        )));
    }
    Ok(name.to_owned())
}

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// Python allows more letters than these; names that every font shows are enough.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && !KEYWORDS.contains(&name)
}
