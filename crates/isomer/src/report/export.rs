//! What became of a dataset in each format.

use std::fmt::Write as _;
use std::path::Path;

use isomer_export::{Plan, Report, Tally, Target};
use serde_json::{Value, json};

use super::numbers::{count, plural};
use crate::output::Paint;

/// The table, and where the rows are.
pub(crate) fn export(plan: &Plan, report: &Report, card: Option<&Path>, paint: Paint) -> String {
    let heading = format!(
        "{:<16} {:>10} {:>20} {:>20}  {}",
        "format", "exported", "references accepted", "near-misses rejected", "left out"
    );
    let mut text = format!("{}\n", paint.bold(&heading));
    for target in &plan.targets {
        let name = target.format.as_str();
        let Some(tally) = report.tallies.get(name) else { continue };
        let _ = writeln!(
            text,
            "{name:<16} {:>10} {:>20} {:>20}  {}",
            of(tally.exported, tally.tasks),
            of(tally.references_accepted, tally.exported),
            of(tally.near_misses_rejected, tally.near_misses_exported),
            left_out(tally)
        );
    }
    let adapted = report.tallies.values().map(|tally| tally.adapted).max().unwrap_or(0);
    if adapted > 0 {
        let what = plural(adapted, "reference");
        let _ = writeln!(
            text,
            "{}",
            paint.dim(&format!("{what} judged reading text where it was written to read bytes"))
        );
    }
    for target in &plan.targets {
        let _ = writeln!(text, "{}", target.path.display());
        if left_some_out(target, report) {
            let _ = writeln!(text, "{}", target.sidecar().display());
        }
    }
    if let Some(card) = card {
        let _ = writeln!(text, "{}", card.display());
    }
    text
}

fn left_some_out(target: &Target, report: &Report) -> bool {
    report.tallies.get(target.format.as_str()).is_some_and(|tally| !tally.left_out.is_empty())
}

fn of(part: u64, whole: u64) -> String {
    format!("{} of {}", count(part), count(whole))
}

fn left_out(tally: &Tally) -> String {
    let reasons: Vec<String> = tally
        .left_out
        .iter()
        .map(|(reason, tasks)| format!("{} {}", count(*tasks), reason.replace('_', " ")))
        .collect();
    reasons.join(", ")
}

/// The same for a machine.
pub(crate) fn export_json(plan: &Plan, report: &Report, card: Option<&Path>) -> Value {
    let formats = plan.targets.iter().filter_map(|target| {
        let name = target.format.as_str();
        let mut shown = serde_json::to_value(report.tallies.get(name)?).ok()?;
        shown["format"] = json!(name);
        shown["path"] = json!(target.path.display().to_string());
        let sidecar = left_some_out(target, report).then(|| target.sidecar().display().to_string());
        shown["left_out_path"] = json!(sidecar);
        Some(shown)
    });
    let card = card.map(|path| path.display().to_string());
    json!({"resumed_lines": report.resumed_lines, "formats": formats.collect::<Vec<_>>(), "card": card})
}
