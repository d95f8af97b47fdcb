//! One item whole: where it comes from, what it became, and the evidence.

use std::fmt::Write as _;

use isomer_record::{
    Blueprint, Candidate, Design, ExpectedTests, NearMiss, Suite, TestSource, Trust,
};
use serde::Serialize;
use serde_json::Value;

use super::matrix::{LEGEND, columns, fate, rows};
use super::numbers::{count, dollars, duration, percent};
use super::wrap::{block, prose, shorten};
use crate::output::Paint;

/// Lines of a statement or program that are shown.
const LINES: usize = 60;
/// Tests that are shown.
const TESTS: usize = 3;
/// Width of the names of tests; twelve near-misses have room beside them.
const TEST_NAME: usize = 42;

/// Everything known about an item.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Dossier {
    pub(crate) id: String,
    /// `kept`, `dropped`, …
    pub(crate) state: String,
    /// Stage it is at or ended at.
    pub(crate) stage: String,
    /// Whether answers were replayed from a recording.
    pub(crate) replayed: bool,
    /// The seed's id and text, if the item is a seed.
    pub(crate) seed: Option<Value>,
    /// A seed's elements.
    pub(crate) elements: Option<isomer_record::Elements>,
    pub(crate) blueprint: Option<Blueprint>,
    pub(crate) design: Option<Design>,
    pub(crate) candidate: Option<Candidate>,
    pub(crate) tests: Option<Suite>,
    /// What its reference solution showed under its test file.
    pub(crate) expected: Option<ExpectedTests>,
    pub(crate) near_misses: Vec<NearMiss>,
    pub(crate) kill_rate_before: Option<f64>,
    pub(crate) kill_rate_after: Option<f64>,
    /// Rewrites of the tests.
    pub(crate) rounds: Option<u32>,
    /// Repairs before it passed.
    pub(crate) repairs: Option<u32>,
    /// Why it was rejected.
    pub(crate) reject: Option<Reject>,
    /// The last failure that was not its own.
    pub(crate) failure: Option<String>,
    /// What happened to it, in order.
    pub(crate) history: Vec<Trial>,
    /// Calls made for it.
    pub(crate) calls: Vec<Call>,
}

/// Why an item was rejected.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Reject {
    pub(crate) reason: &'static str,
    pub(crate) detail: String,
    pub(crate) evidence: Option<Value>,
}

/// One try at a stage.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Trial {
    pub(crate) stage: &'static str,
    /// `kept`, `dropped` or `failed`.
    pub(crate) ending: &'static str,
    pub(crate) elapsed_ms: u64,
}

/// One call.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Call {
    pub(crate) stage: String,
    pub(crate) role: String,
    pub(crate) model: String,
    /// `ok` or the kind of the error.
    pub(crate) status: String,
    pub(crate) prompt_tokens: u64,
    pub(crate) completion_tokens: u64,
    pub(crate) cost_usd: Option<f64>,
    pub(crate) elapsed_ms: u64,
}

/// The item as text.
pub(crate) fn item(dossier: &Dossier, paint: Paint) -> String {
    let mut page = Page { text: String::new(), paint };
    page.head(dossier);
    page.parents(dossier);
    page.work(dossier);
    page.near_misses(dossier);
    page.history(dossier);
    page.text
}

struct Page {
    text: String,
    paint: Paint,
}

impl Page {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
    }

    fn heading(&mut self, title: &str) {
        let title = self.paint.bold(title);
        let _ = write!(self.text, "\n{title}\n");
    }

    fn section(&mut self, title: &str, body: &str, most: usize) {
        self.heading(title);
        self.text.push_str(&block(body, most));
    }

    fn words(&mut self, title: &str, body: &str) {
        self.heading(title);
        self.text.push_str(&prose(body, LINES));
    }

    fn head(&mut self, dossier: &Dossier) {
        let ending = match dossier.state.as_str() {
            "kept" => self.paint.good(&format!("{} kept", dossier.stage)),
            "dropped" => self.paint.bad(&format!("rejected at {}", dossier.stage)),
            state => self.paint.warn(&format!("{state} at {}", dossier.stage)),
        };
        let id = self.paint.bold(&dossier.id);
        self.line(&format!("{id}  {ending}"));
        if dossier.replayed {
            let note = self.paint.warn("Answers replayed from a recording.");
            self.line(&note);
        }
        if let Some(reject) = &dossier.reject {
            self.words(&format!("Rejected: {}", reject.reason.replace('_', " ")), &reject.detail);
            if let Some(evidence) = &reject.evidence {
                self.section("Evidence", &readable(evidence), LINES);
            }
        }
        if let Some(failure) = &dossier.failure {
            self.words("Not judged (will be tried again)", failure);
        }
    }

    fn parents(&mut self, dossier: &Dossier) {
        if let Some(seed) = &dossier.seed {
            self.words("Seed", &readable(seed));
        }
        if let Some(elements) = &dossier.elements {
            let body: Vec<String> =
                elements.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            self.words("Elements", &body.join("\n"));
        }
        let Some(blueprint) = &dossier.blueprint else { return };
        let (first, others) =
            blueprint.parents.split_first().map_or(("", &[][..]), |(f, o)| (f, o));
        self.section(
            "Parents",
            &format!("{first} gave the core; {} inspired the rest", others.join(", ")),
            LINES,
        );
        let body: Vec<String> = blueprint
            .elements
            .iter()
            .map(|(name, value)| {
                let core =
                    if blueprint.core.iter().any(|core| core == name) { " (core)" } else { "" };
                format!("{name}{core}: {value}")
            })
            .collect();
        self.words("Elements", &body.join("\n"));
    }

    fn work(&mut self, dossier: &Dossier) {
        if let Some(design) = &dossier.design {
            let function = design
                .fn_name
                .as_ref()
                .map(|name| format!(", function {name}"))
                .unwrap_or_default();
            let title = format!("Statement ({}{function})", design.judge_mode.as_str());
            self.words(&title, &design.statement);
        }
        if let Some(candidate) = &dossier.candidate {
            self.section("Solution", &candidate.solution, LINES);
            match &candidate.tests {
                TestSource::Generator(source) => self.section("Test generator", source, 12),
                TestSource::Pytest(source) => self.section("Test file", source, LINES),
            }
        }
        if dossier.expected.is_some() {
            return;
        }
        let Some(tests) = &dossier.tests else { return };
        self.heading(&format!("Tests ({} of {})", TESTS.min(tests.len()), tests.len()));
        for (input, output) in tests.input.iter().zip(&tests.output).take(TESTS) {
            self.line(&format!("  in   {}", shorten(&compact(input), 70)));
            self.line(&format!("  out  {}", shorten(&compact(output), 70)));
        }
    }

    fn near_misses(&mut self, dossier: &Dossier) {
        if dossier.near_misses.is_empty() {
            return;
        }
        let rate = |rate: Option<f64>| rate.map_or_else(|| "?".to_owned(), percent);
        self.heading(&format!(
            "Near-misses × tests (killed at first {}, in the end {})",
            rate(dossier.kill_rate_before),
            rate(dossier.kill_rate_after)
        ));
        for (index, near_miss) in dossier.near_misses.iter().enumerate() {
            let number = index + 1;
            self.line(&format!(
                "  {number:>2}  {:<18}{}",
                fate(near_miss),
                shorten(&near_miss.mistake, 54)
            ));
            if dossier.expected.is_none() {
                for row in rows(near_miss, self.paint) {
                    self.line(&format!("      {row}"));
                }
            }
        }
        if let Some(expected) = &dossier.expected {
            self.tests_by_name(expected, &dossier.near_misses);
        }
        for line in LEGEND {
            let line = self.paint.dim(&format!("  {line}"));
            self.line(&line);
        }
    }

    /// One row a test, one column a near-miss.
    fn tests_by_name(&mut self, expected: &ExpectedTests, near_misses: &[NearMiss]) {
        let numbers: Vec<String> =
            (1..=near_misses.len()).map(|number| format!("{number:>3}")).collect();
        let numbers = numbers.concat();
        let trust = match expected.trust {
            Trust::TwoProcess => "",
            Trust::InProcess => ", in the solution's interpreter",
        };
        let title = format!("{} tests{trust}", expected.tests.len());
        self.line(&format!("\n  {title:<TEST_NAME$}{numbers}"));
        for (test, row) in expected.tests.iter().zip(columns(near_misses, self.paint)) {
            let name = test.rsplit_once(".py::").map_or(test.as_str(), |(_, name)| name);
            self.line(&format!("  {:<TEST_NAME$}{row}", shorten(name, TEST_NAME - 1)));
        }
        self.line("");
    }

    fn history(&mut self, dossier: &Dossier) {
        if !dossier.history.is_empty() {
            self.heading("History");
        }
        for trial in &dossier.history {
            self.line(&format!(
                "  {:<11}{:<9}{}",
                trial.stage,
                trial.ending,
                duration(trial.elapsed_ms)
            ));
        }
        if dossier.calls.is_empty() {
            return;
        }
        let recorded = if dossier.replayed { ", as recorded" } else { "" };
        self.heading(&format!("Calls ({}{recorded})", dossier.calls.len()));
        for call in &dossier.calls {
            let cost = call.cost_usd.map_or_else(|| "?".to_owned(), dollars);
            self.line(&format!(
                "  {:<11}{:<11}{:<18}{:>8} in {:>8} out {:>10}{}",
                call.stage,
                call.role,
                shorten(&call.model, 17),
                count(call.prompt_tokens),
                count(call.completion_tokens),
                cost,
                if call.status == "ok" { String::new() } else { format!("  {}", call.status) }
            ));
        }
    }
}

/// Strings as they are, everything else as JSON.
fn compact(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim_end().replace('\n', " ⏎ "),
        other => other.to_string(),
    }
}

/// Fields one a paragraph, texts as they are.
fn readable(value: &Value) -> String {
    let Value::Object(fields) = value else {
        return match value {
            Value::String(text) => text.clone(),
            other => serde_json::to_string_pretty(other).unwrap_or_default(),
        };
    };
    let parts: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| match value {
            Value::String(text) if text.contains('\n') => {
                format!("{name}:\n{}", block(text, 40).trim_end())
            }
            Value::String(text) => format!("{name}: {text}"),
            other => format!("{name}: {other}"),
        })
        .collect();
    parts.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Dossier, item};
    use crate::output::Paint;
    use crate::report::testing::{hardened_dossier, pytest_dossier, rejected_dossier};

    fn shown(dossier: &Dossier) -> String {
        let text = item(dossier, Paint::default());
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
        text
    }

    #[test]
    fn a_hardened_task() {
        insta::assert_snapshot!(shown(&hardened_dossier()));
    }

    #[test]
    fn a_task_that_pytest_judges() {
        insta::assert_snapshot!(shown(&pytest_dossier()));
    }

    #[test]
    fn a_reject_with_its_evidence() {
        insta::assert_snapshot!(shown(&rejected_dossier()));
    }
}
