//! A reference solution and its tests, as `solve` and `repair` ask for them.

use isomer_record::{Design, JudgeMode, TestSource};
use serde::{Deserialize, Serialize};

use super::Missing;
use super::blocks::{Blocks, normalise};
use super::code::python;
use super::header;
use super::missing::no_block;

/// What a generator must define.
pub(super) const GENERATE: &str = "def generate_tests";

/// What a test file must define.
pub(super) const TEST: &str = "def test";

/// The solution and the tests of a candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programs {
    /// Python source of the reference solution.
    pub solution: String,
    /// Python source that makes the tests.
    #[serde(flatten)]
    pub tests: TestSource,
}

/// Reads the solution of a design and its tests: a generator, or a test file in
/// [`JudgeMode::Pytest`].
///
/// # Errors
///
/// Says what is missing of either.
pub fn programs(reply: &str, design: &Design) -> Result<Programs, Missing> {
    let text = normalise(reply);
    let pytest = design.judge_mode == JudgeMode::Pytest;
    let tag = if pytest { "tests" } else { "generator" };
    let blocks = Blocks::find(&text, &["solution", tag]);
    if blocks.is_empty() {
        let told = format!(
            "There is neither a `<solution>` nor a `<{tag}>` block. Each holds one Python \
             code block and ends with its end tag."
        );
        return Err(no_block(&text, true, &told));
    }
    let definition = design.fn_name.as_ref().map(|name| format!("def {name}"));
    let solution = source(&blocks, "solution", definition.as_deref())
        .and_then(|solution| kept(design.header.as_deref(), solution));
    let tests = if pytest {
        source(&blocks, tag, Some(TEST)).and_then(importing).map(TestSource::Pytest)
    } else {
        source(&blocks, tag, Some(GENERATE)).map(TestSource::Generator)
    };
    match (solution, tests) {
        (Ok(solution), Ok(tests)) => Ok(Programs { solution, tests }),
        (Err(one), Err(other)) => Err(Missing::new(format!("{one} {other}"))),
        (Err(text), _) | (_, Err(text)) => Err(Missing::new(text)),
    }
}

/// The solution, if it keeps the header.
fn kept(header: Option<&str>, solution: String) -> Result<String, String> {
    match header.map_or(Ok(()), |header| header::keeps(header, &solution)) {
        Ok(()) => Ok(solution),
        Err(missing) => Err(format!(
            "The solution does not keep the starter code. These lines must stand in it exactly so:\n\
             ```python\n{missing}\n```"
        )),
    }
}

/// The tests, if they import the solution.
fn importing(tests: String) -> Result<String, String> {
    let imports = |line: &str| {
        let mut words = line.split_whitespace();
        matches!(words.next(), Some("from" | "import")) && words.next() == Some("solution")
    };
    if tests.lines().any(imports) {
        return Ok(tests);
    }
    Err("The tests import nothing from the module `solution`.".to_owned())
}

/// The source in a block, which must contain `marker`.
pub(super) fn source(
    blocks: &Blocks<'_>,
    tag: &str,
    marker: Option<&str>,
) -> Result<String, String> {
    let Some(content) = blocks.last(tag) else {
        return Err(format!("There is no `<{tag}>` block with a Python code block in it."));
    };
    let source = python(tag, content, marker).map_err(|text| capitalised(&text))?;
    match marker {
        Some(marker) if !source.contains(marker) => {
            Err(format!("The code in `<{tag}>` does not contain `{marker}`."))
        }
        _ => Ok(source),
    }
}

/// The text with a capital first letter, unless it starts with a literal.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}
