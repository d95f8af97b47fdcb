//! A reference solution and a test generator, as `solve` and `repair` ask for them.

use serde::{Deserialize, Serialize};

use super::Missing;
use super::blocks::{Blocks, normalise};
use super::code::python;
use super::missing::no_block;

/// What a generator must define.
pub(super) const GENERATE: &str = "def generate_tests";

/// The two programs of a candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programs {
    /// Python source of the reference solution.
    pub solution: String,
    /// Python source that defines `generate_tests(seed)`.
    pub generator: String,
}

/// Reads both programs; `function` is the name the solution must define, in call mode.
///
/// # Errors
///
/// Says what is missing of either program.
pub fn programs(reply: &str, function: Option<&str>) -> Result<Programs, Missing> {
    let text = normalise(reply);
    let blocks = Blocks::find(&text, &["solution", "generator"]);
    if blocks.is_empty() {
        return Err(no_block(
            &text,
            true,
            "There is neither a `<solution>` nor a `<generator>` block. Each holds one Python \
             code block and ends with its end tag.",
        ));
    }
    let definition = function.map(|name| format!("def {name}"));
    let solution = source(&blocks, "solution", definition.as_deref());
    let generator = source(&blocks, "generator", Some(GENERATE));
    match (solution, generator) {
        (Ok(solution), Ok(generator)) => Ok(Programs { solution, generator }),
        (Err(one), Err(other)) => Err(Missing::new(format!("{one} {other}"))),
        (Err(text), _) | (_, Err(text)) => Err(Missing::new(text)),
    }
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
