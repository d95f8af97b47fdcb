//! A task in the list.

use isomer_record::{NearMissStatus, TaskLine};
use serde::Serialize;

/// Letters of a title.
const TITLE: usize = 140;

/// What the list is sorted by: a few numbers of one task. What was not measured is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// How much alike its nearest neighbour is, by cosine of the statements, over all sets.
    pub cosine: Option<f64>,
    /// Likewise by containment of word n-grams.
    pub containment: Option<f64>,
    /// Likewise by Jaccard similarity of shingles.
    pub jaccard: Option<f64>,
    /// Likewise by syntax of the solutions.
    pub syntax: Option<f64>,
    /// Share of the target model's samples that pass.
    pub passes: Option<f64>,
    /// Lines of the reference solution.
    pub lines: Option<u32>,
    /// Its cyclomatic complexity.
    pub cyclomatic: Option<u32>,
    /// Share of mutants killed, of those not equivalent.
    pub mutants: Option<f64>,
    /// Share of the reference's lines that tests reach.
    pub coverage: Option<f64>,
}

/// A row of the list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) id: String,
    title: String,
    pack: String,
    mode: &'static str,
    /// Number of tests.
    tests: usize,
    /// Near-misses that count.
    near_misses: usize,
    /// Those that are killed.
    killed: usize,
    replayed: bool,
    #[serde(flatten)]
    figures: Figures,
    /// The block that holds the task and its place there; `None` if it did not fit.
    pub(crate) place: Option<(usize, usize)>,
}

impl Row {
    pub(crate) fn new(line: &TaskLine, figures: Figures) -> Self {
        let with = |status| line.near_misses.iter().filter(|one| one.status == status).count();
        let killed = with(NearMissStatus::Killed);
        Self {
            id: line.id.clone(),
            title: title(&line.statement),
            pack: line.pack.clone(),
            mode: line.judge_mode.as_str(),
            tests: line.tests.as_ref().map_or_else(
                || line.expected.as_ref().map_or(0, |expected| expected.tests.len()),
                |tests| tests.input.len(),
            ),
            near_misses: killed + with(NearMissStatus::Survived),
            killed,
            replayed: line.provenance.as_ref().is_some_and(|provenance| provenance.replayed),
            figures,
            place: None,
        }
    }
}

/// The first line with words in it, without the marks of a heading.
fn title(statement: &str) -> String {
    let lines = statement.lines().map(|line| line.trim_matches(['#', ' ', '*', '\t', '\r']));
    let found = lines.into_iter().find(|line| !line.is_empty()).unwrap_or_default();
    found.chars().take(TITLE).collect()
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn a_title_is_the_first_line_with_words() {
        assert_eq!(title("\n ## **Rain barrels**\nA row of"), "Rain barrels");
        assert_eq!(title(" \n"), "");
        assert_eq!(title(&"é".repeat(500)).chars().count(), 140);
    }
}
