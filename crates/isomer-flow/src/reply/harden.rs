//! Better tests, or the claim that survivors are right.

use serde::{Deserialize, Serialize};

use super::Missing;
use super::blocks::{Blocks, normalise};
use super::missing::no_block;
use super::solution::{GENERATE, TEST, source};

/// What a tester answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hardening {
    /// Python source of the improved generator; `None` only when all survivors are called right.
    pub generator: Option<String>,
    /// Numbers, from 1, of the survivors that the tester argues are right; sorted.
    pub equivalent: Vec<u32>,
}

/// What a tester answers about a test file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Additions {
    /// Python source of further tests; `None` only when all survivors are called right.
    pub additions: Option<String>,
    /// Numbers, from 1, of the survivors that the tester argues are right; sorted.
    pub equivalent: Vec<u32>,
}

/// Reads a tester's reply about a test file and the survivors `1..=survivors`.
///
/// # Errors
///
/// When there are no usable additions although not all survivors are called right.
pub fn additions(reply: &str, survivors: u32) -> Result<Additions, Missing> {
    let missing = "There is no `<additions>` block. It holds the new test functions, with what they \
                   import, as one Python code block and ends with `</additions>`.";
    let (additions, equivalent) = improved(reply, survivors, "additions", TEST, missing)?;
    Ok(Additions { additions, equivalent })
}

/// Reads a tester's reply about survivors `1..=survivors`.
///
/// # Errors
///
/// When there is no usable generator although not all survivors are called right.
pub fn hardening(reply: &str, survivors: u32) -> Result<Hardening, Missing> {
    let missing = "There is no `<generator>` block. It holds the complete improved generator as one \
                   Python code block and ends with `</generator>`.";
    let (generator, equivalent) = improved(reply, survivors, "generator", GENERATE, missing)?;
    Ok(Hardening { generator, equivalent })
}

/// The source in block `tag`, if it is needed, and the survivors that are called right.
fn improved(
    reply: &str,
    survivors: u32,
    tag: &'static str,
    marker: &str,
    missing: &str,
) -> Result<(Option<String>, Vec<u32>), Missing> {
    let text = normalise(reply);
    let blocks = Blocks::find(&text, &[tag, "equivalent"]);
    if blocks.is_empty() {
        return Err(no_block(&text, true, missing));
    }
    let equivalent = numbers(blocks.last("equivalent").unwrap_or_default(), survivors);
    match source(&blocks, tag, Some(marker)) {
        Ok(source) => Ok((Some(source), equivalent)),
        Err(_) if survivors > 0 && equivalent.len() == survivors as usize => Ok((None, equivalent)),
        Err(text) => Err(Missing::new(text)),
    }
}

/// The numbers that start the list; what a line says behind its numbers is the argument.
fn numbers(content: &str, survivors: u32) -> Vec<u32> {
    let mut numbers: Vec<u32> = content.lines().flat_map(leading_numbers).collect();
    numbers.retain(|number| (1..=survivors).contains(number));
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn leading_numbers(line: &str) -> impl Iterator<Item = u32> {
    line.split(|letter: char| letter.is_whitespace() || ",;#*`-[]().:&".contains(letter))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .skip_while(|word| {
            ["survivor", "survivors", "number", "and", "near", "miss", "near_miss"]
                .contains(&word.as_str())
        })
        .filter(|word| word != "and")
        .map_while(|word| word.parse().ok())
}
