//! What is claimed, beside what was measured.

use crate::table::print;

/// Claims in the order they were measured.
#[derive(Debug, Default)]
pub(super) struct Goals {
    rows: Vec<Vec<String>>,
}

impl Goals {
    /// A ratio that is to be at least so large. Of several, the smallest counts.
    pub(super) fn at_least(&mut self, claim: &str, goal: f64, measured: &[f64]) {
        let Some(least) = measured.iter().copied().reduce(f64::min) else { return };
        let verdict = if least >= goal { "met" } else { "missed" };
        let texts = [claim.to_owned(), format!("{least:.1}"), format!("≥ {goal}")];
        self.rows.push([texts.as_slice(), &[verdict.to_owned()]].concat());
    }

    /// Prints them all.
    pub(super) fn print(&self) {
        print("Goals", &["claim", "measured", "goal", ""], &self.rows);
    }
}
