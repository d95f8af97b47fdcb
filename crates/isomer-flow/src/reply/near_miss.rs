//! Near-misses: several wrong programs, each with the mistake it makes.

use serde::{Deserialize, Serialize};

use super::Missing;
use super::blocks::{Blocks, normalise};
use super::code::python;
use super::missing::no_block;
use super::solution::capitalised;

const TAG: &str = "near_miss";

/// A near-miss as its author hands it in, not yet run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearMissDraft {
    /// The mistake in its author's words; empty when the author gave none.
    pub mistake: String,
    /// Python source.
    pub code: String,
}

/// Reads all usable near-misses of a reply, in order; a broken one does not cost the others.
///
/// # Errors
///
/// When not one is usable.
pub fn near_misses(reply: &str) -> Result<Vec<NearMissDraft>, Missing> {
    let text = normalise(reply);
    let blocks = Blocks::find(&text, &[TAG]);
    let mut drafts: Vec<NearMissDraft> = Vec::new();
    let mut first_fault = None;
    for content in blocks.all(TAG) {
        match python(TAG, content, None) {
            Ok(code) if drafts.iter().any(|draft| draft.code == code) => {}
            Ok(code) => drafts.push(NearMissDraft { mistake: mistake(content), code }),
            Err(fault) => first_fault = first_fault.or(Some(fault)),
        }
    }
    match (drafts.is_empty(), first_fault) {
        (false, _) => Ok(drafts),
        (true, Some(fault)) => Err(Missing::new(capitalised(&fault))),
        (true, None) => Err(no_block(
            &text,
            blocks.is_empty(),
            "There is no `<near_miss>` block. Each holds a line `Mistake: …` and one Python code \
             block, and ends with `</near_miss>`.",
        )),
    }
}

/// The text behind `Mistake:` up to the code; without that word, all that stands before the code.
fn mistake(content: &str) -> String {
    let fence = ["```", "~~~"].into_iter().filter_map(|mark| content.find(mark)).min();
    let prose = match fence {
        Some(start) => &content[..start],
        None => content.trim_start().lines().next().unwrap_or_default(),
    };
    let told = prose.to_ascii_lowercase().find("mistake").map_or(prose, |start| {
        prose[start + "mistake".len()..].trim_start_matches(|letter: char| {
            letter.is_ascii_digit() || ":*_` \t-–—".contains(letter)
        })
    });
    told.split_whitespace().collect::<Vec<_>>().join(" ")
}
