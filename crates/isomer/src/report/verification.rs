//! What solutions and tests say about each other.

use std::fmt::Write as _;
use std::path::Path;

use isomer_dataset::verify::{Ended, Rates, TaskRates};
use isomer_measure::proportion::Proportion;
use serde::Serialize;

use super::numbers::{count, percent, plural, share};
use super::wrap::shorten;
use crate::cli::VerifyArgs;
use crate::output::Paint;

/// Tasks that a terminal shows.
const TASKS: usize = 20;

/// Everything that `isomer verify` has to say.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Verification {
    tasks_file: String,
    solutions_file: String,
    /// Where each solution's verdict is.
    results: String,
    /// Solutions without a verdict.
    missing: u64,
    /// What the sandbox said of the first solution that it failed on.
    trouble: Option<String>,
    rates: Rates,
}

impl Verification {
    pub(crate) fn new(args: &VerifyArgs, results: &Path, ended: &Ended, rates: Rates) -> Self {
        Self {
            tasks_file: args.tasks.display().to_string(),
            solutions_file: args.solutions.display().to_string(),
            results: results.display().to_string(),
            missing: ended.progress.all - ended.progress.judged,
            trouble: ended.trouble.clone(),
            rates,
        }
    }
}

/// The table; 80 columns.
pub(crate) fn verification(found: &Verification, paint: Paint) -> String {
    let rates = &found.rates;
    let mut text = format!(
        "{} of {} judged\n",
        paint.bold(&plural(rates.solutions, "solution")),
        plural(rates.tasks.len() as u64, "task")
    );
    if found.missing > 0 {
        let missing = format!("{} not judged yet; the same command goes on", count(found.missing));
        let _ = writeln!(text, "{}", paint.warn(&missing));
    }
    if let Some(trouble) = &found.trouble {
        let _ =
            writeln!(text, "{}", paint.warn(&format!("the sandbox failed, first on {trouble}")));
    }
    text.push('\n');
    text.push_str(&totals(rates, paint));
    text.push('\n');
    text.push_str(&tasks(rates, paint));
    let _ = writeln!(text, "\neach verdict: {}", found.results);
    text
}

fn totals(rates: &Rates, paint: Paint) -> String {
    let head = format!("{:<20}{:>9}{:>18}{:>16}", "", "share", "95 % interval", "of");
    let mut text = format!("{}\n", paint.dim(&head));
    for (name, proportion, of) in [
        ("accepted", rates.accepted, "solution"),
        ("true positive rate", rates.true_positive, "right one"),
        ("true negative rate", rates.true_negative, "wrong one"),
        ("detection rate", rates.detection, "task"),
        ("verifier accuracy", rates.verifier_accuracy, "task"),
    ] {
        text.push_str(&total(name, proportion, of));
    }
    if rates.true_positive.of + rates.true_negative.of == 0 {
        text.push_str("no labels: nothing is known about the tests\n");
    }
    text
}

fn total(name: &str, proportion: Proportion, of: &str) -> String {
    let Proportion { share: Some(share), low: Some(low), high: Some(high), of: number } =
        proportion
    else {
        return String::new();
    };
    let interval = format!("{:.1} to {}", low * 100.0, percent(high));
    format!("{name:<20}{:>9}{interval:>18}{:>16}\n", percent(share), plural(number, of))
}

/// Those whose tests err most come first.
fn tasks(rates: &Rates, paint: Paint) -> String {
    let head = format!(
        "{:<28}{:>10}{:>18}{:>12}{:>12}",
        "task", "solutions", "accepted", "right lost", "wrong kept"
    );
    let mut text = format!("{}\n", paint.dim(&head));
    let mut sorted: Vec<&TaskRates> = rates.tasks.iter().collect();
    let lost = |task: &TaskRates| task.right - task.right_accepted;
    sorted.sort_by_key(|task| std::cmp::Reverse((task.wrong_accepted, lost(task))));
    for task in sorted.iter().take(TASKS) {
        let accepted = percent(share(task.accepted, task.solutions));
        let accepted = format!("{} = {accepted}", count(task.accepted));
        let of = |part: u64, whole: u64| match whole {
            0 => "-".to_owned(),
            whole => format!("{part} of {whole}"),
        };
        let _ = writeln!(
            text,
            "{:<28}{:>10}{accepted:>18}{:>12}{:>12}",
            shorten(&task.task_id, 27),
            count(task.solutions),
            of(lost(task), task.right),
            of(task.wrong_accepted, task.wrong),
        );
    }
    if sorted.len() > TASKS {
        let _ = writeln!(text, "… and {} tasks more (--json shows all)", sorted.len() - TASKS);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use isomer_dataset::verify::{Rates, TaskRates};
    use isomer_measure::proportion::Proportion;

    use super::{Verification, verification};
    use crate::output::Paint;

    fn found(labels: bool) -> Verification {
        let task = |id: &str, wrong_accepted| TaskRates {
            task_id: id.to_owned(),
            solutions: 30,
            accepted: 9 + wrong_accepted,
            right: if labels { 10 } else { 0 },
            right_accepted: if labels { 9 } else { 0 },
            wrong: if labels { 20 } else { 0 },
            wrong_accepted: if labels { wrong_accepted } else { 0 },
        };
        let of = |part, of| Proportion::of(part, if labels { of } else { 0 });
        Verification {
            tasks_file: "runs/first".to_owned(),
            solutions_file: "samples.jsonl".to_owned(),
            results: "samples.verdicts.jsonl".to_owned(),
            missing: 3,
            trouble: Some("solution 7: the jail broke down: no answer".to_owned()),
            rates: Rates {
                solutions: 60,
                verdicts: BTreeMap::new(),
                accepted: Proportion::of(20, 60),
                true_positive: of(18, 20),
                true_negative: of(38, 40),
                detection: of(2, 2),
                verifier_accuracy: of(1, 2),
                tasks: vec![task("3fa9c1d2aabb3fa9c1d2aabb3fa9c1d2aabb", 0), task("77b0", 2)],
            },
        }
    }

    #[test]
    fn rates_of_labelled_solutions() {
        insta::assert_snapshot!(verification(&found(true), Paint::default()));
    }

    #[test]
    fn rates_without_labels() {
        insta::assert_snapshot!(verification(&found(false), Paint::default()));
    }
}
